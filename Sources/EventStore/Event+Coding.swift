/// Why bytes are no event.
public struct EventCodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong with them.
  public let description: String
}

extension Event {
  /// Reads an event's stored bytes, refusing every spelling but the one that is written.
  public init(decoding bytes: Span<UInt8>) throws(EventCodingError) {
    try self.init(EventLine(bytes))
  }

  /// Reads what `line` has scanned, as a value of its own.
  public init(_ line: EventLine) throws(EventCodingError) { self = try line.event() }
}
