import Cryptography
import LMDB

/// Which folder keeps an escrow up to date: a copy of it, which names the same escrow, must not.
///
/// Were the escrow written from a copy that somebody tries something with, the log itself could not be restored any more.
/// A folder is known by the inodes of `log` and of the file in it, which stay when it is moved or the machine starts again,
/// and which no copy of the files has; the number of a disk does not stay. A clone of a whole disk has the same ones: there,
/// only what the escrow holds tells the two apart, once one of them has written it.
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
    try keep((path: Array(path.utf8), keeper: try EscrowKeeper(folder, escrow: path).row))
  }

  /// Notes that this folder keeps an escrow that an earlier version has begun, so that no copy writes it that is made from
  /// now on.
  func noteKeeper() throws(EventLogError) {
    guard let path = try escrowPath(), try keptEscrow().keeper == nil else { return }
    try keep(path)
  }

  /// What the log says of its escrow: where it lies, and the row of the folder that keeps it.
  typealias KeptEscrow = (path: [UInt8]?, keeper: [UInt8]?)

  func keptEscrow() throws(EventLogError) -> KeptEscrow {
    (
      try tables.metaValue(at: MetaKey.escrow, in: environment),
      try tables.metaValue(at: MetaKey.escrowKeeper, in: environment)
    )
  }

  /// Notes what `keptEscrow` has given, or that there is none.
  func keep(_ kept: KeptEscrow) throws(EventLogError) {
    try stored { () throws(LMDBError) in
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        for (key, row) in [(MetaKey.escrow, kept.path), (MetaKey.escrowKeeper, kept.keeper)] {
          if let row {
            try transaction.put(row, at: key, in: tables.meta)
          } else {
            try transaction.delete(key, in: tables.meta)
          }
        }
      }
    }
  }

  /// Whether the escrow is this folder's to change; of one whose keeper could not be noted yet, nobody can tell.
  func isKeeper() throws(EventLogError) -> Bool {
    guard let path = try escrowPath(), let row = try keptEscrow().keeper else { return true }
    return row == (try EscrowKeeper(folder, escrow: path)).row
  }

  /// The escrow at `path`; `nil` where there is no file.
  ///
  /// - Throws: `.invalid` for another log's, and for what is no escrow that can be read.
  func ownEscrow(at path: String) throws(EventLogError) -> Escrow? {
    guard let file = try Escrow.read(path) else { return nil }
    guard let escrow = Escrow(file: file) else {
      throw .invalid(
        "The file '\(path)' is no escrow that can be read, and is not written over. Give another path, or move "
          + "the file away first.")
    }
    guard escrow.signing.origin == origin else {
      throw .invalid(
        "The escrow '\(path)' belongs to the log '\(escrow.signing.origin)', which could not be restored without "
          + "it, and is not written over for the log '\(origin)'. Give another path, or move the file away first."
      )
    }
    return escrow
  }

  /// Whether this log goes on from all that an escrow tells of it, and not from another copy of the folder.
  func continues(_ escrow: Escrow) throws(EventLogError) -> Bool {
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
      guard VerifierKey.listed(in: names).contains(escrow.signing.verifier) else { return false }
      return try escrow.history(in: transaction, tables) == .whole
    }
  }

  /// Whether the escrow that the log names is another folder's.
  func isOthers(_ path: String) throws(EventLogError) -> Bool {
    guard try isKeeper() else { return true }
    guard let escrow = try? ownEscrow(at: path) else { return false }
    return try !continues(escrow)
  }
}

/// How the events of a log stand to those that an escrow's checkpoint covers.
enum EscrowHistory: Equatable {
  /// The log goes on from them.
  case whole
  /// It has `size` of them, of `known`.
  case setBack(size: UInt64, known: UInt64)
  /// It has others.
  case other
}

extension Escrow {
  /// How a log, as a snapshot shows it, stands to what this tells of it.
  func history(
    in transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) -> EscrowHistory {
    guard let kept = Checkpoint(note: checkpoint) else { return .other }
    let size = try LogState.size(transaction, tables)
    guard kept.size <= size else { return .setBack(size: size, known: kept.size) }
    return try LogState.frontier(of: kept.size, transaction, tables).root == kept.root
      ? .whole : .other
  }
}
