public import Cryptography
import LMDB

extension EventLog {
  /// The last event's position, as any process has moved it.
  public var head: Position {
    get throws(EventLogError) {
      try stored { () throws(LMDBError) in
        try environment.read { (transaction) throws(LMDBError) in
          var cursor = try transaction.cursor(tables.events)
          guard let entry = try cursor.last() else { return .zero }
          return Position(rawValue: try storedNumber(entry.key, eventKey))
        }
      }
    }
  }

  /// Where the log ended with the last append that this process has answered for; zero before the first.
  public var answered: Position { writer.answered }

  /// The event at `position`, or `nil`.
  ///
  /// - Throws: `.damaged` when its bytes are no event.
  public func event(at position: Position) throws(EventLogError) -> Event? {
    let bytes = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: position.key, in: tables.events)
      }
    }
    return try bytes.map { (bytes) throws(EventLogError) in
      try decode(bytes.span, at: position)
    }
  }

  /// At most `limit` events from `first` on, in order.
  public func events(
    from first: Position, through last: Position? = nil, limit: Int = .max
  ) throws(EventLogError) -> [Event] {
    guard limit > 0 else { return [] }
    var events: [Event] = []
    var failure: EventLogError?
    try forEach(from: first, through: last) { position, bytes in
      do throws(EventLogError) {
        events.append(try decode(bytes, at: position))
      } catch {
        failure = error
        return false
      }
      return events.count < limit
    }
    if let failure { throw failure }
    return events
  }

  /// Calls `body` with stored events in order until it returns false; one snapshot is held meanwhile, so
  /// `body` must be brief.
  public func forEach(
    from first: Position, through last: Position? = nil,
    _ body: (Position, Span<UInt8>) -> Bool
  ) throws(EventLogError) {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var cursor = try transaction.cursor(tables.events)
        let last = last?.rawValue ?? .max
        // Whoever reads everything is not to wait for what an error takes.
        var strange: Int?
        try cursor.forEach(atOrAfter: first.key.span) { key, value in
          guard let position = bigEndian(key) else {
            strange = key.count
            return false
          }
          return position <= last && body(Position(rawValue: position), value)
        }
        if let strange { throw .damaged("\(eventKey) has \(strange) bytes and not 8") }
      }
    }
  }

  /// The position of a stream's last event, or zero.
  public func lastPosition(ofStream stream: String) throws(EventLogError) -> Position {
    let row = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: Array(stream.utf8), in: tables.streams).map {
          (row) throws(LMDBError) in
          Position(rawValue: try storedNumber(row.span, "a row of the table 'streams'"))
        }
      }
    }
    return row ?? .zero
  }

  /// The last event recorded at or before `time`, or zero.
  ///
  /// - Complexity: O(log n); times never go back.
  public func position(at time: Timestamp) throws(EventLogError) -> Position {
    var low: UInt64 = 0
    var high = try head.rawValue
    while low < high {
      let middle = (low + high + 1) / 2
      guard let event = try event(at: Position(rawValue: middle)) else {
        throw .missing("Event \(middle)")
      }
      if event.at <= time { low = middle } else { high = middle - 1 }
    }
    return Position(rawValue: low)
  }

  /// The first event appended under an idempotency key, or `nil`.
  public func appended(idempotencyKey key: String) throws(EventLogError) -> Position? {
    let hash = try keyring.hash(key: key)
    let indexed = try commands.position(of: hash, in: environment)
    if let indexed { return indexed }
    let row = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: hash.bytes, in: tables.idempotency)
      }
    }
    guard let row else { return nil }
    guard CommandRow(older: row, key: hash) != nil else { throw CommandRow.damaged }
    return Position(rawValue: bigEndian(row.span, at: 0))
  }

  /// The blob of this SHA-256, or `nil`.
  public func blob(_ digest: Digest) throws(EventLogError) -> [UInt8]? {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: digest.bytes, in: tables.blobs)
      }
    }
  }

  /// Waits until there is an event after `position`, whichever process appends it, or the time is over.
  ///
  /// - Returns: the head then. Nothing is held while waiting.
  /// - Throws: `.replaced` once another folder, or none, is in the place of the one that was opened, to which nobody
  ///   appends any more; `.damaged`, `.storage` where the log cannot be read.
  public func waitForEvents(
    after position: Position, timeout: Duration
  ) async throws(EventLogError) -> Position {
    let deadline = ContinuousClock.now + timeout
    while true {
      try requireInPlace()
      let head = try self.head
      if head > position || ContinuousClock.now >= deadline || Task.isCancelled { return head }
      try? await Task.sleep(for: .milliseconds(50))
    }
  }

  private func decode(
    _ bytes: Span<UInt8>, at position: Position
  ) throws(EventLogError) -> Event {
    guard let event = try? Event(decoding: bytes), event.position == position else {
      throw .damaged("Event \(position)")
    }
    return event
  }
}
