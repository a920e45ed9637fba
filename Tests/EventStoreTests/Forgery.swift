import Cryptography
import LMDB

@testable import EventStore

/// What somebody can do to a log who can write its files.
enum Forgery {
  /// Puts another text in an event, and the tree that it gives in the place of the one that there is.
  ///
  /// - Parameter key: signs the head; without it, who does this has no key.
  static func rewrite(
    _ directory: String, event position: Position, _ text: String, to other: String,
    droppingNotes: Bool = false, signingWith key: SigningKey? = nil
  ) throws {
    try RepairTests.change(directory) { (transaction, tables) throws(LMDBError) in
      let event = try transaction.value(at: position.key, in: tables.events) ?? []
      let forged = String(decoding: event, as: UTF8.self).replacing(text, with: other)
      precondition(Array(forged.utf8) != event, "the text is not in the event")
      try transaction.put(Array(forged.utf8), at: position.key, in: tables.events)
      var leaves: [Digest] = []
      do {
        var cursor = try transaction.cursor(tables.events)
        while let entry = try cursor.next() { leaves.append(MerkleHash.leaf(entry.value)) }
      }
      var nodes: [(key: [UInt8], hash: Digest)] = []
      var frontier = Frontier()
      var hasher = SHA256Hasher()
      for leaf in leaves {
        frontier.append(leaf, &hasher) { height, index, hash in
          if height > 0, StoredNodes.stores(height) {
            nodes.append((StoredNodes.key(height, index), hash))
          }
        }
      }
      for (index, leaf) in leaves.enumerated() {
        try transaction.put(leaf.bytes, at: bigEndian(UInt64(index)), in: tables.leaves)
      }
      for node in nodes { try transaction.put(node.hash.bytes, at: node.key, in: tables.nodes) }
      if droppingNotes { try transaction.clear(tables.checkpoints) }
      if let note = (try? key?.signedHead(frontier))?.encoded {
        try transaction.put(
          Array(note.utf8), at: bigEndian(frontier.size), in: tables.checkpoints)
        _ = try transaction.delete(MetaKey.headSeal, in: tables.meta)
      }
    }
  }
}
