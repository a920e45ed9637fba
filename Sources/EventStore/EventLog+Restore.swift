public import Cryptography
import Glibc
import LMDB

/// What a restore found, for the event that records it.
public struct Restoration: Sendable, Hashable {
  /// The name of the log that the backup was made of.
  public let formerOrigin: String
  /// How many events the last known checkpoint covered.
  public let knownSize: UInt64
  /// The root that it had, in hexadecimal.
  public let knownRoot: String
  /// How many events the backup holds.
  public let size: UInt64
  /// Those who were erased after the backup was made: they stay erased, though the events that said so
  /// are lost.
  public let erased: [SubjectID]

  /// Whether events are lost that were acknowledged.
  public var isBehind: Bool { size < knownSize }
}

extension EventLog {
  /// Makes a data folder from a backup and an escrow, and opens it.
  ///
  /// Where the backup ends before the last known checkpoint, the log goes on under a new name and key, so
  /// that nobody can take it for the old one.
  ///
  /// - Parameters:
  ///   - directory: must not be there, or be empty.
  ///   - recording: gives the events that record a restoration with losses; not called without.
  /// - Throws: `.invalid` for what is no backup or escrow, or where the two do not belong together.
  public static func restore(
    _ backup: String, escrow path: String, to directory: String, clock: WallClock = .system,
    random: RandomSource = .system, recording: @Sendable (Restoration) -> Append
  ) async throws(EventLogError) -> (log: EventLog, restoration: Restoration) {
    guard let file = try Files.read(path), let escrow = Escrow(file: file) else {
      throw .invalid("'\(path)' is no escrow. Give the file that 'senko escrow' wrote.")
    }
    guard Files.exists(backup + "/checkpoint"), Files.exists(backup + "/log/data.mdb") else {
      throw .invalid("'\(backup)' is no backup, or one that was not finished.")
    }
    let unfinished = directory + ".restoring"
    let restoration = try await offPool { () throws(EventLogError) in
      try Files.removeTree(unfinished)
      try Files.makeEmptyFolder(directory)
      try Files.makeEmptyFolder(unfinished)
      let target = LogFolder(path: unfinished)
      try Files.copyTree(backup + "/documents", to: target.documents)
      try Files.makeFolder(target.log)
      try Files.copy(backup + "/log/data.mdb", to: target.log + "/data.mdb")
      try Files.sync(folderOf: target.log + "/data.mdb")
      return try Restorer(target, escrow, random: random).run()
    }
    do {
      let log = try open(unfinished, create: false, clock: clock, random: random)
      if restoration.isBehind { _ = try await log.append(recording(restoration)) }
      log.close()
    }
    try await offPool { () throws(EventLogError) in
      // Until here nothing of the folder is in its place: a crash leaves what the next try removes.
      guard unsafe rename(unfinished, directory) == 0 else {
        throw .storage(operation: "rename", reason: unsafe String(cString: strerror(errno)))
      }
      try Files.sync(folderOf: directory)
    }
    return (
      try open(directory, create: false, clock: clock, random: random), restoration
    )
  }
}

/// Puts the escrow's keys into a copy of a backup.
private struct Restorer {
  private let folder: LogFolder
  private let escrow: Escrow
  private let random: RandomSource

  init(_ folder: LogFolder, _ escrow: Escrow, random: RandomSource) {
    self.folder = folder
    self.escrow = escrow
    self.random = random
  }

  func run() throws(EventLogError) -> Restoration {
    let environment = try stored { () throws(LMDBError) in
      try Environment(path: folder.log, mapSize: EventLog.mapSize, maxTables: LogTables.count)
    }
    let tables = try stored { () throws(LMDBError) in try LogTables(environment, create: true) }
    try EventLog.check(environment, tables)
    guard let note = SignedNote(escrow.checkpoint), let known = Checkpoint(text: note.text) else {
      throw .invalid("The escrow's checkpoint is not readable.")
    }
    var signing = escrow.signing
    do {
      return try environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        let state = try LogState(&transaction, tables)
        let size = state.frontier.size
        try checkKinship(known, size, &transaction, tables)
        let erased = try restoreKeys(&transaction, tables)
        if size < known.size {
          do throws(CryptographyError) {
            signing = try SigningKey(
              origin: "senko/" + hexadecimal(random.bytes(8)), seed: .random(using: random))
          } catch {
            throw .storage(operation: "make a signing key", reason: error.description)
          }
        }
        let key = signing
        try stored { () throws(LMDBError) in
          if size < known.size {
            // Notes of the old name do not speak of this log.
            try transaction.clear(tables.checkpoints)
            _ = try transaction.delete(MetaKey.formerKeys, in: tables.meta)
          } else if !escrow.formerKeys.isEmpty {
            try transaction.put(escrow.formerKeys, at: MetaKey.formerKeys, in: tables.meta)
          }
          try transaction.put(Array(key.origin.utf8), at: MetaKey.origin, in: tables.meta)
          try transaction.put(key.name, at: MetaKey.publicKey, in: tables.meta)
          _ = try transaction.delete(MetaKey.escrow, in: tables.meta)
        }
        try Files.write(escrow.wrapping.file, to: folder.wrappingKey)
        try Files.write(key.file, to: folder.signingKey)
        return Restoration(
          formerOrigin: known.origin, knownSize: known.size, knownRoot: known.root.hex, size: size,
          erased: erased)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// Refuses a backup of another log, or of another history.
  private func checkKinship(
    _ known: Checkpoint, _ size: UInt64, _ transaction: inout WriteTransaction,
    _ tables: LogTables
  ) throws(EventLogError) {
    let origin = try stored { () throws(LMDBError) in
      try transaction.value(at: MetaKey.origin, in: tables.meta)
    }
    guard origin == Array(known.origin.utf8) else {
      throw .invalid("The backup and the escrow are of different logs.")
    }
    guard known.size <= size else { return }
    var nodes = NodeReader(tables)
    let root = try Frontier(size: known.size) { (height, index) throws(EventLogError) in
      try nodes.subtree(height, index, in: transaction)
    }.root
    guard root == known.root else {
      throw .damaged("The tree of the backup over \(known.size) events")
    }
  }

  /// Replaces the keys by the escrow's, and removes what belongs to those who have none.
  private func restoreKeys(
    _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) -> [SubjectID] {
    let generation = try stored { () throws(LMDBError) in
      try transaction.value(at: MetaKey.generation, in: tables.meta).map { bigEndian($0.span) } ?? 0
    }
    guard generation <= escrow.wrapping.generation else {
      throw .invalid(
        "The escrow is of key generation \(escrow.wrapping.generation), the backup of "
          + "\(generation): an erasure was made without the escrow. Give the newest escrow.")
    }
    let gone = Self.split(escrow.erased, by: 16).map { SubjectID(unchecked: $0) }
    var erased: [SubjectID] = []
    for subject in gone {
      let known = try stored { () throws(LMDBError) in
        try transaction.value(at: subject.bytes, in: tables.erased)
      }
      if known == nil { erased.append(subject) }
    }
    try stored { () throws(LMDBError) in
      // Of the same generation, the backup may know people whom the escrow does not know yet.
      if generation < escrow.wrapping.generation { try transaction.clear(tables.keys) }
      for row in Self.split(escrow.keys, by: Escrow.rowSize) {
        try transaction.put(Array(row[16...]), at: Array(row[..<16]), in: tables.keys)
      }
      for subject in gone {
        try transaction.delete(subject.bytes.span, in: tables.keys)
        try transaction.put(bigEndian(0), at: subject.bytes, in: tables.erased)
      }
      try transaction.put(
        bigEndian(escrow.wrapping.generation), at: MetaKey.generation, in: tables.meta)
    }
    for subject in erased { try Stage.deleteValues(of: subject, tables, &transaction) }
    return erased
  }

  private static func split(
    _ bytes: [UInt8], by count: Int
  ) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: count).map { Array(bytes[$0..<($0 + count)]) }
  }
}
