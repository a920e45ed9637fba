import Cryptography
import Dispatch
import LMDB
import Synchronization

/// A signed checkpoint as it is stored and answered.
struct SignedHead: Sendable {
  /// How many events it covers.
  let size: UInt64
  let note: SignedNote
  /// The exact text of the note.
  let encoded: String
  /// Which key signed it last.
  let keyID: [UInt8]

  init(_ note: SignedNote, size: UInt64) {
    self.size = size
    self.note = note
    encoded = note.encoded
    keyID = note.signatures.last?.keyID ?? []
  }

  /// The note that is stored over `size` events, if there is one.
  init?(
    _ size: UInt64, _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) {
    let row = try stored { () throws(LMDBError) in
      try tables.note(over: size, in: transaction)
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

/// The head of a tree that the disk is being given, signed on another core meanwhile.
///
/// Nobody sees the signature unless the disk has taken what it covers: whoever asks for it has committed first.
final class UpcomingHead: Sendable {
  private static let queue = DispatchQueue(label: "senko.signer")
  private let result = Mutex<Result<SignedHead, EventLogError>?>(nil)
  private let isSigned = DispatchSemaphore(value: 0)

  /// Begins to sign.
  ///
  /// - Parameter used: what the transaction needs no more; while the disk writes is the time to give it back.
  init(_ frontier: Frontier, signedBy key: SigningKey, dropping used: consuming [PreparedAppends?])
  {
    Self.queue.async { [used] in
      let result = Result { () throws(EventLogError) in try key.signedHead(frontier) }
      self.result.withLock { $0 = result }
      self.isSigned.signal()
      withExtendedLifetime(used) {}
    }
  }

  /// The signed head, once, when it is there.
  func signed() throws(EventLogError) -> SignedHead {
    isSigned.wait()
    guard let result = result.withLock(\.self) else { throw .closed }
    return try result.get()
  }
}
