import EventStore

/// A portion of the log as lines of the stored bytes, read in one short snapshot.
struct EventLines: Sendable {
  /// How the lines are written.
  enum Form: String, CaseIterable, Sendable {
    /// Server-sent events (WHATWG HTML, section 9.2), whose identifiers are positions.
    case serverSent = "sse"
    /// One event a line.
    case lines = "ndjson"
  }

  let bytes: [UInt8]
  let count: Int
  /// The last position of the portion; zero where it is empty.
  let last: Position

  private static let size = 256 << 10

  /// Reads from `first` until the portion is large enough or `end` was taken.
  ///
  /// Blocks on the store.
  init(of log: EventLog, from first: Position, through end: Position, as form: Form) throws {
    var bytes: [UInt8] = []
    var count = 0
    var last = Position.zero
    try log.forEach(from: first, through: end) { position, event in
      if form == .serverSent { bytes.append(contentsOf: "id: \(position)\ndata: ".utf8) }
      for index in event.indices { bytes.append(event[index]) }
      bytes.append(UInt8(ascii: "\n"))
      if form == .serverSent { bytes.append(UInt8(ascii: "\n")) }
      count += 1
      last = position
      return bytes.count < Self.size
    }
    self.bytes = bytes
    self.count = count
    self.last = last
  }
}
