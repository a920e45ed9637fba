import EventStore
import Screening

/// Where a page of a list ended: the position that the whole walk is answered from, and the number
/// under which the next page begins.
struct Cursor: Sendable, Hashable {
  let position: Position
  let before: ApplicantNumber

  init(position: Position, before: ApplicantNumber) {
    self.position = position
    self.before = before
  }

  /// Reads what `text` gave out.
  ///
  /// - Throws: `Problem` for anything else.
  init(_ text: String) throws(Problem) {
    let numbers = Base64URL.decode(text.utf8)
      .map { String(decoding: $0, as: UTF8.self).split(separator: ".").compactMap { UInt64($0) } }
    guard let numbers, numbers.count == 2 else {
      throw .invalid("The cursor is none that a page gave as 'next'. Start again without one.")
    }
    position = Position(rawValue: numbers[0])
    before = ApplicantNumber(numbers[1])
  }

  /// The cursor as `next` gives it.
  var text: String { Base64URL.encode(Array("\(position.rawValue).\(before.rawValue)".utf8)) }
}

extension ApplicantList {
  /// The next page as a `Link` field (RFC 8288).
  func link(next cursor: String) -> String {
    let values = [
      ("opening", opening), ("state", state), ("label", label), ("outcome", outcome),
      ("limit", String(limit)), ("cursor", cursor),
    ]
    let query = values.compactMap { name, value in
      value.map { "\(name)=\(PercentEncoding.encode($0))" }
    }
    return "</applicants?\(query.joined(separator: "&"))>; rel=\"next\""
  }
}
