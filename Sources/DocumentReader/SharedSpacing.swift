/// Letter-spacing that a whole page has, also where half of its gaps show none.
///
/// Some producers draw a line in pieces, and count the spacing between the characters of a piece but not between one
/// piece and the next: then the middle gap of a line may be none at all.
enum SharedSpacing {
  /// Less, in ems, is no wider than the narrowest space of a font; more is what was typed with blanks between.
  private static let (least, most) = (0.12, 1.2)
  /// How much gaps of one width differ, in ems.
  private static let step = 0.1
  /// Fewer gaps do not tell.
  private static let fewest = 40
  /// A row of spaced characters has so many such gaps, a typed label one or two.
  private static let fewestOfRow = 3

  /// The spacing between the characters of `rows`, in ems; nothing where they do not share one.
  static func find(in rows: [[Glyph]]) -> Double {
    let gaps = rows.map(gaps)
    let all = gaps.reduce(0) { $0 + $1.count }
    let none = gaps.reduce(0) { sum, row in sum + row.count { $0 < least } }
    // Nearly no page has any.
    guard all >= fewest, (all - none) * 10 >= all * 3 else { return 0 }
    let spaced = gaps.joined().filter { (least..<most).contains($0) }
    guard !spaced.isEmpty else { return 0 }
    let usual = Segment.median(spaced)
    let near = spaced.filter { abs($0 - usual) < step / 2 }
    guard near.count * 10 >= all * 3, (near.count + none) * 20 >= all * 17 else { return 0 }
    let long = gaps.filter { $0.count > 2 * fewestOfRow }
    let even = long.count { row in row.count { abs($0 - usual) < step / 2 } >= fewestOfRow }
    return even * 2 > long.count ? near.reduce(0, +) / Double(near.count) : 0
  }

  /// The gaps between ideographs that follow each other, in ems.
  private static func gaps(of row: [Glyph]) -> [Double] {
    row.indices.dropFirst().compactMap { index in
      let (glyph, last) = (row[index], row[index - 1])
      guard glyph.isIdeographic, last.isIdeographic, glyph.height > 0 else { return nil }
      return (glyph.x1 - last.x2) / glyph.height
    }
  }
}
