import Cryptography
import LMDB

@testable import EventStore

extension WriteTransaction {
  /// Puts other bytes in the place of an event's, beside the leaf that lies there.
  mutating func put(
    _ event: [UInt8], at key: [UInt8], in events: EventTable
  ) throws(LMDBError) {
    let row = try value(at: key, in: events.rows) ?? []
    try put(event + row.suffix(33), at: key, in: events.rows)
  }

  /// Changes a bit of the leaf that lies beside an event.
  mutating func flipLeaf(of position: Position, in events: EventTable) throws(LMDBError) {
    var row = try value(at: position.key, in: events.rows) ?? []
    row[row.count - 33] ^= 1
    try put(row, at: position.key, in: events.rows)
  }

  /// Removes an event.
  @discardableResult
  mutating func delete(_ key: [UInt8], in events: EventTable) throws(LMDBError) -> Bool {
    try delete(key, in: events.rows)
  }
}

extension LogTables {
  /// Removes all notes, and leaves the seal over the head.
  func dropNotes(_ transaction: inout WriteTransaction) throws(LMDBError) {
    try transaction.clear(checkpoints)
    try dropNewestNote(&transaction)
  }

  /// Removes the note beside the seal over the head.
  func dropNewestNote(_ transaction: inout WriteTransaction) throws(LMDBError) {
    guard let head = try head(in: transaction.reading) else { return }
    try put(HeadRow(seal: head.seal), &transaction)
  }

  /// Makes the log what a version of format 1 would have left: leaves in a table of their own, the seal in a row of its
  /// own, and the newest note among the checkpoints.
  func makeOlder(_ transaction: inout WriteTransaction) throws(LMDBError) {
    try makeOlder(through: .max, &transaction)
    if let head = try head(in: transaction.reading) {
      try deleteHead(&transaction)
      try transaction.put(head.seal, at: MetaKey.headSeal, in: meta)
      if let note = head.note {
        try transaction.put(note.text, at: bigEndian(note.size), in: checkpoints)
      }
    }
    try transaction.put(Array("1".utf8), at: MetaKey.format, in: meta)
  }

  /// Makes the first events what a version of format 1 would have written, after which this one has gone on.
  func makeOlder(
    through last: UInt64, _ transaction: inout WriteTransaction
  ) throws(LMDBError) {
    for number in 0..<min(last, UInt64(try transaction.count(events))) {
      let key = bigEndian(number + 1)
      guard let event = try transaction.value(at: key, in: events),
        let leaf = try transaction.reading.leaf(at: number, in: self)
      else { continue }
      try transaction.put(event, at: key, in: events.rows)
      try transaction.put(leaf.bytes, at: bigEndian(number), in: leaves)
    }
  }
}
