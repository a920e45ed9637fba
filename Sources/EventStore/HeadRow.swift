import Cryptography
import LMDB

/// What a transaction leaves of the log's head, in one row: the seal over it, and the newest note that was signed, over
/// the head before it, or over itself once the log is closed.
///
/// seal (32 bytes) ‖ size that the note covers ‖ the note, which may be missing with its size. Earlier versions wrote the
/// seal alone, under another name, and the note as a row of `LogTables.checkpoints`.
struct HeadRow {
  /// The keyed hash over the head, as `HeadWarrant` makes it.
  var seal: [UInt8]
  private(set) var note: (size: UInt64, text: [UInt8])?

  init(seal: [UInt8]) { self.seal = seal }

  /// Reads a row; `nil` for what is none.
  init?(_ row: [UInt8]) {
    guard row.count == 32 || row.count > 40 else { return nil }
    seal = Array(row[..<32])
    if row.count > 40 { note = (bigEndian(row.span, at: 32), Array(row[40...])) }
  }

  /// The row's bytes.
  var bytes: [UInt8] { seal + (note.map { bigEndian($0.size) + $0.text } ?? []) }

  /// Keeps a note, unless it has a newer one: another process may have left that.
  mutating func keep(_ newer: SignedHead) {
    if note.map({ $0.size <= newer.size }) ?? true {
      note = (newer.size, Array(newer.encoded.utf8))
    }
  }

  /// Forgets a note over more than `size` events.
  mutating func forget(beyond size: UInt64) {
    if let note, note.size > size { self.note = nil }
  }
}

extension LogTables {
  /// What the last transaction has left of the head; `nil` where that is damaged, or was never written.
  func head(in transaction: borrowing ReadTransaction) throws(LMDBError) -> HeadRow? {
    if let row = try transaction.value(at: MetaKey.head, in: meta) { return HeadRow(row) }
    return try transaction.value(at: MetaKey.headSeal, in: meta).flatMap { HeadRow($0) }
  }

  /// Replaces what is left of the head, which earlier versions do not understand.
  func put(_ head: HeadRow, _ transaction: inout WriteTransaction) throws(LMDBError) {
    try transaction.put(head.bytes, at: MetaKey.head, in: meta)
    try transaction.delete(MetaKey.headSeal, in: meta)
    try raiseFormat(&transaction)
  }

  /// Says that the folder is of the format that this version writes.
  func raiseFormat(_ transaction: inout WriteTransaction) throws(LMDBError) {
    let format = Array(EventLog.format.utf8)
    guard try transaction.value(at: MetaKey.format, in: meta) != format else { return }
    try transaction.put(format, at: MetaKey.format, in: meta)
  }

  /// The keys that have signed for the log, the newest last.
  func signers(in transaction: borrowing ReadTransaction) throws(LMDBError) -> [VerifierKey] {
    VerifierKey.listed(
      in: (try transaction.value(at: MetaKey.formerKeys, in: meta) ?? [])
        + (try transaction.value(at: MetaKey.publicKey, in: meta) ?? []))
  }

  /// Removes what is left of the head.
  func deleteHead(_ transaction: inout WriteTransaction) throws(LMDBError) {
    for key in [MetaKey.head, MetaKey.headSeal] { try transaction.delete(key, in: meta) }
  }

  /// The stored note over exactly `size` events, or `nil`.
  func note(
    over size: UInt64, in transaction: borrowing ReadTransaction
  ) throws(LMDBError) -> [UInt8]? {
    if let row = try transaction.value(at: bigEndian(size), in: checkpoints) { return row }
    guard let note = try head(in: transaction)?.note, note.size == size else { return nil }
    return note.text
  }

  /// The newest stored note and how many events it covers, or `nil`.
  func newestNote(
    in transaction: borrowing ReadTransaction
  ) throws(LMDBError) -> (size: UInt64, text: [UInt8])? {
    let newest = try head(in: transaction)?.note
    var cursor = try transaction.cursor(checkpoints)
    guard let entry = try cursor.last() else { return newest }
    let size = try storedNumber(entry.key, "a key of the table 'checkpoints'")
    if let newest, newest.size > size { return newest }
    return (size, Array(copying: entry.value))
  }
}

extension Stage {
  /// Seals the head that the transaction leaves, and stores the note over the one before it.
  func leaveHead(
    of origin: String, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let head = Checkpoint(origin: origin, size: state.frontier.size, root: state.frontier.root)
    let seal = HeadWarrant.seal(head, try keyring.storeKeys().head)
    let (tables, note) = (tables, state.note)
    try stored { () throws(LMDBError) in
      var row = try tables.head(in: transaction.reading) ?? HeadRow(seal: seal)
      row.seal = seal
      if let note, note.size > 0 { try keep(note, in: &row, &transaction) }
      try tables.put(row, &transaction)
    }
  }

  /// Stores the note over the head, which stays as it is, unless it is stored already.
  func storeNote(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let (tables, note) = (tables, state.note)
    try stored { () throws(LMDBError) in
      guard let note, note.size > 0,
        try tables.note(over: note.size, in: transaction.reading) == nil,
        var row = try tables.head(in: transaction.reading)
      else { return }
      try keep(note, in: &row, &transaction)
      try tables.put(row, &transaction)
    }
  }

  /// Keeps a note in the row of the head, and for ever where none of its 256 sizes has one.
  private func keep(
    _ note: SignedHead, in row: inout HeadRow, _ transaction: inout WriteTransaction
  ) throws(LMDBError) {
    row.keep(note)
    // Another process may have stored later ones.
    var kept: UInt64?
    do {
      var cursor = try transaction.cursor(tables.checkpoints)
      if let entry = try cursor.seek(atOrBefore: bigEndian(note.size | 255).span) {
        kept = try storedNumber(entry.key, "a key of the table 'checkpoints'")
      }
    }
    if let kept, kept / 256 == note.size / 256 { return }
    try transaction.put(
      Array(note.encoded.utf8), at: bigEndian(note.size), in: tables.checkpoints)
  }
}
