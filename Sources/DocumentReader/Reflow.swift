/// Puts the characters of a page into lines by their places, whatever order they were drawn in.
///
/// Columns, table cells, letter-spacing and vertical writing all come out of the boxes; the order in the
/// file knows nothing of them.
struct Reflow: Sendable {
  /// The version of the layout's rules, from boxes to lines, part of the fingerprint.
  static let version = "11"

  /// How the lines run.
  let orientation: Orientation
  /// The lines in reading order, before wrapped lines are joined.
  private(set) var segments: [Segment]
  /// For each line the one that it goes on from, if it is a wrapped one.
  private(set) var predecessors: [Int?]
  /// Those that begin with the rest of a word of letters.
  private var broken: Set<Int> = []
  /// What was dropped as reading aids beside ideographs.
  private(set) var readingAids: [Segment] = []
  /// How many characters those have.
  var ruby: Int {
    readingAids.reduce(0) { $0 + $1.glyphs.count } + turned.reduce(0) { $0 + $1.ruby }
  }

  /// Parts whose lines run down or up while the page's run across.
  private(set) var turned: [Reflow] = []
  /// The height on the page where it begins.
  private var top = Double.infinity

  /// Lays out `glyphs`; the orientation is found by which neighbours stand closest unless it is given.
  ///
  /// - Parameter apart: the parts of `glyphs` that run otherwise.
  init(_ glyphs: [Glyph], orientation: Orientation? = nil, apart parts: [TurnedBlocks.Part] = []) {
    var rest = glyphs
    if !parts.isEmpty {
      let taken = Set(parts.flatMap(\.indices))
      rest = glyphs.indices.filter { !taken.contains($0) }.map { glyphs[$0] }
    }
    self.init(fitted: EmBoxes.fit(rest), orientation)
    turned = parts.map { part in
      Reflow(part.indices.map { glyphs[$0] }, orientation: part.orientation)
    }
  }

  /// Lays out glyphs that `EmBoxes` has fitted.
  init(fitted glyphs: [Glyph], _ orientation: Orientation? = nil) {
    for glyph in glyphs { top = min(top, glyph.y1) }
    let orientation = orientation ?? Self.vote(glyphs)
    self.orientation = orientation
    var straight = orientation == .vertical ? SidewaysLetters.align(glyphs) : glyphs
    if orientation != .horizontal { straight = straight.map { orientation.straighten($0) } }
    straight = Skew.level(straight)
    let inline = Ruby.removeInline(from: &straight)
    segments = Self.segments(of: Rows(straight).lines)
    segments = CellEdges.cut(segments)
    readingAids = Ruby.remove(from: &segments) + inline
    segments = Columns.order(segments)
    predecessors = LineJoining.predecessors(of: segments)
  }

  /// Takes the lines as a recogniser ordered them.
  init(_ recognised: RecognisedPage) {
    top = -.infinity
    orientation = .horizontal
    segments = recognised.segments
    predecessors = LineJoining.predecessors(of: segments)
  }

  /// Joins lines as well whose joint a word stands across, though their places do not tell.
  mutating func joinBrokenWords(_ language: Language) {
    let parted = SpreadLabels.part(segments, language)
    if let whole = SpreadWords.join(parted ?? segments, language) ?? parted {
      segments = whole
      predecessors = LineJoining.predecessors(of: segments)
    }
    broken = BrokenWords.join(segments, &predecessors, language)
    for part in turned.indices { turned[part].joinBrokenWords(language) }
  }

  /// The lines as text, wrapped lines joined; parts that are set vertically stand where they begin.
  var paragraphs: [Paragraph] {
    let own = LineJoining.join(segments, predecessors, broken: broken)
    guard !turned.isEmpty else { return own }
    var waiting = turned.sorted { $0.top < $1.top }[...]
    var paragraphs: [Paragraph] = []
    for paragraph in own {
      while let part = waiting.first, part.top < paragraph.first.y1 {
        paragraphs += part.paragraphs
        waiting = waiting.dropFirst()
      }
      paragraphs.append(paragraph)
    }
    return paragraphs + waiting.flatMap(\.paragraphs)
  }

  /// The texts of the paragraphs.
  var lines: [String] { paragraphs.map(\.text) }

  /// Whether ideographs follow each other across or down the page.
  private static func vote(_ glyphs: [Glyph]) -> Orientation {
    let ideographs = glyphs.indices.filter { glyphs[$0].isIdeographic }
    let grid = Grid(glyphs, at: ideographs)
    let glyphs = glyphs.span
    var (across, down) = (0, 0)
    // A hundred votes or more settle it.
    let step = max(1, ideographs.count / 128)
    for index in stride(from: 0, to: ideographs.count, by: step) {
      // Those that are left could not turn it.
      let left = (ideographs.count - index + step - 1) / step
      if Double(down + left) <= 1.5 * Double(across) { return .horizontal }
      if Double(down) > 1.5 * Double(across + left) { return .vertical }
      let glyph = glyphs[ideographs[index]]
      var (nextAcross, nextDown) = (Double.infinity, Double.infinity)
      let near = 0.3 * glyph.em
      // No branch could be foretold here: every neighbour is measured both ways.
      grid.forEachNear(glyph) { place in
        let other = glyphs[place]
        let (right, below) = (other.middleX - glyph.middleX, other.middleY - glyph.middleY)
        let gapAcross = max(0, other.x1 - glyph.x2)
        let gapDown = max(0, other.y1 - glyph.y2)
        nextAcross = min(nextAcross, abs(below) < near && right > 0 ? gapAcross : .infinity)
        nextDown = min(nextDown, abs(right) < near && below > 0 ? gapDown : .infinity)
      }
      if nextAcross < nextDown { across += 1 } else if nextDown < nextAcross { down += 1 }
    }
    return Double(down) > 1.5 * Double(across) ? .vertical : .horizontal
  }

  /// The distance that letter-spacing puts between any two characters of a row, when it is so wide that a
  /// gap between cells would be no wider.
  private static func spacing(of row: [Glyph], em: Double) -> Double {
    // Where more than half of them are narrow, so is the one in the middle: on nearly all rows.
    let narrow = row.indices.dropFirst().count { row[$0].x1 - row[$0 - 1].x2 <= 0.6 * em }
    guard 2 * narrow <= row.count - 1 else { return 0 }
    let gaps = row.indices.dropFirst().map { row[$0].x1 - row[$0 - 1].x2 }
    let usual = Segment.median(gaps)
    guard usual > 0.6 * em, usual < 3 * em else { return 0 }
    let near = gaps.count { abs($0 - usual) < 0.3 * em }
    return near * 3 > gaps.count * 2 ? usual : 0
  }

  /// Of fewer characters no row tells its own spacing.
  private static let shortRow = 8

  /// The distances that letter-spacing puts between the characters of each row: short ones have what nearly all
  /// long rows of the page share, in ems.
  private static func spacings(of rows: [[Glyph]]) -> [Double] {
    let ems = rows.map(Segment.em)
    var spacings = rows.indices.map {
      rows[$0].count < shortRow ? 0 : spacing(of: rows[$0], em: ems[$0])
    }
    let long = rows.indices.filter { rows[$0].count >= shortRow }
    guard long.count >= 3, long.count(where: { spacings[$0] / ems[$0] > 0 }) * 4 > long.count * 3
    else { return spacings }
    let common = Segment.median(long.map { spacings[$0] / ems[$0] })
    for index in rows.indices where rows[index].count < shortRow {
      spacings[index] = common * ems[index]
    }
    return spacings
  }

  /// Rows cut at gaps that are wider than a character.
  private static func segments(of rows: [[Glyph]]) -> [Segment] {
    var segments: [Segment] = []
    let shared = SharedSpacing.find(in: rows)
    for (row, ownSpacing) in zip(rows, spacings(of: rows)) {
      // A space between words has it on either side.
      let spacing = shared > 0 ? max(ownSpacing, 2 * shared * Segment.em(of: row)) : ownSpacing
      var pieces: [Segment] = []
      var start = 0
      for index in row.indices.dropFirst() {
        let (glyph, last) = (row[index], row[index - 1])
        if glyph.x1 - last.x2 > spacing + 0.9 * max(glyph.height, last.height) {
          pieces.append(Segment(Array(row[start..<index]), spacing: shared))
          start = index
        }
      }
      pieces.append(Segment(start == 0 ? row : Array(row[start...]), spacing: shared))
      segments += Segment.mergeSpaced(pieces)
    }
    return segments
  }
}
