import Cryptography

/// A weak entity tag: a digest of what an answer says, the same in every process and after every restart.
///
/// Some answers name the moment that they hold at: at `position`, and pages in `next`. Their tag passes over
/// both, so that somebody's looking at data, which is an event, does not change it.
struct EntityTag: Sendable, Hashable, CustomStringConvertible {
  /// The tag as a field writes it.
  let description: String

  /// The tag of a body.
  ///
  /// - Parameter namesMoment: whether the body is an object that names the moment it holds at.
  init(of body: [UInt8], namesMoment: Bool = false) {
    let digest = SHA256.hash(namesMoment ? Self.withoutMoment(body) : body)
    description = "W/\"\(digest.hex.prefix(32))\""
  }

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

  /// An object less its moment: of the next page's cursor only whom it goes on after counts.
  private static func withoutMoment(_ object: [UInt8]) -> [UInt8] {
    JSONPieces.members(of: object.prefix { $0 != UInt8(ascii: "\n") }).flatMap { member in
      switch member.name {
      case "position": [UInt8]()
      case "next": Array(member.value.drop { $0 != UInt8(ascii: ".") })
      default: Array(member.piece) + [UInt8(ascii: ",")]
      }
    }
  }
}
