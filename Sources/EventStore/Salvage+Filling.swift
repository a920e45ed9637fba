import Cryptography
import LMDB

extension Salvage {
  /// Sees to it that the log describes itself.
  mutating func describe(
    _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    guard torn.contains("meta") else { return }
    let (tables, meta) = (log.tables, log.tables.meta)
    var rows: [[UInt8]: [UInt8]] = [:]
    if let file = try Files.readKey(folder.signingKey), let key = SigningKey(file: file) {
      rows[MetaKey.origin] = Array(key.origin.utf8)
      rows[MetaKey.publicKey] = key.name
    }
    for key in [
      MetaKey.format, MetaKey.formerKeys, MetaKey.escrow, MetaKey.escrowKeeper, MetaKey.untold,
    ] {
      for copy in try kin(rows[MetaKey.origin]) where rows[key] == nil {
        rows[key] = try copy.value(at: key, in: \.meta)
      }
    }
    rows[MetaKey.format] = Array(EventLog.format.utf8)
    let secret = try stored { () throws(LMDBError) in
      try transaction.value(at: SubjectID.store.bytes, in: tables.keys)
    }
    let inForce = wrapping.first { key in
      secret.flatMap { try? key.unwrap($0, of: .store) } != nil
    }
    let generation = (inForce ?? wrapping.first).map { bigEndian($0.generation) }
    let (found, isOlder) = (rows, isOlder)
    try stored { () throws(LMDBError) in
      for (key, row) in found where try transaction.value(at: key, in: meta) == nil {
        try transaction.put(row, at: key, in: meta)
      }
      let named = try transaction.value(at: MetaKey.generation, in: meta)
      if let generation, isOlder || named == nil {
        try transaction.put(generation, at: MetaKey.generation, in: meta)
      }
    }
    unrepaired.append(
      "What the log says of its escrow may be of an older time: keep the escrow anew before anybody is erased."
    )
  }

  /// What was gathered, and the backups of a log of this name: what others say that nothing proves is of other logs.
  private func kin(_ origin: [UInt8]?) throws(EventLogError) -> [LogCopy] {
    var kin = Array(copies.prefix(1))
    for copy in copies.dropFirst() {
      if try copy.value(at: MetaKey.origin, in: \.meta) == origin { kin.append(copy) }
    }
    return kin
  }

  /// Puts in what a repair takes from no backup, since there it is not damaged: checkpoints, whom nobody has a key of,
  /// and the files that an erasure has yet to remove.
  func fill(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let tables = log.tables
    let (origin, keys) = try stored { () throws(LMDBError) in
      (
        try transaction.value(at: MetaKey.origin, in: tables.meta),
        try tables.signers(in: transaction.reading)
      )
    }
    // Ahead of what is missing, the last head may be a backup's.
    for (name, table) in tables.named
    where torn.contains(name) || isRest && name == "checkpoints" {
      for (index, copy) in try kin(origin).enumerated() {
        // Of these, an older copy tells nothing about now.
        let isTold = name == "checkpoints" || name == "erased" || name == "unlinking" && index == 0
        guard isTold, let rows = copy.tables.named.first(where: { $0.0 == name })?.1 else {
          continue
        }
        let note = name == "checkpoints" ? try copy.noteBeside : nil
        for (key, value) in try copy.rows(of: rows) + [note].compactMap(\.self)
        where name != "checkpoints" || SignedNote(signedBy: keys, value) != nil {
          try stored { () throws(LMDBError) in
            guard try transaction.value(at: key, in: table) == nil else { return }
            if name == "erased", try transaction.value(at: key, in: tables.keys) != nil { return }
            try transaction.put(value, at: key, in: table)
          }
        }
      }
    }
    // The index is made anew where it lacks a command.
    if torn.contains("command-index"), let index = tables.commandIndex {
      try stored { () throws(LMDBError) in try transaction.clear(index) }
    }
  }

  /// Removes what an older snapshot, or a row that was found, has brought back of the erased.
  func forgetErased(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let tables = log.tables
    let erased = try stored { () throws(LMDBError) in
      var erased: [SubjectID] = []
      var cursor = try transaction.cursor(tables.erased)
      while let entry = try cursor.next() {
        if let subject = SubjectID([UInt8](copying: entry.key)) { erased.append(subject) }
      }
      return erased
    }
    for subject in erased {
      let key = try stored { () throws(LMDBError) in
        try transaction.value(at: subject.bytes, in: tables.keys)
      }
      if key == nil { try Stage.deleteValues(of: subject, tables, &transaction) }
    }
  }

  /// Seals the head, and notes the new file where the log's own is known to keep the escrow.
  func seal(
    _ head: Checkpoint, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let meta = log.tables.meta
    let seal = try headKey(&transaction).map { HeadWarrant.seal(head, $0) }
    let (path, keeper) = try stored { () throws(LMDBError) in
      (
        try transaction.value(at: MetaKey.escrow, in: meta),
        try transaction.value(at: MetaKey.escrowKeeper, in: meta)
      )
    }
    var kept = keeper
    if let path {
      let path = String(decoding: path, as: UTF8.self)
      if try EscrowKeeper(folder, escrow: path).row == keeper {
        kept = try EscrowKeeper(place, escrow: path).row
      }
    }
    let (row, tables) = (kept, log.tables)
    try stored { () throws(LMDBError) in
      if let row { try transaction.put(row, at: MetaKey.escrowKeeper, in: meta) }
      var left = try tables.head(in: transaction.reading)
      left?.forget(beyond: head.size)
      if let seal {
        left = left ?? HeadRow(seal: seal)
        left?.seal = seal
        if let left { try tables.put(left, &transaction) }
      } else {
        if let note = left?.note {
          try transaction.put(note.text, at: bigEndian(note.size), in: tables.checkpoints)
        }
        try tables.deleteHead(&transaction)
      }
    }
  }

  /// What seals heads, if the log's own secret can be opened.
  func headKey(_ transaction: inout WriteTransaction) throws(EventLogError) -> KeyedSHA256? {
    let keys = log.tables.keys
    var rows = [
      try stored { () throws(LMDBError) in
        try transaction.value(at: SubjectID.store.bytes, in: keys)
      }
    ]
    for copy in copies { rows.append(try copy.value(at: SubjectID.store.bytes, in: \.keys)) }
    for row in rows.compactMap(\.self) {
      for key in wrapping {
        guard let secret = try? key.unwrap(row, of: .store) else { continue }
        return Keyring.StoreKeys(secret).head
      }
    }
    return nil
  }

}

extension LogCopy {
  /// The checkpoint that lies beside a backup, as a row of the table of checkpoints.
  fileprivate var noteBeside: (key: [UInt8], value: [UInt8])? {
    get throws(EventLogError) {
      guard let note = try Files.read(folder.checkpoint),
        let checkpoint = Checkpoint(note: String(decoding: note, as: UTF8.self))
      else { return nil }
      return (bigEndian(checkpoint.size), note)
    }
  }
}

extension SignedNote {
  /// Reads a note that one of these keys has signed.
  fileprivate init?(signedBy keys: [VerifierKey], _ bytes: [UInt8]) {
    self.init(String(decoding: bytes, as: UTF8.self))
    guard keys.contains(where: { $0.verifies(self) }) else { return nil }
  }
}
