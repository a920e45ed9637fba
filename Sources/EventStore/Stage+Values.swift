import Cryptography
import LMDB

extension Stage {
  enum Repetition {
    case none
    case repeated(Staged)
    case refused(EventLogError)
  }

  /// Whether the request's key was used before, and for the same content.
  mutating func repetition(
    of prepared: PreparedAppend, _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> Repetition {
    guard let idempotency = prepared.append.idempotency, let key = prepared.key else {
      return .none
    }
    guard let (event, row) = try earlier(key, &transaction) else { return .none }
    let position = event.position
    do {
      let subject = try keyring.subject(row.subject, in: transaction.reading)
      let content = HMACSHA256.authenticate(idempotency.content, key: subject.contentKey)
      guard content == event.content else {
        return .refused(.conflictingContent(position: position))
      }
    } catch {
      guard case .erased = error else { throw error }
      return .refused(.erasedContent(position: position))
    }
    return .repeated(Staged(first: position, last: row.last, at: event.at, repeated: true))
  }

  /// The first event of the append that had this key, and its row.
  private mutating func earlier(
    _ key: Digest, _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> (Event, CommandRow)? {
    let prefix = key.prefix
    let candidates = try stored { () throws(LMDBError) in
      try commands.candidates(prefix, &transaction)
    }
    for position in added.positions(of: prefix) + candidates {
      let position = Position(rawValue: position)
      let event = try event(at: position, transaction)
      guard event.key == key else { continue }
      let row = try stored { () throws(LMDBError) in
        try tables.commands.flatMap { (rows) throws(LMDBError) in
          try transaction.value(at: position.key, in: rows)
        }
      }
      guard let row = row.flatMap({ CommandRow($0.span, at: position) }) else {
        throw .damaged("What is remembered of the command at event \(position)")
      }
      return (event, row)
    }
    let older = try CommandRow.older(key, upTo: state.frontier.size, tables, transaction.reading)
    guard let (position, row) = older else { return nil }
    return (try event(at: position, transaction), row)
  }

  private func event(
    at position: Position, _ transaction: borrowing WriteTransaction
  ) throws(EventLogError) -> Event {
    let bytes = try stored { () throws(LMDBError) in
      try transaction.value(at: position.key, in: tables.events)
    }
    guard let event = bytes.flatMap({ try? Event(decoding: $0.span) }) else {
      throw .damaged("Event \(position)")
    }
    return event
  }

  /// Stores what an append brings beside its events.
  func writeValues(
    of append: Append, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    if !append.subjects.isEmpty {
      let wrapping = try keyring.key(in: transaction.reading)
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

  /// Takes recent commands into the index, and says how many commands there are.
  func index(
    _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> (fold: CommandIndex.Fold?, commands: Int) {
    try stored { () throws(LMDBError) in
      guard let rows = tables.commands else { return (nil, 0) }
      let count = try transaction.count(rows)
      let added = added.entries.count
      return (try commands.fold(adding: added, &transaction), count)
    }
  }
}
