import Cryptography
import LMDB

/// What is remembered of an append that had an idempotency key, under the position of its first event.
struct CommandRow: Equatable {
  /// The first eight bytes of the key's keyed hash, which the event has in full.
  var prefix: UInt64
  /// The position of the append's last event.
  var last: Position
  /// Whose key hashes the command's content.
  var subject: SubjectID

  /// How many bytes a row has.
  static let size = 40

  init(prefix: UInt64, last: Position, subject: SubjectID) {
    (self.prefix, self.last, self.subject) = (prefix, last, subject)
  }

  /// Reads the row of the command at `position`; `nil` where it is not as it was written.
  init?(_ bytes: Span<UInt8>, at position: Position) {
    guard bytes.count == Self.size else { return nil }
    self.init(
      prefix: bigEndian(bytes, at: 0), last: Position(rawValue: bigEndian(bytes, at: 8)),
      subject: SubjectID(exactly: bytes.extracting(16..<32)))
    guard bigEndian(bytes, at: 32) == check(at: position) else { return nil }
  }

  /// The row's bytes.
  func bytes(at position: Position) -> [UInt8] {
    let bytes = inlineBytes(at: position)
    return Array(copying: bytes.span)
  }

  /// The row's bytes, where they are used at once.
  func inlineBytes(at position: Position) -> InlineArray<40, UInt8> {
    let words: InlineArray<5, UInt64> = [
      prefix.bigEndian, last.rawValue.bigEndian, subject.words.0.bigEndian,
      subject.words.1.bigEndian, check(at: position).bigEndian,
    ]
    return unsafe unsafeBitCast(words, to: InlineArray<40, UInt8>.self)
  }

  /// A sum over a row's first four words that is another one whenever one of them is: events do not tell where
  /// an append ends, so that nothing else would show that a row was changed.
  private func check(at position: Position) -> UInt64 {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt64) { sum = (sum ^ word) &* 0x0000_0100_0000_01b3 }
    add(position.rawValue)
    add(prefix)
    add(last.rawValue)
    add(subject.words.0)
    add(subject.words.1)
    return sum
  }
}

extension CommandRow {
  /// What is said of an older version's row that is not as it was written.
  static let damaged = EventLogError.damaged("A row of the table 'idempotency'")

  /// What an older version has remembered under the whole keyed hash.
  init?(older bytes: [UInt8], key: Digest) {
    guard bytes.count == 32 else { return nil }
    self.init(
      prefix: key.prefix, last: Position(rawValue: bigEndian(bytes.span, at: 8)),
      subject: SubjectID(unchecked: Array(bytes[16...])))
  }

  /// Whether the append that began at `first` can have ended where this older row says, which no sum protects: its
  /// events have one time, and none but the first a key.
  func spansAppend(from first: Position, _ events: inout EventCursor) throws(LMDBError) -> Bool {
    var clock: Timestamp?
    var isWhole = false
    try events.forEach(atOrAfter: first.key.span) { _, bytes in
      guard let event = try? Event(decoding: bytes), event.clock == clock ?? event.clock,
        event.position <= last, (event.key != nil) == (event.position == first)
      else { return false }
      clock = event.clock
      isWhole = event.position == last
      return !isWhole
    }
    return isWhole
  }

  /// The command of this key that an older version has appended to a log that has `size` events by now.
  static func older(
    _ key: Digest, upTo size: UInt64, _ tables: LogTables,
    _ transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> (Position, CommandRow)? {
    let bytes = try stored { () throws(LMDBError) -> [UInt8]? in
      // A log that no older version has written to has none.
      guard try transaction.count(tables.idempotency) > 0 else { return nil }
      return try transaction.value(at: key.bytes, in: tables.idempotency)
    }
    guard let bytes else { return nil }
    let position = Position(rawValue: bigEndian(bytes.span, at: 0))
    guard let row = CommandRow(older: bytes, key: key), row.last >= position,
      row.last.rawValue <= size
    else { throw damaged }
    return (position, row)
  }
}

extension Digest {
  /// The first eight bytes, the greatest first.
  var prefix: UInt64 { firstWord }
}
