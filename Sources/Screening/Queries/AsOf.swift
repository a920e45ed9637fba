public import EventStore

/// The moment that a query asks about.
public enum AsOf: Sendable, Hashable {
  /// As things stand.
  case now
  /// Right after the event at this position.
  case position(Position)
  /// Right after the last event at or before this time.
  case time(Timestamp)

  /// Reads a position in digits, or a time in RFC 3339.
  ///
  /// - Throws: `.invalid` for anything else.
  public init(parsing text: String) throws(ScreeningError) {
    if let position = UInt64(text) {
      self = .position(Position(rawValue: position))
    } else if let time = Timestamp(parsing: text) {
      self = .time(time)
    } else {
      throw .invalid(
        "A moment is a position of the log, like 1200, or a time, like 2026-03-03T18:00:00+09:00.")
    }
  }
}

extension AsOf {
  /// The moment as it was asked for; `nil` for now.
  var json: JSONValue? {
    switch self {
    case .now: nil
    case .position(let position): JSONValue(position)
    case .time(let time): .string(time.description)
    }
  }
}

extension Office {
  /// The position that a query about `asOf` answers from, with the views folded at least that far.
  ///
  /// - Throws: `.invalid` for a position that the log has not reached.
  public func resolve(_ asOf: AsOf) throws(ScreeningError) -> Position {
    let head = try catchUp()
    switch asOf {
    case .now:
      return head
    case .position(let position):
      guard position <= head else {
        throw .invalid("The log ends at event \(head); there is no event \(position) yet.")
      }
      return position
    case .time(let time):
      return try recorded { () throws(EventLogError) in try log.position(at: time) }
    }
  }
}
