import EventStore
import Screening

/// Where a page of a list ended: the position that the whole walk is answered from, and a place in its order.
struct Cursor: Sendable, Hashable {
  let position: Position
  /// The applicant that the page ended with, or how many entries were given.
  let place: UInt64

  init(position: Position, place: UInt64) {
    self.position = position
    self.place = place
  }

  /// Reads what `text` gave out.
  ///
  /// - Throws: `Problem` for anything else.
  init(_ text: String) throws(Problem) {
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
      .compactMap { UInt64($0) }
    guard numbers.count == 2 else { throw .brokenCursor }
    self.init(position: Position(rawValue: numbers[0]), place: numbers[1])
    guard self.text == text else { throw .brokenCursor }
  }

  /// The cursor as `next` gives it.
  var text: String { "\(position.rawValue).\(place)" }
}

extension Problem {
  fileprivate static var brokenCursor: Problem {
    .invalid("The cursor is none that a page gave as 'next'. Start again without one.")
  }

  /// A cursor and a moment in one request.
  static var cursorWithMoment: Problem {
    Problem(.conflict, "A cursor holds its own moment. Leave 'asOf' out with it.")
  }
}
