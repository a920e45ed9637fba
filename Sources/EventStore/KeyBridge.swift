import Cryptography
import LMDB

/// A checkpoint that two keys of a log have signed: whoever trusts the one can go on to the other by it.
public struct KeyBridge: Sendable, Hashable {
  /// The key that signed before it.
  public let former: VerifierKey
  /// The key that signs from it on.
  public let key: VerifierKey
  /// The checkpoint's note.
  public let note: SignedNote

  /// Describes a bridge; whether it carries is another question.
  public init(former: VerifierKey, key: VerifierKey, note: SignedNote) {
    self.former = former
    self.key = key
    self.note = note
  }

  /// Whether both keys have signed the note, and it is a checkpoint of the log that both sign for.
  public var carries: Bool {
    guard let checkpoint = Checkpoint(text: note.text) else { return false }
    return former.name == checkpoint.origin && key.name == checkpoint.origin
      && former.verifies(note) && key.verifies(note)
  }

  /// The bridge as one line of canonical JSON, as an export's file `bridges` holds it.
  ///
  /// - Parameter last: the last event that the note covers, which tells by what it names which key came later, and
  ///   the proof that it is.
  func line(last: (event: [UInt8], proof: [Digest])? = nil) -> [UInt8] {
    var members: JSONObject = [
      "former": .string(former.description), "key": .string(key.description),
      "note": .string(note.encoded),
    ]
    if let last {
      members["event"] = .string(String(decoding: last.event, as: UTF8.self))
      members["proof"] = .array(last.proof.map { .string(Base64.encode($0.bytes)) })
    }
    return JSONValue.object(members).encoded() + [0x0A]
  }
}

extension VerifierKey {
  /// Whether `bridges`, the oldest first, lead from this key, which has signed `size` events, to `other`.
  ///
  /// A change of the key is an event of its own: a bridge that covers no more than was seen has been crossed, and
  /// leads nowhere but back to a key that was given up.
  public func leads(
    to other: VerifierKey, over bridges: [KeyBridge], past size: UInt64 = 0
  ) -> Bool {
    var (last, seen) = (self, size)
    for bridge in bridges where bridge.former == last && bridge.carries {
      guard let size = Checkpoint(text: bridge.note.text)?.size, size > seen else { continue }
      (last, seen) = (bridge.key, size)
    }
    return self == other || last == other
  }
}

extension EventLog {
  /// The bridges between the keys that have signed for this log, from the checkpoint over `size` events on, the
  /// oldest first.
  ///
  /// - Complexity: O(n / 256) for n events after `size` in a log whose key was ever changed.
  public func bridges(since size: UInt64 = 0) throws(EventLogError) -> [KeyBridge] {
    do {
      return try environment.read { (transaction) throws(EventLogError) in
        try tables.bridges(since: size, in: transaction)
      }
    } catch {
      throw EventLogError(error)
    }
  }
}

extension LogTables {
  /// The bridges as a snapshot shows them.
  func bridges(
    since size: UInt64 = 0, in transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> [KeyBridge] {
    let (keys, notes) = try stored { () throws(LMDBError) -> ([VerifierKey], [SignedNote]) in
      let former = try transaction.value(at: MetaKey.formerKeys, in: meta) ?? []
      guard !former.isEmpty else { return ([], []) }
      var notes: [SignedNote] = []
      var cursor = try transaction.cursor(checkpoints)
      try cursor.forEach(atOrAfter: bigEndian(size).span) { _, note in
        if SignedNote.signatures(in: note) > 1 {
          notes += [SignedNote(String(decoding: Array(copying: note), as: UTF8.self))].compactMap(
            \.self)
        }
        return true
      }
      let own = try transaction.value(at: MetaKey.publicKey, in: meta) ?? []
      return (VerifierKey.listed(in: former + own), notes)
    }
    return notes.compactMap { note in
      zip(keys, keys.dropFirst()).map { KeyBridge(former: $0, key: $1, note: note) }
        .first(where: \.carries)
    }
  }
}
