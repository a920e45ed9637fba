/// The last row of a key that is stored in full, from which later rows of the key are told.
@usableFromInline
struct RowFrame: Sendable {
  /// From which position it held.
  @usableFromInline var position: UInt64
  @usableFromInline var bytes: [UInt8]
  /// How many rows have been told from it.
  @usableFromInline var patches: UInt64
}

/// How rows of the past are stored: in full, or as what differs from an earlier one that is.
///
/// In full, a zero and the row. Otherwise, as LEB128, how many rows have been told from the full one, this one
/// included; the position of the full one; how many bytes at the beginning and at the end both have in common; and
/// then what lies between. Mostly one field of many changes, so that a history takes little more than its first
/// row, and a row of the past is made of at most two entries.
@usableFromInline
enum PastRow {
  /// So many rows are told from one.
  private static let longest: UInt64 = 15

  /// Appends the entry of `row`, which holds from `position` on; returns what the next row is told from.
  ///
  /// The entry is a pure function of the key's rows so far, so that it does not depend on how a history was cut.
  @usableFromInline
  static func write(
    _ row: [UInt8], at position: UInt64, after frame: inout RowFrame?, to bytes: inout [UInt8]
  ) {
    if let earlier = frame, earlier.patches < longest {
      let shorter = min(earlier.bytes.count, row.count)
      let prefix = commonPrefix(earlier.bytes, row)
      let suffix = min(commonSuffix(earlier.bytes, row), shorter - prefix)
      if (row.count - prefix - suffix) * 2 < row.count {
        write(earlier.patches + 1, to: &bytes)
        write(earlier.position, to: &bytes)
        write(UInt64(prefix), to: &bytes)
        write(UInt64(suffix), to: &bytes)
        bytes.append(contentsOf: row[prefix..<(row.count - suffix)])
        frame?.patches += 1
        return
      }
    }
    bytes.append(0)
    bytes.append(contentsOf: row)
    frame = RowFrame(position: position, bytes: row, patches: 0)
  }

  /// The position of the full row that an entry is told from; `nil` for a full row itself.
  static func frame(of entry: Span<UInt8>) throws(RowCodingError) -> UInt64? {
    var offset = 0
    guard try number(entry, &offset) > 0 else { return nil }
    return try number(entry, &offset)
  }

  /// The row of an entry.
  ///
  /// - Parameter frame: the entry of the full row that it is told from.
  static func row(
    _ entry: Span<UInt8>, from frame: Span<UInt8>
  ) throws(RowCodingError) -> [UInt8] {
    var offset = 0
    var row: [UInt8] = []
    guard try number(entry, &offset) > 0 else {
      row.append(entry.extracting(offset..<entry.count))
      return row
    }
    _ = try number(entry, &offset)
    let (prefix, suffix) = (try number(entry, &offset), try number(entry, &offset))
    // The frame's own entry begins with a zero.
    guard !frame.isEmpty, frame[0] == 0, prefix < frame.count, suffix < frame.count,
      prefix + suffix < frame.count
    else { throw RowCodingError() }
    row.reserveCapacity(Int(prefix + suffix) + entry.count - offset)
    row.append(frame.extracting(1..<(1 + Int(prefix))))
    row.append(entry.extracting(offset..<entry.count))
    row.append(frame.extracting((frame.count - Int(suffix))..<frame.count))
    return row
  }

  /// Appends a number as LEB128.
  static func write(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private static func number(
    _ bytes: Span<UInt8>, _ offset: inout Int
  ) throws(RowCodingError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard offset < bytes.count else { break }
      let byte = bytes[offset]
      offset += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw RowCodingError()
  }
}

/// How many bytes both begin with, looked at eight at a time.
private func commonPrefix(_ a: [UInt8], _ b: [UInt8]) -> Int {
  unsafe a.withUnsafeBytes { a in
    unsafe b.withUnsafeBytes { b in
      let count = min(a.count, b.count)
      var index = 0
      while index + 8 <= count {
        let other = unsafe word(a, index) ^ word(b, index)
        if other != 0 { return index + other.trailingZeroBitCount / 8 }
        index += 8
      }
      while unsafe index < count && a[index] == b[index] { index += 1 }
      return index
    }
  }
}

/// How many bytes both end with, looked at eight at a time.
private func commonSuffix(_ a: [UInt8], _ b: [UInt8]) -> Int {
  unsafe a.withUnsafeBytes { a in
    unsafe b.withUnsafeBytes { b in
      let count = min(a.count, b.count)
      var index = 0
      while index + 8 <= count {
        let other = unsafe word(a, a.count - index - 8) ^ word(b, b.count - index - 8)
        if other != 0 { return index + other.leadingZeroBitCount / 8 }
        index += 8
      }
      while unsafe index < count && a[a.count - 1 - index] == b[b.count - 1 - index] { index += 1 }
      return index
    }
  }
}

/// Eight bytes, the first one the least.
@unsafe private func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
  UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
}

extension [UInt8] {
  /// Appends the bytes of a span.
  mutating func append(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
