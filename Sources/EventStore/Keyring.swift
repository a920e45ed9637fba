import Cryptography
import LMDB
import Synchronization

/// The wrapping key of the generation that the log is in, read again whenever another process erased
/// somebody.
final class Keyring: Sendable {
  private let folder: LogFolder
  private let environment: Environment
  private let tables: LogTables
  private let current: Mutex<WrappingKey>
  private let ownKeys = Mutex<StoreKeys?>(nil)

  /// What the store's own secret gives; the secret is wrapped anew at an erasure, but never changes.
  final class StoreKeys: Sendable {
    let idempotency: KeyedSHA256
    let content: KeyedSHA256
    /// Seals the head of the log.
    let head: KeyedSHA256

    init(_ store: Subject) {
      func derived(_ info: String) -> KeyedSHA256 {
        KeyedSHA256(key: HKDF.deriveSHA256(from: store.key, salt: [], info: Array(info.utf8)))
      }
      idempotency = derived("senko idempotency v1")
      content = KeyedSHA256(key: store.contentKey)
      head = derived("senko head v1")
    }
  }

  init(
    folder: LogFolder, environment: Environment, tables: LogTables, current: WrappingKey
  ) {
    self.folder = folder
    self.environment = environment
    self.tables = tables
    self.current = Mutex(current)
  }

  /// The generation that the log is in.
  func generation() throws(EventLogError) -> UInt64 {
    try Self.generation(try tables.metaValue(at: MetaKey.generation, in: environment))
  }

  /// The generation that the log's description names in this row.
  static func generation(_ row: [UInt8]?) throws(EventLogError) -> UInt64 {
    guard let row else { return 0 }
    return try stored { () throws(LMDBError) in
      try storedNumber(row.span, "the row 'generation' of the table 'meta'")
    }
  }

  /// The wrapping key of `generation`.
  func key(of generation: UInt64) throws(EventLogError) -> WrappingKey {
    let held = current.withLock { $0 }
    if held.generation == generation { return held }
    let key = try Self.load(generation, in: folder)
    current.withLock { $0 = key }
    return key
  }

  /// The wrapping key in force.
  func key() throws(EventLogError) -> WrappingKey {
    try Self.again { () throws(EventLogError) in try key(of: try generation()) }
  }

  /// What `body` gives, which reads from the log which key is in force, and then that key: tried anew where it is not
  /// there, since another process may have changed it between the two.
  static func again<Value>(
    _ body: () throws(EventLogError) -> Value
  ) throws(EventLogError) -> Value {
    for _ in 0..<2 {
      do throws(EventLogError) { return try body() } catch {
        guard case .keyFile = error else { throw error }
      }
    }
    return try body()
  }

  /// Takes the key that an erasure of this process has put in force.
  func adopt(_ key: WrappingKey) { current.withLock { $0 = key } }

  /// The key of `generation`, from its file or, in the middle of an erasure, from the next one's.
  static func load(
    _ generation: UInt64, in folder: LogFolder
  ) throws(EventLogError) -> WrappingKey {
    // Another process may put the next key in its place between the two, so that it is found under neither name.
    for path in [folder.wrappingKey, folder.nextWrappingKey, folder.wrappingKey] {
      if let file = try Files.readKey(path), let key = WrappingKey(file: file),
        key.generation == generation
      {
        return key
      }
    }
    throw .keyFile(name: "wrapping-key", reason: "there is none of generation \(generation)")
  }

  /// What unwraps the keys of one snapshot, whose generation it is for.
  func unwrapping(
    in transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> Unwrapping {
    let key = try key(in: transaction)
    do { return try Unwrapping(by: key) } catch {
      throw .storage(operation: "unwrap a key", reason: "\(error)")
    }
  }

  /// A subject of a snapshot with its key.
  ///
  /// - Throws: `.erased` when the key was destroyed, `.damaged` when it is not there or cannot be unwrapped.
  func subject(
    _ id: SubjectID, in transaction: borrowing ReadTransaction, _ unwrapping: borrowing Unwrapping
  ) throws(EventLogError) -> Subject {
    let wrapped = try stored { () throws(LMDBError) in
      try transaction.value(at: id.bytes, in: tables.keys)
    }
    guard let wrapped else { throw try absence(of: id, in: transaction) }
    do { return try unwrapping.unwrap(wrapped, of: id) } catch {
      throw Self.damagedKey(of: id)
    }
  }

  /// The subject with its key.
  ///
  /// - Throws: `.erased` when the key was destroyed, `.damaged` when it is not there or cannot be unwrapped.
  func subject(_ id: SubjectID) throws(EventLogError) -> Subject {
    try Self.again { () throws(EventLogError) in
      let wrapped: WrappedKey
      do throws(TransactionError<EventLogError>) {
        wrapped = try environment.read { (transaction) throws(EventLogError) in
          try self.wrapped(id, in: transaction)
        }
      } catch { throw EventLogError(error) }
      return try unwrap(wrapped, of: id)
    }
  }

  /// A subject's key as it lies wrapped, and what it was wrapped under.
  private struct WrappedKey {
    var bytes: [UInt8]
    var generation: [UInt8]?
  }

  /// The wrapped key of a subject, and its generation: from one snapshot, so that they belong together.
  private func wrapped(
    _ id: SubjectID, in transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> WrappedKey {
    let (bytes, generation) = try stored { () throws(LMDBError) in
      (
        try transaction.value(at: id.bytes, in: tables.keys),
        try transaction.value(at: MetaKey.generation, in: tables.meta)
      )
    }
    guard let bytes else { throw try absence(of: id, in: transaction) }
    return WrappedKey(bytes: bytes, generation: generation)
  }

  /// Why a subject has no key: it was destroyed by an erasure, or else is lost, and a repair may find it.
  func absence(
    of id: SubjectID, in transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> EventLogError {
    if id == .store { return Self.secretMissing }
    let row = try stored { () throws(LMDBError) in
      try transaction.value(at: id.bytes, in: tables.erased)
    }
    return row == nil ? .damaged("The key of subject \(id), whom nobody has erased,") : .erased(id)
  }

  /// The subject with its key, as a transaction sees it.
  ///
  /// - Throws: `.erased` when the key was destroyed, `.damaged` when it is not there or cannot be unwrapped.
  func subject(
    _ id: SubjectID, in transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> Subject {
    try unwrap(wrapped(id, in: transaction), of: id)
  }

  /// The wrapping key of the generation that a transaction sees.
  func key(in transaction: borrowing ReadTransaction) throws(EventLogError) -> WrappingKey {
    let generation = try stored { () throws(LMDBError) in
      try transaction.value(at: MetaKey.generation, in: tables.meta)
    }
    return try key(of: try Self.generation(generation))
  }

  private func unwrap(_ wrapped: WrappedKey, of id: SubjectID) throws(EventLogError) -> Subject {
    let key = try key(of: try Self.generation(wrapped.generation))
    do { return try key.unwrap(wrapped.bytes, of: id) } catch {
      throw Self.damagedKey(of: id)
    }
  }

  /// The keyed hash under which an idempotency key is remembered.
  func hash(key: String) throws(EventLogError) -> Digest {
    try storeKeys().idempotency.authenticate(key.utf8.span)
  }

  /// The keyed hash of a command's content, or `nil` where its key is that of a subject in the log, whom an
  /// erasure may take until the command is written.
  func contentHash(
    of idempotency: Idempotency, new subjects: [Subject]
  ) throws(EventLogError) -> Digest? {
    guard let id = idempotency.subject else {
      return try storeKeys().content.authenticate(idempotency.content.span)
    }
    guard let subject = subjects.first(where: { $0.id == id }) else { return nil }
    return HMACSHA256.authenticate(idempotency.content, key: subject.contentKey)
  }

  private static func damagedKey(of id: SubjectID) -> EventLogError {
    .damaged(id == .store ? "The log's own secret" : "The wrapped key of subject \(id)")
  }

  /// What is said where the store's own secret is not there.
  static let secretMissing = EventLogError.inconsistent(
    "The log's own secret is missing from its table of keys. A repair takes it from a backup that was made since the "
      + "last erasure; a restore makes a new folder from any backup and the escrow.")

  /// The keys that the store hashes with where no subject is named.
  func storeKeys() throws(EventLogError) -> StoreKeys {
    if let keys = ownKeys.withLock({ $0 }) { return keys }
    let keys = StoreKeys(try subject(.store))
    ownKeys.withLock { $0 = keys }
    return keys
  }
}

extension Subject {
  /// The key that hashes the content of commands about this subject.
  var contentKey: SymmetricKey {
    HKDF.deriveSHA256(from: key, salt: [], info: Array("senko command content v1".utf8))
  }
}
