import Cryptography
import LMDB

extension Verifier {
  /// A key with how far its word goes.
  struct TrustedKey {
    let key: VerifierKey
    /// The size of the bridge at which another key took its place; what it signs beyond that is nobody's word.
    var last = UInt64.max

    func vouches(for noted: Noted) -> Bool {
      noted.checkpoint.size <= last && key.verifies(noted.note)
    }
  }

  /// The key that is trusted, and those of the log that bridging notes tie to it, each up to where it was replaced.
  ///
  /// From the trusted key one way leads on to its successors, and one back to those ahead of it. A successor of a
  /// former key that is not on that way is none: whoever has an old key could make as many as he likes.
  func trusted(
    from first: VerifierKey, among keys: [VerifierKey], _ notes: [Noted]
  ) throws(EventLogError) -> [TrustedKey] {
    let bridges = try bridges(between: keys, notes)
    var trusted = [TrustedKey(key: first)]
    var crossed: UInt64 = 0
    for bridge in bridges
    where bridge.former == trusted[trusted.count - 1].key && bridge.size > crossed {
      trusted[trusted.count - 1].last = bridge.size
      trusted.append(TrustedKey(key: bridge.key))
      crossed = bridge.size
    }
    for bridge in bridges.reversed()
    where bridge.key == trusted[0].key && bridge.size < trusted[0].last {
      trusted.insert(TrustedKey(key: bridge.former, last: bridge.size), at: 0)
    }
    return trusted
  }

  /// What notes bridge two of the keys, by their sizes.
  private func bridges(
    between keys: [VerifierKey], _ notes: [Noted]
  ) throws(EventLogError) -> [(former: VerifierKey, key: VerifierKey, size: UInt64)] {
    var bridges: [(former: VerifierKey, key: VerifierKey, size: UInt64)] = []
    for noted in notes where noted.note.signatures.count > 1 {
      let signers = keys.filter { $0.verifies(noted.note) }
      guard signers.count == 2 else { continue }
      let size = noted.checkpoint.size
      // The list of keys is signed by nobody. The event is, by both: its word goes first.
      let next = SHA256.hash(Array(signers[0].description.utf8)).hex
      let isTurned = try named(at: size) == next
      bridges.append((signers[isTurned ? 1 : 0], signers[isTurned ? 0 : 1], size))
    }
    return bridges.sorted { $0.size < $1.size }
  }

  /// The SHA-256 of the key that comes next, as the event of a change of keys has it.
  private func named(at size: UInt64) throws(EventLogError) -> String? {
    let bytes = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: bigEndian(size), in: tables.events)
      }
    }
    return bytes.flatMap { try? Event(decoding: $0.span) }?.data["key"]?.string
  }
}
