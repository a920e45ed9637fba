import Cryptography
import LMDB

/// One request's part of a transaction: what its receipt will say.
struct Staged: Sendable {
  var first: Position
  var last: Position
  var at: Timestamp
  var repeated: Bool
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
struct Stage {
  let tables: LogTables
  let keyring: Keyring
  let clock: WallClock
  let random: RandomSource
  var state: LogState

  /// Stores the note of the transaction before this one: all at multiples of 256, else the newest only.
  mutating func storeNote(_ transaction: inout WriteTransaction) throws(EventLogError) {
    guard let note = state.note, let checkpoint = Checkpoint(text: note.text),
      checkpoint.size > 0
    else { return }
    try stored { () throws(LMDBError) in
      var replaced: [UInt8]?
      do {
        var cursor = try transaction.cursor(tables.checkpoints)
        if let entry = try cursor.last(), bigEndian(entry.key) / 256 == checkpoint.size / 256 {
          replaced = Array(copying: entry.key)
        }
      }
      if let replaced { try transaction.delete(replaced.span, in: tables.checkpoints) }
      try transaction.put(
        Array(note.encoded.utf8), at: bigEndian(checkpoint.size), in: tables.checkpoints)
    }
  }

  /// Checks a request and writes it.
  mutating func add(
    _ append: Append, _ erasing: Writer.Erasing?, _ transaction: inout WriteTransaction
  ) throws(StageError) -> Staged {
    let earlier = try failing { () throws(EventLogError) -> Repetition in
      try repetition(of: append.idempotency, &transaction)
    }
    switch earlier {
    case .first(let key):
      try check(append, &transaction)
      let encoded = try encode(append, key: key, &transaction)
      return try failing { () throws(EventLogError) in
        try write(append, encoded, key, erasing, &transaction)
      }
    case .repeated(let staged): return staged
    case .refused(let refusal): throw .refused(refusal)
    }
  }

  private enum Repetition {
    case first(key: Digest?)
    case repeated(Staged)
    case refused(EventLogError)
  }

  /// Whether the request's key was used before, and for the same content.
  private func repetition(
    of idempotency: Idempotency?, _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> Repetition {
    guard let idempotency else { return .first(key: nil) }
    let key = try keyring.hash(key: idempotency.key)
    let row = try stored { () throws(LMDBError) in
      try transaction.value(at: key.bytes, in: tables.idempotency)
    }
    guard let row, row.count == 32 else { return .first(key: key) }
    let position = Position(rawValue: bigEndian(row.span))
    let last = Position(rawValue: bigEndian(row.span.extracting(8..<16)))
    let subject = SubjectID(unchecked: Array(row[16...]))
    let event = try stored { () throws(LMDBError) in
      try transaction.value(at: position.key, in: tables.events)
    }
    guard let event = event.flatMap({ try? Event(decoding: $0.span) }) else {
      throw .damaged("Event \(position)")
    }
    do {
      let content = HMACSHA256.authenticate(
        idempotency.content, key: try keyring.subject(subject, in: transaction).contentKey)
      guard content == event.content else {
        return .refused(.conflictingContent(position: position))
      }
    } catch {
      guard case .erased = error else { throw error }
      return .refused(.erasedContent(position: position))
    }
    return .repeated(Staged(first: position, last: last, at: event.at, repeated: true))
  }

  private func check(
    _ append: Append, _ transaction: inout WriteTransaction
  ) throws(StageError) {
    guard !append.events.isEmpty else {
      throw .refused(.invalid("An append without events records nothing."))
    }
    for (stream, expected) in append.expecting {
      let row = try failing { () throws(EventLogError) in
        try stored { () throws(LMDBError) in
          try transaction.value(at: Array(stream.utf8), in: tables.streams)
        }
      }
      let actual = row.map { Position(rawValue: bigEndian($0.span)) } ?? .zero
      guard actual == expected else {
        throw .refused(.streamChanged(stream: stream, expected: expected, actual: actual))
      }
    }
  }

  /// The bytes of each event, with position and times put in.
  private func encode(
    _ append: Append, key: Digest?, _ transaction: inout WriteTransaction
  ) throws(StageError) -> (events: [[UInt8]], at: Timestamp) {
    let now = clock.now()
    let at = max(now, state.lastTime)
    let first = state.head.next
    var content: Digest?
    if let idempotency = append.idempotency {
      let subject = try failing { () throws(EventLogError) in
        try contentSubject(idempotency.subject, append, transaction)
      }
      content = HMACSHA256.authenticate(idempotency.content, key: subject.contentKey)
    }
    var events: [[UInt8]] = []
    for (index, draft) in append.events.enumerated() {
      let position = Position(rawValue: first.rawValue + UInt64(index))
      let bytes = draft.encoded(
        at: position, first: first, actor: append.actor, via: append.via, at: at, clock: now,
        key: index == 0 ? key : nil, content: index == 0 ? content : nil)
      guard bytes.count <= Event.maximumSize else {
        throw .refused(
          .invalid(
            "An event of type \(draft.type) would have \(bytes.count) bytes, over "
              + "\(Event.maximumSize). Put long things into blobs."))
      }
      events.append(bytes)
    }
    return (events, at)
  }

  private func contentSubject(
    _ id: SubjectID?, _ append: Append, _ transaction: borrowing WriteTransaction
  ) throws(EventLogError) -> Subject {
    let id = id ?? .store
    if let new = append.subjects.first(where: { $0.id == id }) { return new }
    return try keyring.subject(id, in: transaction)
  }

  private mutating func write(
    _ append: Append, _ encoded: (events: [[UInt8]], at: Timestamp), _ key: Digest?,
    _ erasing: Writer.Erasing?, _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> Staged {
    let first = state.head.next
    for (index, bytes) in encoded.events.enumerated() {
      try write(bytes, stream: append.events[index].stream, &transaction)
    }
    let last = state.head
    state.lastTime = encoded.at
    if let idempotency = append.idempotency, let key {
      let row = first.key + last.key + (idempotency.subject ?? .store).bytes
      try stored { () throws(LMDBError) in
        try transaction.put(row, at: key.bytes, in: tables.idempotency)
      }
    }
    try writeValues(of: append, &transaction)
    if let erasing { try erase(erasing, &transaction) }
    return Staged(first: first, last: last, at: encoded.at, repeated: false)
  }

  /// Writes one event with its leaf, the subtrees it completes, and its stream's last position.
  private mutating func write(
    _ bytes: [UInt8], stream: String, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let position = state.head.next
    try stored { () throws(LMDBError) in
      try transaction.append(bytes.span, at: position.key.span, in: tables.events)
      try transaction.put(position.key, at: Array(stream.utf8), in: tables.streams)
    }
    var completed: [(Int, UInt64, Digest)] = []
    state.frontier.append(MerkleHash.leaf(bytes)) { height, index, hash in
      if StoredNodes.stores(height) { completed.append((height, index, hash)) }
    }
    try stored { () throws(LMDBError) in
      for (height, index, hash) in completed {
        if height == 0 {
          try transaction.append(hash.bytes.span, at: bigEndian(index).span, in: tables.leaves)
        } else {
          try transaction.put(hash.bytes, at: StoredNodes.key(height, index), in: tables.nodes)
        }
      }
    }
  }

  private func writeValues(
    of append: Append, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    if !append.subjects.isEmpty {
      let wrapping = try keyring.key(of: try keyring.generation(in: transaction))
      for subject in append.subjects { try write(subject, wrapping, &transaction) }
    }
    try stored { () throws(LMDBError) in
      for value in append.sealed {
        try transaction.put(value.ciphertext, at: value.reference.key, in: tables.sealed)
      }
      for document in append.documents {
        try transaction.put(
          bigEndian(UInt64(document.ciphertext.count)), at: document.reference.key,
          in: tables.documents)
      }
      for blob in append.blobs {
        try transaction.put(blob, at: SHA256.hash(blob).bytes, in: tables.blobs)
      }
    }
  }

  /// Stores a subject's key, wrapped.
  func write(
    _ subject: Subject, _ wrapping: WrappingKey, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let wrapped: [UInt8]
    do { wrapped = try wrapping.wrap(subject, random: random) } catch {
      throw .storage(operation: "wrap a key", reason: error.description)
    }
    try stored { () throws(LMDBError) in
      try transaction.put(wrapped, at: subject.id.bytes, in: tables.keys)
    }
  }
}

/// Runs `body`; what it throws fails the whole transaction.
func failing<Value>(_ body: () throws(EventLogError) -> Value) throws(StageError) -> Value {
  do { return try body() } catch { throw .failed(error) }
}
