import Cryptography
import LMDB

/// What vouches for a log's head on the disk, where whoever can write the files may have changed it.
///
/// Every transaction seals the head that it leaves with a keyed hash, by a key that is derived from the log's own
/// secret. Its signature is stored by the next transaction, or when the log is closed: without the seal, an end that
/// was rewritten without any key would look like one that a crash has left, and be signed by the next start.
struct HeadWarrant {
  /// The keyed hash, as it is stored.
  let seal: [UInt8]?
  /// Stored notes, one of which may be over the head.
  let notes: [SignedNote]

  /// What is stored of the head over `size` events.
  ///
  /// - Parameter note: one that lies elsewhere.
  init(
    _ size: UInt64, _ transaction: borrowing ReadTransaction, _ tables: LogTables,
    note: String? = nil
  ) throws(EventLogError) {
    let (head, row) = try stored { () throws(LMDBError) in
      (try tables.head(in: transaction), try tables.note(over: size, in: transaction))
    }
    seal = head?.seal
    notes = [note, row.map { String(decoding: $0, as: UTF8.self) }].compactMap(\.self)
      .compactMap { SignedNote($0) }
  }

  /// Whether the seal is over `head`, or a note over it is signed by one of `keys`; the head of an empty log needs
  /// neither.
  func covers(_ head: Checkpoint, signedBy keys: [VerifierKey], sealedBy key: KeyedSHA256?) -> Bool
  {
    if head.size == 0 { return true }
    if let seal, let key, seal == Self.seal(head, key) { return true }
    return notes.contains { note in note.text == head.text && keys.contains { $0.verifies(note) } }
  }

  /// Whether a seal is there that is not over `head`, though a note may cover it: a bit of the seal was changed.
  func isBroken(_ head: Checkpoint, by key: KeyedSHA256?) -> Bool {
    guard let seal, let key else { return false }
    return seal != Self.seal(head, key)
  }

  /// The keyed hash over a head.
  static func seal(_ head: Checkpoint, _ key: KeyedSHA256) -> [UInt8] {
    let bytes = Array(head.origin.utf8) + [0x0A] + bigEndian(head.size) + head.root.bytes
    return key.authenticate(bytes.span).bytes
  }

  /// Why a log whose head nothing covers is not gone on from.
  static func problem(_ size: UInt64) -> String {
    "Nothing vouches for the end of the \(size) events: no stored checkpoint covers them, and the seal over them is "
      + "missing or another's. Somebody has changed the log's file. Restore from a backup; a checkpoint kept "
      + "elsewhere shows how far the events are what they were: verify them against it."
  }
}

extension EventLog {
  /// Refuses to go on from an end that this log has neither signed nor sealed, and from a tree that is not the one
  /// that was signed last.
  func checkHead() throws(EventLogError) {
    // Where the secret is damaged, a signature still tells.
    let key = (try? keyring.storeKeys())?.head
    let signer = signer.current.verifier
    let problem: EventLogError?
    do {
      problem = try environment.read { (transaction) throws(EventLogError) in
        let size = try LogState.size(transaction, tables)
        let note = try stored { () throws(LMDBError) in try tables.newestNote(in: transaction) }
        if let note {
          guard let newest = Checkpoint(note: String(decoding: note.text, as: UTF8.self)),
            newest.size == note.size
          else { return .damaged("The newest stored checkpoint") }
          guard newest.size <= size else { return .damaged("The end of the log") }
          let root = try LogState.frontier(of: newest.size, transaction, tables).root
          guard root == newest.root else {
            return .damaged("The tree over \(newest.size) events")
          }
        }
        let head = Checkpoint(
          origin: signer.name, size: size,
          root: try LogState.frontier(of: size, transaction, tables).root)
        let warrant = try HeadWarrant(size, transaction, tables)
        return warrant.covers(head, signedBy: [signer], sealedBy: key)
          ? nil : .inconsistent(HeadWarrant.problem(size))
      }
    } catch {
      throw EventLogError(error)
    }
    if let problem { throw problem }
  }
}
