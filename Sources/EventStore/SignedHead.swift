import Cryptography
import LMDB

/// A signed checkpoint as it is stored and answered.
struct SignedHead: Sendable {
  /// How many events it covers.
  let size: UInt64
  /// The exact text of the note.
  let encoded: String
  /// Which key signed it last.
  let keyID: [UInt8]

  init(_ note: SignedNote, size: UInt64) {
    self.size = size
    encoded = note.encoded
    keyID = note.signatures.last?.keyID ?? []
  }

  /// The note that is stored over `size` events, if there is one.
  init?(
    _ size: UInt64, _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) {
    let row = try stored { () throws(LMDBError) in
      try transaction.value(at: bigEndian(size), in: tables.checkpoints)
    }
    guard let row else { return nil }
    guard let note = SignedNote(String(decoding: row, as: UTF8.self)) else {
      throw .damaged("The stored checkpoint over \(size) events")
    }
    self.init(note, size: size)
  }
}

extension SigningKey {
  /// The head of a tree, signed.
  func signedHead(_ frontier: Frontier) throws(EventLogError) -> SignedHead {
    let checkpoint = Checkpoint(origin: origin, size: frontier.size, root: frontier.root)
    do {
      return SignedHead(try sign(checkpoint), size: frontier.size)
    } catch {
      throw .storage(operation: "sign the checkpoint", reason: error.description)
    }
  }
}
