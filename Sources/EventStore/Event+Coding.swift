import Cryptography

/// Why bytes are no event.
public struct EventCodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong with them.
  public let description: String
}

extension Event {
  /// Reads an event's stored bytes, refusing every spelling but the one that is written.
  public init(decoding bytes: Span<UInt8>) throws(EventCodingError) {
    guard bytes.count <= Self.maximumSize else {
      throw EventCodingError(description: "An event has more than \(Self.maximumSize) bytes.")
    }
    let json: JSONValue
    do { json = try JSONValue(canonical: bytes) } catch {
      throw EventCodingError(description: error.description)
    }
    guard let members = json.object else {
      throw EventCodingError(description: "An event is no object.")
    }
    func text(_ name: String) throws(EventCodingError) -> String {
      guard let value = members[name]?.string else { throw Self.bad(name) }
      return value
    }
    func time(_ name: String) throws(EventCodingError) -> Timestamp {
      let text = try text(name)
      guard let time = Timestamp(parsing: text), time.description == text else {
        throw Self.bad(name)
      }
      return time
    }
    func optionalText(_ name: String) throws(EventCodingError) -> String? {
      members[name] == nil ? nil : try text(name)
    }
    func digest(_ name: String) throws(EventCodingError) -> Digest? {
      guard let text = try optionalText(name) else { return nil }
      guard let digest = Digest(hex: text) else { throw Self.bad(name) }
      return digest
    }
    guard members.keys.allSatisfy({ Self.names.contains($0) }) else {
      throw EventCodingError(description: "An event has a member that no version knows.")
    }
    guard let n = members["n"]?.integer, n > 0 else { throw Self.bad("n") }
    guard let v = members["v"]?.integer, v > 0 else { throw Self.bad("v") }
    guard let data = members["data"], data.object != nil else { throw Self.bad("data") }
    var cause: Position?
    if let member = members["cause"] {
      guard let value = member.integer, value > 0, value < n else { throw Self.bad("cause") }
      cause = Position(rawValue: UInt64(value))
    }
    self.init(
      position: Position(rawValue: UInt64(n)), at: try time("at"), clock: try time("clock"),
      happened: try optionalText("happened"), stream: try text("stream"), type: try text("type"),
      version: Int(v), actor: try text("actor"), onBehalfOf: try optionalText("onBehalfOf"),
      via: try text("via"), cause: cause, key: try digest("key"), content: try digest("content"),
      data: data, bytes: unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) })
  }

  private static let names: Set = [
    "actor", "at", "cause", "clock", "content", "data", "happened", "key", "n", "onBehalfOf",
    "stream", "type", "v", "via",
  ]

  private static func bad(_ name: String) -> EventCodingError {
    EventCodingError(description: "An event's '\(name)' is missing, or not of its kind.")
  }
}

extension EventDraft {
  /// The bytes to be stored for this draft.
  ///
  /// - Parameter first: the position of the append's first event, which draft causes count from.
  func encoded(
    at position: Position, first: Position, actor: String, via: String, at time: Timestamp,
    clock: Timestamp, key: Digest?, content: Digest?
  ) -> [UInt8] {
    var members: [String: JSONValue] = [
      "actor": .string(actor), "at": .string(time.description),
      "clock": .string(clock.description), "data": data, "n": .integer(Int64(position.rawValue)),
      "stream": .string(stream), "type": .string(type), "v": .integer(Int64(version)),
      "via": .string(via),
    ]
    switch cause {
    case .position(let position): members["cause"] = .integer(Int64(position.rawValue))
    case .draft(let index): members["cause"] = .integer(Int64(first.rawValue) + Int64(index))
    case nil: break
    }
    if let happened { members["happened"] = .string(happened) }
    if let onBehalfOf { members["onBehalfOf"] = .string(onBehalfOf) }
    if let key { members["key"] = .string(key.hex) }
    if let content { members["content"] = .string(content.hex) }
    return JSONValue.object(members).encoded()
  }
}
