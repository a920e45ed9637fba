import Cryptography
import LMDB

/// Puts the escrow's keys into a copy of a backup.
struct Restorer {
  private let folder: LogFolder
  let escrow: Escrow
  private let note: String
  private let lastCheckpoint: String?
  let damage: [String]
  let despiteDamage: Bool
  private let random: RandomSource

  /// Prepares to restore a copy of which `damage` is known, and beside which the checkpoint `note` lay.
  init(
    _ folder: LogFolder, _ escrow: Escrow, note: String, lastCheckpoint: String?,
    damage: [String], despiteDamage: Bool, random: RandomSource
  ) {
    self.folder = folder
    self.escrow = escrow
    self.note = note
    self.lastCheckpoint = lastCheckpoint
    self.damage = damage
    self.despiteDamage = despiteDamage
    self.random = random
  }

  /// Makes the copy a log with keys, under its own name or a new one.
  func run() throws(EventLogError) -> Restoration {
    let environment = try folder.environment()
    let tables = try stored { () throws(LMDBError) in try LogTables(environment, create: true) }
    try EventLog.check(environment, tables)
    do {
      return try environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        // Whatever else lies beside a backup, no erasure would ever reach it.
        let documents = try tables.documents(in: transaction.reading)
        try Files.removeFiles(in: folder.documents) { folder.isDocument($0, of: documents) }
        let former = try FormerLog(transaction.reading, tables)
        let known = try newestKnown(of: former, &transaction, tables)
        let keepsName = try keepsName(former, known)
        let (erased, locked) = try restoreKeys(&transaction, tables)
        let unsealed = try problem(withHeadOf: former, &transaction, tables)
        let signing = keepsName ? escrow.signing : try newName(&transaction, tables)
        try sign(former, with: signing, &transaction, tables)
        try stored { () throws(LMDBError) in
          try transaction.delete(MetaKey.escrow, in: tables.meta)
          try transaction.delete(MetaKey.escrowKeeper, in: tables.meta)
        }
        try Files.write(escrow.wrapping.file, to: folder.wrappingKey)
        try Files.write(signing.file, to: folder.signingKey)
        return Restoration(
          formerOrigin: former.head.origin, knownSize: known.size, knownRoot: known.root.hex,
          size: former.head.size, keepsName: keepsName, erased: erased,
          damage: damage + unsealed + locked)
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
      throw .invalid(
        "The checkpoint in the escrow cannot be read. Give another copy of the escrow.")
    }
    guard kept.origin == former.head.origin else {
      throw .invalid(
        "The backup and the escrow are of different logs. Give the escrow of the same log.")
    }
    var newest = former.head
    for checkpoint in [kept, try stated(of: former)].compactMap({ $0 }) {
      if checkpoint.size > newest.size { newest = checkpoint }
      guard checkpoint.size <= former.head.size else { continue }
      let frontier = try LogState.frontier(
        of: checkpoint.size, transaction.reading, tables)
      guard frontier.root == checkpoint.root else {
        throw .inconsistent(
          "The backup has another history than the checkpoint over \(checkpoint.size) events. Give another backup."
        )
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
      throw .invalid(
        "What was given as the last checkpoint is none that this log has signed. Give the newest note of it that you "
          + "keep; or give none, and the log goes on under a new name.")
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
    // What is known to be wrong is not signed under the name that others trust.
    guard damage.isEmpty else { return false }
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
      try tables.deleteHead(&transaction)
      try transaction.put(Array(key.origin.utf8), at: MetaKey.origin, in: tables.meta)
      try transaction.put(key.name, at: MetaKey.publicKey, in: tables.meta)
    }
    return key
  }

  /// What is wrong with the end of the backup: it is to be signed, or sealed with the log's own secret, which the
  /// escrow knows.
  private func problem(
    withHeadOf former: FormerLog, _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) -> [String] {
    let wrapped = try stored { () throws(LMDBError) in
      try transaction.value(at: SubjectID.store.bytes, in: tables.keys)
    }
    let secret = wrapped.flatMap { try? escrow.wrapping.unwrap($0, of: .store) }
    let warrant = try HeadWarrant(
      former.head.size, transaction.reading, tables, note: note)
    let isCovered = warrant.covers(
      former.head, signedBy: former.keys, sealedBy: secret.map { Keyring.StoreKeys($0).head })
    guard !isCovered else { return [] }
    let problem = HeadWarrant.problem(former.head.size)
    guard despiteDamage else {
      throw .inconsistent(
        "Nothing was restored, since something is wrong with the backup: \(problem)")
    }
    return [problem]
  }

  /// Signs the head that the log goes on from.
  private func sign(
    _ former: FormerLog, with key: SigningKey, _ transaction: inout WriteTransaction,
    _ tables: LogTables
  ) throws(EventLogError) {
    let head = Checkpoint(origin: key.origin, size: former.head.size, root: former.head.root)
    guard head.size > 0 else { return }
    let note: SignedNote
    do { note = try key.sign(head) } catch {
      throw .storage(operation: "sign the checkpoint", reason: error.description)
    }
    try stored { () throws(LMDBError) in
      // One that bridges a change of keys is this one with another signature.
      if try tables.note(over: head.size, in: transaction.reading) == nil {
        try transaction.put(
          Array(note.encoded.utf8), at: bigEndian(head.size), in: tables.checkpoints)
      }
    }
  }
}

/// What a backup says of the log that it was made of.
private struct FormerLog {
  /// Its head, which it has signed or was about to sign.
  let head: Checkpoint
  /// The keys that have signed for it, the newest last.
  let keys: [VerifierKey]

  init(
    _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) {
    let frontier = try LogState(transaction, tables).frontier
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
