import Cryptography
import LMDB

/// One request's part of a transaction: what its receipt will say.
struct Staged: Sendable {
  var first: Position
  var last: Position
  var at: Timestamp
  var repeated: Bool
  /// The checkpoint that its receipt carries, where that is not the one over the whole transaction.
  var checkpoint: String?
}

/// Why a request did not become part of a transaction.
enum StageError: Error {
  /// The request alone is refused; nothing of it was written.
  case refused(EventLogError)
  /// The transaction as a whole has failed.
  case failed(EventLogError)
}

/// Adds requests to a write transaction, one after the other.
///
/// Everything that can be refused is checked before anything of the request is written.
struct Stage: ~Copyable {
  let tables: LogTables
  let keyring: Keyring
  let clock: WallClock
  let random: RandomSource
  let commands: CommandIndex
  var state: LogState
  /// The commands that were added.
  var added = AddedCommands()
  private var composer = EventComposer()

  init(
    tables: LogTables, keyring: Keyring, clock: WallClock, random: RandomSource,
    commands: CommandIndex, state: LogState
  ) {
    self.tables = tables
    self.keyring = keyring
    self.clock = clock
    self.random = random
    self.commands = commands
    self.state = state
  }

  /// Checks a request and writes it.
  mutating func add(
    _ prepared: PreparedAppend, _ erasing: Writer.Erasing?,
    _ transaction: inout WriteTransaction
  ) throws(StageError) -> Staged {
    let earlier: Repetition
    do throws(EventLogError) {
      earlier = try repetition(of: prepared, &transaction)
    } catch {
      // Nothing of this request is written yet, so what is damaged of its first try concerns it alone.
      if case .damaged = error { throw .refused(error) }
      throw .failed(error)
    }
    switch earlier {
    case .repeated(let staged): return staged
    case .refused(let refusal): throw .refused(refusal)
    case .none:
      try check(prepared, &transaction)
      if let erasing { try check(erasing, transaction) }
      let content = try contentHash(of: prepared, transaction)
      let staged = try write(prepared, content: content, &transaction)
      do throws(EventLogError) {
        try writeValues(of: prepared.append, &transaction)
        if let erasing { try erase(erasing, &transaction) }
      } catch {
        throw .failed(error)
      }
      return staged
    }
  }

  private func check(
    _ prepared: PreparedAppend, _ transaction: inout WriteTransaction
  ) throws(StageError) {
    for (stream, expected) in prepared.append.expecting {
      let row = try value(at: Array(stream.utf8), in: tables.streams, transaction)
      let number: UInt64? = row.map { bigEndian($0.span) } ?? 0
      guard let actual = number.map({ Position(rawValue: $0) }) else {
        throw .refused(.damaged("The row of '\(stream)' in the table 'streams'"))
      }
      guard actual == expected else {
        throw .refused(.streamChanged(stream: stream, expected: expected, actual: actual))
      }
    }
    for subject in prepared.subjects {
      if try value(at: subject.bytes, in: tables.keys, transaction) == nil {
        let absence: EventLogError
        do throws(EventLogError) {
          absence = try keyring.absence(of: subject, in: transaction.reading)
        } catch { throw .failed(error) }
        throw .refused(absence)
      }
    }
    // A key that was destroyed does not come back with somebody who has held it meanwhile.
    for subject in prepared.append.subjects {
      guard try value(at: subject.id.bytes, in: tables.erased, transaction) == nil else {
        throw .refused(.erased(subject.id))
      }
    }
    for (index, line) in prepared.lines.enumerated() {
      if case .position(let cause) = line.cause, cause > state.head || cause == .zero {
        let type = prepared.append.events[index].type
        throw .refused(.invalid("The cause of '\(type)' is not in the log."))
      }
      let size =
        prepared.head.count + line.data.count + line.tail.count + Self.largestVariablePart
      guard size <= Event.maximumSize else {
        let type = prepared.append.events[index].type
        throw .refused(
          .invalid(
            "An event of type '\(type)' would have over \(Event.maximumSize) bytes. Put long "
              + "things into blobs."))
      }
    }
  }

  /// The most bytes that times, positions and hashes take in an event.
  private static let largestVariablePart = 320

  private func contentHash(
    of prepared: PreparedAppend, _ transaction: borrowing WriteTransaction
  ) throws(StageError) -> Digest? {
    guard let idempotency = prepared.append.idempotency else { return nil }
    guard let id = idempotency.subject, prepared.content == nil else { return prepared.content }
    do throws(EventLogError) {
      return HMACSHA256.authenticate(
        idempotency.content, key: try keyring.subject(id, in: transaction.reading).contentKey)
    } catch {
      // As above: one person's damaged key concerns this request alone.
      if case .damaged = error { throw .refused(error) }
      throw .failed(error)
    }
  }

  private mutating func write(
    _ prepared: PreparedAppend, content: Digest?, _ transaction: inout WriteTransaction
  ) throws(StageError) -> Staged {
    let now = clock.now()
    // No reader takes another year, and no later event may be dated before it.
    guard Timestamp.writable.contains(now) else {
      throw .refused(
        .invalid("The machine's clock is not within the years 0000 to 9999. Set it, and try again.")
      )
    }
    let at = max(now, state.lastTime)
    let first = state.head.next
    composer.prepare(at: at, clock: now)
    do throws(EventLogError) {
      for (index, line) in prepared.lines.enumerated() {
        let position = state.head.next
        composer.compose(
          line, prepared, at: position, first: first, key: index == 0 ? prepared.key : nil,
          content: index == 0 ? content : nil)
        try append(at: position, &transaction)
        // Neighbours mostly share their stream; the last of them counts.
        if !prepared.sharesStream(index, with: index + 1) {
          try stored { () throws(LMDBError) in
            let value = bigEndianBytes(position.rawValue)
            let pieces = prepared.bytes
            try transaction.put(
              value.span, at: pieces.span.extracting(line.stream), in: tables.streams)
          }
        }
      }
      try stored { () throws(LMDBError) in
        if let key = prepared.key, let rows = tables.commands {
          let row = CommandRow(
            prefix: key.prefix, last: state.head,
            subject: prepared.append.idempotency?.subject ?? .store)
          let bytes = row.inlineBytes(at: first)
          let place = bigEndianBytes(first.rawValue)
          try transaction.append(bytes.span, at: place.span, in: rows)
          added.append(.init(prefix: key.prefix, position: first.rawValue))
        }
      }
    } catch {
      throw .failed(error)
    }
    state.lastTime = at
    return Staged(first: first, last: state.head, at: at, repeated: false)
  }

  /// Writes one event, its leaf beside it, and the subtrees it completes.
  private mutating func append(
    at position: Position, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    var hasher = SHA256Hasher()
    hasher.update(composer.buffer.span)
    let leaf = hasher.finish()
    composer.complete(with: leaf)
    let tables = tables
    try stored { () throws(LMDBError) in
      let key = bigEndianBytes(position.rawValue)
      try transaction.append(composer.row, at: key.span, in: tables.events.rows)
    }
    try state.frontier.append(leaf, &hasher) { (height, index, hash) throws(EventLogError) in
      guard height > 0, StoredNodes.stores(height) else { return }
      try stored { () throws(LMDBError) in
        try transaction.put(hash.bytes, at: StoredNodes.key(height, index), in: tables.nodes)
      }
    }
  }

  private func value(
    at key: [UInt8], in table: Table, _ transaction: borrowing WriteTransaction
  ) throws(StageError) -> [UInt8]? {
    do throws(LMDBError) { return try transaction.value(at: key, in: table) } catch {
      throw .failed(EventLogError(error))
    }
  }
}
