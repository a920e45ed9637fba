import EventStore
import Screening

/// Where a page of a list ended: the position that the whole walk is answered from, and the applicant
/// that it ended with.
struct Cursor: Sendable, Hashable {
  let position: Position
  let last: ApplicantNumber

  init(position: Position, last: ApplicantNumber) {
    self.position = position
    self.last = last
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

  private init(_ position: UInt64, _ last: UInt64) {
    self.init(position: Position(rawValue: position), last: ApplicantNumber(last))
  }

  /// The cursor as `next` gives it.
  var text: String { "\(position.rawValue).\(last.rawValue)" }
}
