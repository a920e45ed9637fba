import Cryptography
import LMDB
import Synchronization

/// The key that signs checkpoints now, read again when another process has changed it.
final class Signer: Sendable {
  private let folder: LogFolder
  private let tables: LogTables
  private let held: Mutex<SigningKey>

  init(folder: LogFolder, tables: LogTables, _ key: SigningKey) {
    self.folder = folder
    self.tables = tables
    held = Mutex(key)
  }

  /// The key that this process used last.
  var current: SigningKey { held.withLock { $0 } }

  /// Takes the key that a rotation of this process has put in force.
  func adopt(_ key: SigningKey) { held.withLock { $0 = key } }

  /// The key that the log names.
  func key(in transaction: borrowing ReadTransaction) throws(EventLogError) -> SigningKey {
    let name = try stored { () throws(LMDBError) in
      try transaction.value(at: MetaKey.publicKey, in: tables.meta)
    }
    let present = current
    if name == present.name { return present }
    let key = try Self.load(name, in: folder)
    adopt(key)
    return key
  }

  /// The key of this public name, from its file or, in the middle of a rotation, from the next one's.
  static func load(_ name: [UInt8]?, in folder: LogFolder) throws(EventLogError) -> SigningKey {
    var found = false
    // Another process may put the next key in its place between the two, so that it is found under neither name.
    for path in [folder.signingKey, folder.nextSigningKey, folder.signingKey] {
      guard let file = try Files.readKey(path) else { continue }
      found = true
      if let key = SigningKey(file: file), key.name == name { return key }
    }
    throw .keyFile(
      name: "signing-key",
      reason: found ? "it is not the key that this log names" : "it is not there")
  }
}
