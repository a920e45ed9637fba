import Cryptography
import LMDB

/// Puts the escrow's keys into a copy of a backup.
struct Restorer {
  private let folder: LogFolder
  private let escrow: Escrow
  private let lastCheckpoint: String?
  private let random: RandomSource

  init(
    _ folder: LogFolder, _ escrow: Escrow, lastCheckpoint: String?, random: RandomSource
  ) {
    self.folder = folder
    self.escrow = escrow
    self.lastCheckpoint = lastCheckpoint
    self.random = random
  }

  /// Makes the copy a log with keys, under its own name or a new one.
  func run() throws(EventLogError) -> Restoration {
    let environment = try stored { () throws(LMDBError) in
      try Environment(path: folder.log, mapSize: EventLog.mapSize, maxTables: LogTables.count)
    }
    let tables = try stored { () throws(LMDBError) in try LogTables(environment, create: true) }
    try EventLog.check(environment, tables)
    do {
      return try environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        let former = try FormerLog(&transaction, tables)
        let known = try newestKnown(of: former, &transaction, tables)
        let keepsName = try keepsName(former, known)
        let erased = try restoreKeys(&transaction, tables)
        let signing = keepsName ? escrow.signing : try newName(&transaction, tables)
        try stored { () throws(LMDBError) in
          _ = try transaction.delete(MetaKey.escrow, in: tables.meta)
        }
        try Files.write(escrow.wrapping.file, to: folder.wrappingKey)
        try Files.write(signing.file, to: folder.signingKey)
        return Restoration(
          formerOrigin: former.head.origin, knownSize: known.size, knownRoot: known.root.hex,
          size: former.head.size, keepsName: keepsName, erased: erased)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// The newest of the checkpoints that are known.
  ///
  /// Refuses those of another log, and a backup of another history.
  private func newestKnown(
    of former: FormerLog, _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) -> Checkpoint {
    guard let kept = SignedNote(escrow.checkpoint).flatMap({ Checkpoint(text: $0.text) }) else {
      throw .invalid("The escrow's checkpoint is not readable.")
    }
    guard kept.origin == former.head.origin else {
      throw .invalid("The backup and the escrow are of different logs.")
    }
    var newest = former.head
    for checkpoint in [kept, try stated(of: former)].compactMap({ $0 }) {
      if checkpoint.size > newest.size { newest = checkpoint }
      guard checkpoint.size <= former.head.size else { continue }
      var nodes = NodeReader(tables)
      let root = try Frontier(size: checkpoint.size) { (height, index) throws(EventLogError) in
        try nodes.subtree(height, index, in: transaction)
      }.root
      guard root == checkpoint.root else {
        throw .damaged("The tree of the backup over \(checkpoint.size) events")
      }
    }
    return newest
  }

  /// The checkpoint that is said to be the last.
  private func stated(of former: FormerLog) throws(EventLogError) -> Checkpoint? {
    guard let lastCheckpoint else { return nil }
    let keys = former.keys + VerifierKey.listed(in: escrow.formerKeys) + [escrow.signing.verifier]
    guard let note = SignedNote(lastCheckpoint), let checkpoint = Checkpoint(text: note.text),
      checkpoint.origin == former.head.origin, keys.contains(where: { $0.verifies(note) })
    else {
      throw .invalid("What was given as the last checkpoint is none that this log has signed.")
    }
    guard checkpoint.size >= former.head.size else {
      throw .invalid(
        "The checkpoint covers \(checkpoint.size) events and the backup holds \(former.head.size), so others "
          + "followed it. Give the last one; or give none, and the log goes on under a new name.")
    }
    return checkpoint
  }

  /// Whether the log can go on under its name: nothing is lost, and the key that signs for it is at hand.
  private func keepsName(
    _ former: FormerLog, _ known: Checkpoint
  ) throws(EventLogError) -> Bool {
    guard lastCheckpoint != nil, known.size == former.head.size else { return false }
    guard former.keys.last == escrow.signing.verifier else {
      throw .invalid(
        "The escrow holds another signing key than the one that the backup names: it was written before that "
          + "was changed. Give the newest escrow; or give no last checkpoint, and the log goes on under a new "
          + "name and key.")
    }
    return true
  }

  /// Gives the log a new name and key.
  private func newName(
    _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) -> SigningKey {
    let key: SigningKey
    do throws(CryptographyError) {
      key = try SigningKey(
        origin: "senko/" + hexadecimal(random.bytes(8)), seed: .random(using: random))
    } catch {
      throw .storage(operation: "make a signing key", reason: error.description)
    }
    try stored { () throws(LMDBError) in
      // Notes and keys of the old name do not speak for this log.
      try transaction.clear(tables.checkpoints)
      _ = try transaction.delete(MetaKey.formerKeys, in: tables.meta)
      try transaction.put(Array(key.origin.utf8), at: MetaKey.origin, in: tables.meta)
      try transaction.put(key.name, at: MetaKey.publicKey, in: tables.meta)
    }
    return key
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
      for row in Self.split(escrow.keys, by: Rewrapping.rowSize) {
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

/// What a backup says of the log that it was made of.
private struct FormerLog {
  /// Its head, which it has signed or was about to sign.
  let head: Checkpoint
  /// The keys that have signed for it, the newest last.
  let keys: [VerifierKey]

  init(
    _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) {
    let frontier = try LogState(&transaction, tables).frontier
    let (origin, former, key) = try stored { () throws(LMDBError) in
      (
        try transaction.value(at: MetaKey.origin, in: tables.meta) ?? [],
        try transaction.value(at: MetaKey.formerKeys, in: tables.meta) ?? [],
        try transaction.value(at: MetaKey.publicKey, in: tables.meta) ?? []
      )
    }
    head = Checkpoint(
      origin: String(decoding: origin, as: UTF8.self), size: frontier.size, root: frontier.root)
    keys = VerifierKey.listed(in: former + key)
  }
}
