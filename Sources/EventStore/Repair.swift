import Cryptography
import LMDB

/// What a repair did.
public struct RepairReport: Sendable, Hashable {
  /// The events whose bytes were taken from a backup, or whose leaf was hashed anew.
  public var events: [Position] = []
  /// How many nodes of the tree were hashed anew, or removed as none of it.
  public var nodes = 0
  /// How many sealed values, documents, blobs and wrapped keys were taken from a backup.
  public var values = 0
  /// The events of which a backup told again with what idempotency key they were appended.
  public var commands: [Position] = []
  /// What could not be repaired: sentences.
  public var unrepaired: [String] = []
  /// Where the log's file is kept as it was, if its pages did not hang together and it was made anew.
  public var kept: String?
  /// Where earlier repairs have kept it, also such as were cut off.
  public var keptEarlier: [String] = []
}

/// Puts back what is damaged in the log of `directory`, record by record, from any older copies.
///
/// Only bytes are taken that the log's tree or events commit to, and nothing of an erased subject. When the
/// tree that results has not every root that was signed, nothing is changed. No other process may have the
/// log open.
///
/// A file whose pages do not hang together any more is made anew from all of them that can be read, beside the old one,
/// which is kept; that takes as much room on the disk again.
///
/// - Parameters:
///   - backups: folders made by `backup`; there may be none.
///   - lastCheckpoint: the note that no other followed; to be stated where the file does not tell any more what its last
///     transaction was.
/// - Throws: `.locked`, `.damaged` when the tree cannot be made whole, `.inconsistent` when events are missing of a file
///   that has to be made anew, or nothing vouches for its end; `.diskFull`, `.storage`.
public func repairLog(
  directory: String, from backups: [String], lastCheckpoint: String? = nil
) throws(EventLogError) -> RepairReport {
  let folder = LogFolder(path: directory)
  guard Files.exists(folder.log) || SalvageFolder.waits(in: folder) else {
    throw folder.fileMissing
  }
  let lock = try FileLock(folder.lock, exclusive: true, waiting: false)
  defer { lock.release() }
  let sources = try openSources(backups)
  try SalvageFolder.finishBegun(in: folder)
  guard Files.isFilled(folder.log + "/data.mdb") else { throw folder.fileMissing }
  let earlier = try SalvageFolder.kept(in: folder)
  var report =
    try Salvage.isNeeded(in: folder)
    ? Salvage.run(in: folder, from: sources, last: lastCheckpoint) : mend(folder, from: sources)
  report.keptEarlier = earlier
  return report
}

/// Puts back single records in a file whose pages hang together.
private func mend(
  _ folder: LogFolder, from sources: [LogCopy]
) throws(EventLogError) -> RepairReport {
  let log = try LogCopy(folder.path, readOnly: false)
  do {
    return try log.environment.write {
      (transaction: inout WriteTransaction) throws(EventLogError) in
      try log.mendNewestNote(&transaction)
      var repair = TreeRepair(log.tables, sources, head: try log.sealedHead(&transaction))
      try repair.run(&transaction)
      var values = ValueRepair(log, sources, repair.report)
      try values.run(&transaction)
      return values.report
    }
  } catch {
    throw EventLogError(error)
  }
}

extension LogCopy {
  /// Puts right how many events the note beside the seal is said to cover, and forgets one that the log has not signed: no
  /// log opens with it, and the seal tells as well where the log ends.
  func mendNewestNote(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let tables = tables
    try stored { () throws(LMDBError) in
      guard let head = try tables.head(in: transaction.reading), let text = head.note?.text
      else { return }
      let keys = try tables.signers(in: transaction.reading)
      var mended = HeadRow(seal: head.seal)
      if let note = SignedNote(String(decoding: text, as: UTF8.self)),
        let checkpoint = Checkpoint(text: note.text),
        keys.count(where: { $0.verifies(note) }) == note.signatures.count
      {
        mended.keep(SignedHead(note, size: checkpoint.size))
      }
      if mended.bytes != head.bytes { try tables.put(mended, &transaction) }
    }
  }

  /// The head that the log's own secret has sealed and no note is over, since a crash came first, as the leaves or else the
  /// events give it; `nil` where there is none, or neither does.
  fileprivate func sealedHead(
    _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> Checkpoint? {
    let size = try LogState.size(transaction.reading, tables)
    let (note, origin, generation) = try stored { () throws(LMDBError) in
      (
        try tables.note(over: size, in: transaction.reading),
        try transaction.value(at: MetaKey.origin, in: tables.meta) ?? [],
        try transaction.value(at: MetaKey.generation, in: tables.meta)
      )
    }
    let (seal, secret) = try stored { () throws(LMDBError) in
      (
        try tables.head(in: transaction.reading)?.seal,
        try transaction.value(at: SubjectID.store.bytes, in: tables.keys)
      )
    }
    guard note == nil, let seal, let secret,
      let wrapping = try? Keyring.load(try Keyring.generation(generation), in: folder),
      let store = try? wrapping.unwrap(secret, of: .store)
    else { return nil }
    let search = HeadSearch(
      origin: String(decoding: origin, as: UTF8.self), roots: [:], seals: [seal],
      key: Keyring.StoreKeys(store).head)
    for trustingEvents in [false, true] {
      let head = try search.head(of: size, trustingEvents: trustingEvents, &transaction, tables)
      if search.seal(over: head) == seal { return head }
    }
    return nil
  }
}

/// Opens backups to take from.
func openSources(_ backups: [String]) throws(EventLogError) -> [LogCopy] {
  var sources: [LogCopy] = []
  for backup in backups {
    do throws(EventLogError) { sources.append(try LogCopy(backup)) } catch {
      throw .invalid("The backup '\(backup)' cannot be used: \(error) Give another one.")
    }
  }
  return sources
}

/// Makes events, leaves and nodes fit each other and what was signed.
struct TreeRepair {
  private let tables: LogTables
  private let sources: [LogCopy]
  private(set) var report = RepairReport()
  /// What belongs in the place of events that are damaged, once the roots have told that it is right.
  private var mended: [(event: [UInt8], leaf: Digest, position: Position)] = []
  /// The roots that were signed, by the size of the tree.
  private(set) var roots: [UInt64: Digest] = [:]

  /// - Parameter head: one that is known to be right beside those that were signed.
  init(_ tables: LogTables, _ sources: [LogCopy], head: Checkpoint? = nil) {
    self.tables = tables
    self.sources = sources
    if let head { roots[head.size] = head.root }
  }

  /// What is taken for true where an event and its leaf differ, and no copy vouches for either.
  private enum Trust: CaseIterable {
    case leaves, events, copies
  }

  /// Where event and leaf differ and no copy decides, first the leaf is taken for the true one, then the event, then what
  /// the copies have of both; the signed roots tell.
  mutating func run(_ transaction: inout WriteTransaction) throws(EventLogError) {
    var failure: EventLogError?
    for trust in Trust.allCases {
      (report, mended) = (RepairReport(), [])
      do throws(EventLogError) {
        try run(trusting: trust, &transaction)
        return try putMended(LogState.size(transaction.reading, tables), &transaction)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  private mutating func run(
    trusting trust: Trust, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let size = try LogState.size(transaction.reading, tables)
    try readRoots(&transaction)
    guard let signed = roots.keys.max(), signed <= size else {
      throw .damaged("The end of the log")
    }
    var hasher = SHA256Hasher()
    var frontier = Frontier()
    for index in 0..<size {
      let leaf = try leaf(index, trusting: trust, &transaction)
      var completed: [(Int, UInt64, Digest)] = []
      frontier.append(leaf, &hasher) { height, index, hash in
        if height > 0, StoredNodes.stores(height) { completed.append((height, index, hash)) }
      }
      for (height, index, hash) in completed {
        try mend(hash.bytes, at: StoredNodes.key(height, index), &transaction)
      }
      if let root = roots[frontier.size], root != frontier.root {
        throw .damaged("The tree over \(frontier.size) events, even with what the backups hold,")
      }
    }
  }

  /// Reads the notes of the log, which its own keys are to have signed.
  mutating func readRoots(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let tables = tables
    let notes = try stored { () throws(LMDBError) in
      var notes: [String] = []
      var cursor = try transaction.cursor(tables.checkpoints)
      while let entry = try cursor.next() {
        notes.append(String(decoding: [UInt8](copying: entry.value), as: UTF8.self))
      }
      if let newest = try tables.head(in: transaction.reading)?.note {
        notes.append(String(decoding: newest.text, as: UTF8.self))
      }
      return notes
    }
    let keys = try stored { () throws(LMDBError) in
      try tables.signers(in: transaction.reading)
    }
    for text in notes {
      guard let note = SignedNote(text), let checkpoint = Checkpoint(text: note.text),
        keys.contains(where: { $0.verifies(note) })
      else {
        report.unrepaired.append("A stored checkpoint is not readable or not signed.")
        continue
      }
      roots[checkpoint.size] = checkpoint.root
    }
  }

  /// The leaf of an event, after mending whichever of the two is damaged.
  private mutating func leaf(
    _ index: UInt64, trusting trust: Trust, _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> Digest {
    let position = Position(rawValue: index + 1)
    let tables = tables
    let (event, stored) = try stored { () throws(LMDBError) in
      (
        try transaction.value(at: position.key, in: tables.events),
        try transaction.reading.leaf(at: index, in: tables)
      )
    }
    let own = event.map { MerkleHash.leaf($0.span) }
    if let own, own == stored { return own }
    let takesAny = own == nil || trust == .copies || stored == nil && trust == .leaves
    if let (event, leaf) = try copied(
      position, vouchedForBy: [stored, own], orItself: takesAny)
    {
      mended.append((event, leaf, position))
      return leaf
    }
    guard trust != .leaves, let own, let event else {
      guard let stored else { throw .damaged("Event \(position), which no backup given holds,") }
      report.unrepaired.append("Event \(position) is in no backup given.")
      return stored
    }
    mended.append((event, own, position))
    return own
  }

  /// An event from a copy, and its leaf.
  ///
  /// The leaf vouches for the copy's bytes, or the copy for the event's, or else the copy's own leaf for them. The roots
  /// decide in the end.
  private func copied(
    _ position: Position, vouchedForBy leaves: [Digest?], orItself: Bool
  ) throws(EventLogError) -> (event: [UInt8], leaf: Digest)? {
    var whole: (event: [UInt8], leaf: Digest)?
    for source in sources {
      guard let (event, leaf) = try source.event(at: position) else { continue }
      let hash = MerkleHash.leaf(event.span)
      if leaves.contains(hash) { return (event, hash) }
      if orItself, whole == nil, leaf == hash { whole = (event, hash) }
    }
    return whole
  }

  /// Puts events in their places, and their leaves beside them.
  private mutating func putMended(
    _ size: UInt64, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let (tables, mended) = (tables, mended)
    report.events = mended.map(\.position)
    report.nodes += try stored { () throws(LMDBError) in
      for (event, leaf, position) in mended {
        try transaction.put(event, leaf, at: position, in: tables.events)
        try transaction.delete(bigEndian(position.rawValue - 1), in: tables.leaves)
      }
      if !mended.isEmpty { try tables.raiseFormat(&transaction) }
      let unneeded = try tables.unneededLeaves(of: size, in: transaction.reading)
      for key in unneeded { try transaction.delete(key, in: tables.leaves) }
      return unneeded.count
    }
  }

  private mutating func mend(
    _ hash: [UInt8], at key: [UInt8], _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let tables = tables
    let changed = try stored { () throws(LMDBError) in
      guard try transaction.value(at: key, in: tables.nodes) != hash else { return false }
      try transaction.put(hash, at: key, in: tables.nodes)
      return true
    }
    if changed { report.nodes += 1 }
  }
}
