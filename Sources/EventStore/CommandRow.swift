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
      prefix: bigEndian(bytes), last: Position(rawValue: bigEndian(bytes.extracting(8..<16))),
      subject: SubjectID(exactly: bytes.extracting(16..<32)))
    guard bigEndian(bytes.extracting(32..<40)) == Self.check(bytes, at: position) else {
      return nil
    }
  }

  /// The row's bytes.
  func bytes(at position: Position) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.size)
    bytes.append(bigEndian: prefix)
    bytes.append(bigEndian: last.rawValue)
    subject.write(to: &bytes)
    bytes.append(bigEndian: Self.check(bytes.span, at: position))
    return bytes
  }

  /// A sum over a row's first four words that is another one whenever one of them is: events do not tell where
  /// an append ends, so that nothing else would show that a row was changed.
  private static func check(_ bytes: Span<UInt8>, at position: Position) -> UInt64 {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt64) { sum = (sum ^ word) &* 0x0000_0100_0000_01b3 }
    add(position.rawValue)
    for start in stride(from: 0, to: 32, by: 8) {
      add(bigEndian(bytes.extracting(start..<(start + 8))))
    }
    return sum
  }
}

extension CommandRow {
  /// What an older version has remembered under the whole keyed hash.
  init?(older bytes: [UInt8], key: Digest) {
    guard bytes.count == 32 else { return nil }
    self.init(
      prefix: key.prefix, last: Position(rawValue: bigEndian(bytes.span.extracting(8..<16))),
      subject: SubjectID(unchecked: Array(bytes[16...])))
  }

  /// The command of this key that an older version has appended.
  static func older(
    _ key: Digest, _ tables: LogTables, _ transaction: borrowing WriteTransaction
  ) throws(EventLogError) -> (Position, CommandRow)? {
    let bytes = try stored { () throws(LMDBError) in
      try transaction.value(at: key.bytes, in: tables.idempotency)
    }
    guard let bytes, let row = CommandRow(older: bytes, key: key) else { return nil }
    return (Position(rawValue: bigEndian(bytes.span)), row)
  }
}

extension Digest {
  /// The first eight bytes, the greatest first.
  var prefix: UInt64 { bigEndian(bytes.span) }
}
