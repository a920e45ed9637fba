import Cryptography
import Glibc
import LMDB

extension EventLog {
  /// Opens the log's file, beside others that have it open.
  static func take(
    _ folder: LogFolder, remedy: String?
  ) throws(EventLogError) -> (FileLock, Environment, LogTables) {
    do throws(EventLogError) {
      let lock = try FileLock(folder.lock, exclusive: false, waiting: false)
      let environment = try folder.environment(remedy: remedy)
      // What another version has made is not written to.
      try checkFormat(environment)
      let tables = try stored { () throws(LMDBError) in
        try LogTables(environment, create: true)
      }
      return (lock, environment, tables)
    } catch {
      // Nobody has asked for anything to be recorded yet.
      guard case .storage(let operation, let reason) = error else { throw error }
      throw .unopened(directory: folder.path, reason: "\(operation): \(reason)")
    }
  }

  /// Makes the folders of a new log, over whatever a crash has left of a first try.
  static func makeFolders(_ folder: LogFolder) throws(EventLogError) {
    try Files.makeNamedFolder(folder.path)
    try Files.makeFolder(folder.documents)
    let lock: FileLock
    do throws(EventLogError) {
      lock = try FileLock(folder.lock, exclusive: true, waiting: false)
    } catch {
      guard case .locked = error else { throw error }
      // Another start is at it: what looks cut off may be what it has only begun to write.
      return
    }
    defer { lock.release() }
    if Environment.isCutAtItsBeginning(path: folder.log) {
      try Files.remove(folder.log + "/data.mdb")
    }
  }

  /// Gives a new log its name and keys; does nothing to one that has them.
  ///
  /// The keys are on disk before the log names them, so that a crash leaves either nothing or all.
  static func begin(
    _ folder: LogFolder, _ environment: Environment, _ tables: LogTables, random: RandomSource
  ) throws(EventLogError) {
    do {
      try environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        let format = try stored { () throws(LMDBError) in
          try transaction.value(at: MetaKey.format, in: tables.meta)
        }
        guard format == nil else { return }
        guard try LogState.size(transaction.reading, tables) == 0 else {
          throw .damaged("The description of the log")
        }
        try begin(folder, &transaction, tables, random: random)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  private static func begin(
    _ folder: LogFolder, _ transaction: inout WriteTransaction, _ tables: LogTables,
    random: RandomSource
  ) throws(EventLogError) {
    // What the keys are for has its names on the disk before they do: keys alone say that a log was lost.
    try Files.sync(folderOf: folder.log + "/data.mdb")
    try Files.sync(folderOf: folder.log)
    var path = folder.path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    try Files.sync(folderOf: path)
    let wrapping = WrappingKey(generation: 1, key: .random(using: random))
    let signing: SigningKey
    let secret: [UInt8]
    do {
      signing = try SigningKey(
        origin: "senko/" + hexadecimal(random.bytes(8)), seed: .random(using: random))
      secret = try wrapping.wrap(
        Subject(id: .store, key: .random(using: random)), random: random)
    } catch {
      throw .storage(operation: "make keys", reason: error.description)
    }
    try Files.write(wrapping.file, to: folder.wrappingKey)
    try Files.write(signing.file, to: folder.signingKey)
    try stored { () throws(LMDBError) in
      try transaction.put(Array(format.utf8), at: MetaKey.format, in: tables.meta)
      try transaction.put(Array(signing.origin.utf8), at: MetaKey.origin, in: tables.meta)
      try transaction.put(
        Array(signing.verifier.description.utf8), at: MetaKey.publicKey, in: tables.meta)
      try transaction.put(bigEndian(1), at: MetaKey.generation, in: tables.meta)
      try transaction.put(secret, at: SubjectID.store.bytes, in: tables.keys)
    }
  }

  /// Refuses a folder of another format; one that was not begun yet has none.
  private static func checkFormat(_ environment: Environment) throws(EventLogError) {
    let format = try stored { () throws(LMDBError) -> [UInt8]? in
      guard let meta = try environment.newerTable("meta", create: false) else { return nil }
      return try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: MetaKey.format, in: meta)
      }
    }
    if let format { try check(format: format) }
  }

  /// Refuses a folder of another format.
  static func check(
    _ environment: Environment, _ tables: LogTables
  ) throws(EventLogError) {
    try check(format: try tables.metaValue(at: MetaKey.format, in: environment))
  }

  private static func check(format found: [UInt8]?) throws(EventLogError) {
    let text = found.map { String(decoding: $0, as: UTF8.self) } ?? "unknown"
    guard formats.contains(text) else { throw .formatVersion(found: text, supported: format) }
  }

  /// The signing key, which must be the one that the log names.
  static func loadSigningKey(
    _ folder: LogFolder, _ environment: Environment, _ tables: LogTables
  ) throws(EventLogError) -> SigningKey {
    try Keyring.again { () throws(EventLogError) in
      let named = try tables.metaValue(at: MetaKey.publicKey, in: environment)
      return try Signer.load(named, in: folder)
    }
  }

  /// The wrapping key, which must be of the generation that the log is in.
  static func loadWrappingKey(
    _ folder: LogFolder, _ environment: Environment, _ tables: LogTables
  ) throws(EventLogError) -> WrappingKey {
    try Keyring.again { () throws(EventLogError) in
      let generation = try tables.metaValue(at: MetaKey.generation, in: environment)
      return try Keyring.load(try Keyring.generation(generation), in: folder)
    }
  }
}

extension LogFolder {
  /// Whether keys lie there, which a log alone leaves.
  var hasKeys: Bool { Files.exists(signingKey) || Files.exists(wrappingKey) }

  /// Says so where the system does not let this program see whether the log's file is there.
  var hidden: EventLogError? {
    guard unsafe access(log + "/data.mdb", F_OK) != 0, errno == EACCES else { return nil }
    let reason = unsafe String(cString: strerror(EACCES))
    return .unopened(directory: path, reason: "look for log/data.mdb: \(reason)")
  }

  /// Why a log cannot be checked whose file is not found.
  var unchecked: EventLogError {
    if let hidden { return hidden }
    guard Files.exists(checkpoint) else { return fileMissing }
    return .inconsistent(
      "The file log/data.mdb, to which the checkpoint in '\(path)' belongs, is not there: nothing can be restored "
        + "from this backup. Put it back, or use another backup.")
  }

  /// What is said where the log's file is not there.
  var fileMissing: EventLogError {
    if let hidden { return hidden }
    guard hasKeys else { return .absent(directory: path) }
    guard !SalvageFolder.waits(in: self) else {
      return .inconsistent(
        "A repair of the log in '\(path)' was cut off at its last step. Repair it once more, which takes that step."
      )
    }
    let lack =
      Files.exists(log + "/data.mdb")
      ? "is empty, or something else lies in its place: move that away" : "is not there"
    return .inconsistent(
      "The file log/data.mdb, to which the keys in '\(path)' belong, \(lack). Put it back, or "
        + "restore a new folder from a backup and the escrow.")
  }
}
