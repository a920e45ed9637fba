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
        while let entry = try cursor.next() { leaves.append(MerkleHash.leaf(entry.event)) }
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
        let place = Position(rawValue: UInt64(index) + 1)
        let event = try transaction.value(at: place.key, in: tables.events) ?? []
        try transaction.put(event, leaf, at: place, in: tables.events)
      }
      for node in nodes { try transaction.put(node.hash.bytes, at: node.key, in: tables.nodes) }
      if droppingNotes { try tables.dropNotes(&transaction) }
      if let note = (try? key?.signedHead(frontier))?.encoded {
        try transaction.put(
          Array(note.utf8), at: bigEndian(frontier.size), in: tables.checkpoints)
        try tables.deleteHead(&transaction)
      }
    }
  }
}
