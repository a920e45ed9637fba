import Cryptography
import LMDB

/// Which folder keeps an escrow up to date: a copy of it, which names the same escrow, must not.
///
/// Were the escrow written from a copy that somebody tries something with, the log itself could not be restored any more.
/// A folder is known by the inodes of `log` and of the file in it, which stay when it is moved or the machine starts again,
/// and which no copy has; the number of a disk does not stay.
struct EscrowKeeper {
  /// Two inodes, and eight bytes of the SHA-256 of them and the escrow's path, by which a row that was changed is found.
  let row: [UInt8]

  init(_ folder: LogFolder, escrow path: String) throws(EventLogError) {
    self.init(
      try Files.inode(folder.log), try Files.inode(folder.log + "/data.mdb"),
      escrow: Array(path.utf8))
  }

  private init(_ log: UInt64, _ file: UInt64, escrow path: [UInt8]) {
    let inodes = bigEndian(log) + bigEndian(file)
    row = inodes + SHA256.hash(inodes + path).bytes.prefix(8)
  }

  /// Whether a row is one for this escrow, of whichever folder.
  static func isWhole(_ row: [UInt8], escrow path: [UInt8]) -> Bool {
    guard row.count == 24 else { return false }
    return row
      == EscrowKeeper(bigEndian(row.span, at: 0), bigEndian(row.span, at: 8), escrow: path).row
  }
}

extension EventLog {
  /// Notes that this folder keeps the escrow at `path` from now on.
  func keep(_ path: String) throws(EventLogError) {
    let keeper = try EscrowKeeper(folder, escrow: path)
    try stored { () throws(LMDBError) in
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        try transaction.put(Array(path.utf8), at: MetaKey.escrow, in: tables.meta)
        try transaction.put(keeper.row, at: MetaKey.escrowKeeper, in: tables.meta)
      }
    }
  }

  /// Whether the escrow is this folder's to change; of one that an older version has begun, nobody can tell.
  func isKeeper() throws(EventLogError) -> Bool {
    guard let path = try escrowPath(),
      let row = try tables.metaValue(at: MetaKey.escrowKeeper, in: environment)
    else { return true }
    return row == (try EscrowKeeper(folder, escrow: path)).row
  }

  /// Whether this log goes on from all that an escrow tells of it, and not from another copy of the folder.
  func continues(_ escrow: Escrow) throws(EventLogError) -> Bool {
    guard let kept = Checkpoint(note: escrow.checkpoint) else { return false }
    let (key, former) = (try keyring.key(), escrow.wrapping)
    // Of a former generation, no key is left to compare.
    let isOlder = former.generation < key.generation
    guard isOlder || former.generation == key.generation && former.key.bytes == key.key.bytes else {
      return false
    }
    return try snapshot { (transaction) throws(EventLogError) in
      let names = try stored { () throws(LMDBError) in
        (try transaction.value(at: MetaKey.formerKeys, in: tables.meta) ?? [])
          + (try transaction.value(at: MetaKey.publicKey, in: tables.meta) ?? [])
      }
      guard VerifierKey.listed(in: names).contains(escrow.signing.verifier),
        kept.size <= (try LogState.size(transaction, tables))
      else { return false }
      return try LogState.frontier(of: kept.size, transaction, tables).root == kept.root
    }
  }

  /// Whether the escrow that the log names is another folder's.
  func isOthers(_ path: String) throws(EventLogError) -> Bool {
    guard try isKeeper() else { return true }
    guard let file = try? Escrow.read(path), let escrow = Escrow(file: file),
      escrow.signing.origin == origin
    else { return false }
    return try !continues(escrow)
  }
}
