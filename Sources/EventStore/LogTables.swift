import Glibc
import LMDB

/// The tables of a log.
///
/// What the others can be derived from again are the events, keys, sealed values, blobs and notes, and the rows of
/// commands, of the erased, of files to be removed and of the log itself.
struct LogTables: Sendable {
  let events: EventTable
  /// leaf index → leaf hash, as versions before `EventTable` kept leaves wrote it; the leaf of position n has index
  /// n − 1.
  let leaves: Table
  /// height ‖ index → hash of a complete subtree, at heights 4, 8, 12 ….
  let nodes: Table
  /// name → last position.
  let streams: Table
  /// keyed hash of the key → first and last position ‖ subject, as versions before the next table wrote it.
  let idempotency: Table
  /// first position → `CommandRow`, for each append with an idempotency key; `nil` in an older folder that is
  /// only read.
  let commands: Table?
  /// prefix → `CommandChunks`: what finds them by their key.
  let commandIndex: Table?
  /// subject → wrapped key.
  let keys: Table
  /// subject ‖ SHA-256 of ciphertext → ciphertext.
  let sealed: Table
  /// subject ‖ SHA-256 of ciphertext → size of the file.
  let documents: Table
  /// SHA-256 → bytes.
  let blobs: Table
  /// tree size → signed note.
  let checkpoints: Table
  /// SHA-256 of ciphertext → nothing: files that an erasure has yet to remove.
  let unlinking: Table
  /// subject → position of the event that recorded the erasure.
  let erased: Table
  /// name → value.
  let meta: Table

  static let count = 15

  init(_ environment: Environment, create: Bool) throws(LMDBError) {
    events = EventTable(try environment.table("events", create: create))
    leaves = try environment.table("leaves", create: create)
    nodes = try environment.table("nodes", create: create)
    streams = try environment.table("streams", create: create)
    idempotency = try environment.table("idempotency", create: create)
    commands = try environment.newerTable("commands", create: create)
    commandIndex = try environment.newerTable("command-index", create: create)
    keys = try environment.table("keys", create: create)
    sealed = try environment.table("sealed", create: create)
    documents = try environment.table("documents", create: create)
    blobs = try environment.table("blobs", create: create)
    checkpoints = try environment.table("checkpoints", create: create)
    unlinking = try environment.table("unlinking", create: create)
    erased = try environment.table("erased", create: create)
    meta = try environment.table("meta", create: create)
  }
}

extension LogTables {
  /// All tables that there are, by name.
  var named: [(String, Table)] {
    [
      ("events", events.rows), ("leaves", leaves), ("nodes", nodes), ("streams", streams),
      ("idempotency", idempotency), ("keys", keys), ("sealed", sealed), ("documents", documents),
      ("blobs", blobs), ("checkpoints", checkpoints), ("unlinking", unlinking), ("erased", erased),
      ("meta", meta),
    ] + (commands.map { [("commands", $0)] } ?? [])
      + (commandIndex.map { [("command-index", $0)] } ?? [])
  }
}

extension LogFolder {
  /// The log's file, opened.
  ///
  /// - Parameter remedy: what is said to do where reading the file has to end the process.
  /// - Throws: `.openAlready` where this process has it open, `.unopened` where it may not.
  func environment(
    readOnly: Bool = false, remedy: String? = nil
  ) throws(EventLogError) -> Environment {
    do throws(LMDBError) {
      return try Environment(
        path: log, mapSize: EventLog.mapSize, maxTables: LogTables.count, readOnly: readOnly,
        remedy: remedy
          ?? "Verify the log, then repair it from a backup; where that cannot put it right, "
          + "restore a new folder from a backup and the escrow.")
    } catch {
      switch error.code {
      case EBUSY: throw .openAlready(directory: path)
      case EACCES, EPERM: throw .unopened(directory: path, reason: error.description)
      default: throw EventLogError(error)
      }
    }
  }
}

extension Environment {
  /// A table that older folders, or a new one, lack.
  func newerTable(_ name: String, create: Bool) throws(LMDBError) -> Table? {
    do throws(LMDBError) { return try table(name, create: create) } catch {
      guard error.isNotFound else { throw error }
      return nil
    }
  }
}

extension LogTables {
  /// What the table of single values holds, in a transaction of its own.
  func metaValue(
    at key: [UInt8], in environment: Environment
  ) throws(EventLogError) -> [UInt8]? {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: key, in: meta)
      }
    }
  }
}

/// The names of the `meta` table's entries.
enum MetaKey {
  static let format = Array("format".utf8)
  static let origin = Array("origin".utf8)
  static let publicKey = Array("public-key".utf8)
  /// The keys that signed before this one, a line each.
  static let formerKeys = Array("former-keys".utf8)
  /// The path of the escrow that erasures keep up to date.
  static let escrow = Array("escrow".utf8)
  /// Which folder keeps it, as `EscrowKeeper` tells.
  static let escrowKeeper = Array("escrow-keeper".utf8)
  static let generation = Array("generation".utf8)
  /// The position up to which all commands are in the sorted chunks.
  static let foldedCommands = Array("folded-commands".utf8)

  /// What the last transaction has left of the head: a `HeadRow`.
  static let head = Array("head".utf8)
  /// The seal of such a row, as earlier versions wrote it.
  static let headSeal = Array("head-seal".utf8)
  /// Subjects, one behind another, whom a restore found erased, until events say so.
  static let untold = Array("erasures-untold".utf8)

  static let all = [
    format, origin, publicKey, formerKeys, escrow, escrowKeeper, generation, foldedCommands,
    head, headSeal, untold,
  ]
}

extension EventLogError {
  /// What a failure of LMDB means to the log.
  init(_ error: LMDBError) {
    switch error.code {
    case ENOSPC: self = .diskFull
    default:
      self =
        if error.isMapFull { .diskFull } else if error.isKeyExists {
          // Rows are only ever added behind a table's last one.
          .damaged("A table of the log, in which a row lies behind what the events give,")
        } else if error.isDamaged {
          .damaged("The log's file (\(error.description))")
        } else { .storage(operation: error.operation, reason: error.description) }
    }
  }

  init(_ error: TransactionError<EventLogError>) {
    switch error {
    case .store(let error): self.init(error)
    case .body(let error): self = error
    }
  }
}

/// Runs `body`, translating LMDB's failures.
func stored<Value: ~Copyable>(
  _ body: () throws(LMDBError) -> Value
) throws(EventLogError) -> Value {
  do { return try body() } catch { throw EventLogError(error) }
}
