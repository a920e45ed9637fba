/// A weak entity tag: equal for answers that say the same, whatever the log's head was meanwhile, so
/// that somebody's looking at data changes no tag.
///
/// Tags are made by Swift's keyed hash, whose key lives as long as the process: nobody can make two
/// answers that share one, and after a restart every client asks once more.
struct EntityTag: Sendable, Hashable, CustomStringConvertible {
  private let hash: UInt64

  /// The tag of a body.
  init(of body: [UInt8]) {
    var hasher = Hasher()
    for piece in Self.withoutPositions(body) { hasher.combine(piece) }
    hash = UInt64(bitPattern: Int64(hasher.finalize()))
  }

  /// The tag as a field writes it.
  var description: String { "W/\"\(String(hash, radix: 16))\"" }

  /// Whether an `If-None-Match` field names this tag; compared weakly (RFC 9110, section 13.1.2).
  func matches(_ field: String) -> Bool {
    let wanted = description.dropFirst(2)
    return field.split(separator: ",").contains { item in
      let item = item.drop { $0 == " " || $0 == "\t" }
      let trimmed = item.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
      let tag = String(trimmed)
      return tag == "*" || tag == wanted || tag == description
    }
  }

  /// `body` cut where it names the positions that it was computed at.
  private static func withoutPositions(_ body: [UInt8]) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    var index = 0
    while index < body.count {
      guard body[index] == UInt8(ascii: "\""),
        let mark = marks.first(where: { body[index...].starts(with: $0) })
      else {
        index += 1
        continue
      }
      index += mark.count
      pieces.append(body[start..<index])
      while index < body.count, body[index] != UInt8(ascii: ","), body[index] != UInt8(ascii: "}") {
        index += 1
      }
      start = index
    }
    pieces.append(body[start...])
    return pieces
  }

  private static let marks = ["\"position\":", "\"next\":"].map { Array($0.utf8) }
}
