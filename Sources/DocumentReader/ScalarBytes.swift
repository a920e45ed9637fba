/// Characters in UTF-8, written and read without a `String` between them.
extension [UInt8] {
  /// Appends a part of other bytes in one move.
  @inline(__always)
  mutating func append(_ part: Range<Int>, of other: [UInt8]) {
    unsafe other.withUnsafeBufferPointer {
      unsafe append(contentsOf: UnsafeBufferPointer(rebasing: $0[part]))
    }
  }

  /// Appends a character.
  mutating func append(scalar: Unicode.Scalar) {
    let value = scalar.value
    func part(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: value >> shift & 0x3F | 0x80) }
    switch value {
    case ..<0x80: append(UInt8(truncatingIfNeeded: value))
    case ..<0x800:
      append(UInt8(truncatingIfNeeded: value >> 6 | 0xC0))
      append(part(0))
    case ..<0x10000:
      append(UInt8(truncatingIfNeeded: value >> 12 | 0xE0))
      append(part(6))
      append(part(0))
    default:
      append(UInt8(truncatingIfNeeded: value >> 18 | 0xF0))
      append(part(12))
      append(part(6))
      append(part(0))
    }
  }

  /// Where the last `count` characters begin.
  func start(of count: Int) -> Int {
    var (place, left) = (self.count, count)
    while place > 0, left > 0 {
      place -= 1
      if self[place] & 0xC0 != 0x80 { left -= 1 }
    }
    return place
  }

  /// Where the first `count` characters end.
  func end(of count: Int) -> Int {
    var (place, left) = (0, count)
    while place < self.count {
      if self[place] & 0xC0 != 0x80 {
        guard left > 0 else { break }
        left -= 1
      }
      place += 1
    }
    return place
  }

  /// The character that begins at `place`, and where the next one begins.
  ///
  /// - Precondition: the bytes are UTF-8, and one of its characters begins there.
  @inline(__always)
  func scalar(at place: Int) -> (scalar: Unicode.Scalar, end: Int) {
    let lead = self[place]
    if lead < 0x80 { return (Unicode.Scalar(lead), place + 1) }
    var value: UInt32
    var end = place + 3
    if lead & 0xF0 == 0xE0 {
      value =
        UInt32(lead & 0x0F) << 12 | UInt32(self[place + 1] & 0x3F) << 6
        | UInt32(self[place + 2] & 0x3F)
    } else if lead < 0xE0 {
      value = UInt32(lead & 0x1F) << 6 | UInt32(self[place + 1] & 0x3F)
      end = place + 2
    } else {
      value =
        UInt32(lead & 0x07) << 18 | UInt32(self[place + 1] & 0x3F) << 12
        | UInt32(self[place + 2] & 0x3F) << 6 | UInt32(self[place + 3] & 0x3F)
      end = place + 4
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", end)
  }
}
