public import EventStore

/// The moment that a query asks about.
public enum AsOf: Sendable, Hashable {
  /// As things stand.
  case now
  /// Right after the event at this position.
  case position(Position)
  /// Right after the last event at or before this time.
  case time(Timestamp)
  /// As `position`, for one that `resolve` has given: the views need not be folded any further.
  case resolved(Position)

  /// Reads a position in digits, a time in RFC 3339, or a date, which is a day in Japan.
  ///
  /// - Parameter edge: which moment of the day a date stands for.
  /// - Throws: `.invalid` for anything else.
  public init(
    parsing text: String, aDateIsIts edge: Timestamp.DayEdge = .end
  ) throws(ScreeningError) {
    // `UInt64` takes a sign as well.
    if text.utf8.first != 0x2B, let position = UInt64(text), position <= Position.largest.rawValue {
      self = .position(Position(rawValue: position))
    } else if let time = Timestamp(asked: text, aDateIsIts: edge) {
      self = .time(time)
    } else {
      throw .invalid(
        "A moment is a position of the log, like 1200, a time, like 2026-03-03T18:00:00+09:00, or a day in Japan, "
          + "like 2026-03-03.")
    }
  }
}

extension Position {
  /// The last place that an event could name: integers there are below 2^53.
  public static let largest = Position(rawValue: 1 << 53 - 1)
}

extension AsOf {
  /// The position, where one was named.
  var position: Position? {
    switch self {
    case .now, .time: nil
    case .position(let position), .resolved(let position): position
    }
  }

  /// The moment as it was asked for; `nil` for now.
  var json: JSONValue? {
    switch self {
    case .now: nil
    case .position(let position), .resolved(let position): JSONValue(position)
    case .time(let time): .string(time.description)
    }
  }
}

extension Office {
  /// The position that a query about `asOf` answers from, with the views folded at least that far.
  ///
  /// - Parameter seen: where the log was seen to end when the question came in, which is now for it.
  /// - Throws: `.invalid` for a position that the log has not reached.
  public func resolve(
    _ asOf: AsOf, seen: Position? = nil
  ) throws(ScreeningError) -> Position {
    if case .resolved(let position) = asOf { return position }
    var head = try catchUp(through: seen)
    switch asOf {
    case .now:
      return head
    case .resolved(let position):
      return position
    case .position(let position):
      if position > head { head = try catchUp() }
      guard position <= head else {
        throw .invalid("The log ends at event \(head); there is no event \(position) yet.")
      }
      return position
    case .time(let time):
      return try lastPosition(by: time)
    }
  }
}

extension Office {
  /// The first event of a range of the log that begins at a moment: the one named, or the first at or after a time.
  ///
  /// - Returns: for a time after the last event, the position after it.
  func beginning(of range: AsOf) throws(ScreeningError) -> Position {
    switch range {
    case .now: return try endOfLog().next
    case .position(let position), .resolved(let position): return position
    case .time(let time):
      return try lastPosition(by: Timestamp(milliseconds: time.milliseconds - 1)).next
    }
  }

  /// The last event of a range of the log that ends at a moment: the one named, or the last at or before a time.
  func end(of range: AsOf) throws(ScreeningError) -> Position {
    switch range {
    case .now: try endOfLog()
    case .position(let position), .resolved(let position): position
    case .time(let time): try lastPosition(by: time)
    }
  }

  private func endOfLog() throws(ScreeningError) -> Position {
    try recorded { () throws(EventLogError) in try log.head }
  }

  fileprivate func lastPosition(by time: Timestamp) throws(ScreeningError) -> Position {
    try recorded { () throws(EventLogError) in try log.position(at: time) }
  }
}
