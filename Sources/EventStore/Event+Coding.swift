/// Why bytes are no event.
public struct EventCodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong with them.
  public let description: String
}

extension Event {
  /// Reads an event's stored bytes, refusing every spelling but the one that is written.
  public init(decoding bytes: Span<UInt8>) throws(EventCodingError) {
    self = try EventLine(bytes).event()
  }
}
