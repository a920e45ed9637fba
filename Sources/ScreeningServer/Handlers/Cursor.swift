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
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
      .compactMap { UInt64($0) }
    guard numbers.count == 2, Cursor(numbers[0], numbers[1]).text == text else {
      throw .invalid("The cursor is none that a page gave as 'next'. Start again without one.")
    }
    self.init(numbers[0], numbers[1])
  }

  private init(_ position: UInt64, _ before: UInt64) {
    self.init(position: Position(rawValue: position), before: ApplicantNumber(before))
  }

  /// The cursor as `next` gives it.
  var text: String { "\(position.rawValue).\(before.rawValue)" }
}

extension ApplicantList {
  /// The next page as a `Link` field (RFC 8288).
  func link(next cursor: String) -> String {
    let values = [
      ("opening", opening), ("state", state), ("label", label), ("outcome", outcome),
      ("unlabelled", unlabelled), ("limit", String(limit)), ("cursor", cursor),
    ]
    let query = values.compactMap { name, value in
      value.map { "\(name)=\(PercentEncoding.encode($0))" }
    }
    return "</applicants?\(query.joined(separator: "&"))>; rel=\"next\""
  }
}
