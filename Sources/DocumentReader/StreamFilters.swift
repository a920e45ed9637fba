/// The filters that text may be packed with (ISO 32000-1, 7.4); those of pictures are none.
enum StreamFilter {
  case hexadecimal
  case base85
  case runs
  case lzw
  case flate
  /// Leaves the bytes as they are.
  case none

  /// The filter of a name or its abbreviation; `nil` for any other.
  init?(_ name: String) {
    switch name {
    case "ASCIIHexDecode", "AHx": self = .hexadecimal
    case "ASCII85Decode", "A85": self = .base85
    case "RunLengthDecode", "RL": self = .runs
    case "LZWDecode", "LZW": self = .lzw
    case "FlateDecode", "Fl": self = .flate
    case "Crypt": self = .none
    default: return nil
    }
  }

  /// What `packed` holds, about `limit` bytes at most.
  ///
  /// - Parameter isWanted: told the first 1,024 bytes of what is deflated: without its consent there is nothing.
  func unpack(
    _ packed: ArraySlice<UInt8>, atMost limit: Int, where isWanted: (ArraySlice<UInt8>) -> Bool
  ) -> [UInt8] {
    switch self {
    case .none: Array(packed.prefix(limit))
    case .hexadecimal: Self.hexadecimal(packed)
    case .base85: Self.base85(packed)
    case .runs: Self.runs(packed, atMost: limit)
    case .lzw: Self.lzw(packed, atMost: limit)
    case .flate: Inflation.inflate(packed, atMost: limit, where: isWanted)
    }
  }

  private static func hexadecimal(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text {
      if character == UInt8(ascii: ">") { break }
      guard let digit = ObjectParser.digit(character) else { continue }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    if let high { bytes.append(high << 4) }
    return bytes
  }

  private static func runs(_ packed: ArraySlice<UInt8>, atMost limit: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var place = packed.startIndex
    while place < packed.endIndex, packed[place] != 128, bytes.count < limit {
      let length = Int(packed[place])
      place += 1
      if length < 128 {
        let end = min(packed.endIndex, place + length + 1)
        bytes += packed[place..<end]
        place = end
      } else if place < packed.endIndex {
        bytes += repeatElement(packed[place], count: 257 - length)
        place += 1
      }
    }
    return bytes
  }

  /// Codes of nine to twelve bits, which grow one code early.
  private static func lzw(_ packed: ArraySlice<UInt8>, atMost limit: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    // Each code is a place in what has been unpacked.
    var known: [Range<Int>] = []
    var last: Range<Int>?
    var (bits, count, width) = (0, 0, 9)
    for byte in packed {
      (bits, count) = ((bits << 8 | Int(byte)) & 0xFFFFF, count + 8)
      guard count >= width else { continue }
      count -= width
      let code = bits >> count & (1 << width - 1)
      if code == 257 || bytes.count >= limit { break }
      if code == 256 {
        known.removeAll(keepingCapacity: true)
        (last, width) = (nil, 9)
        continue
      }
      let start = bytes.count
      if code < 256 {
        bytes.append(UInt8(code))
      } else if code - 258 < known.count {
        bytes += bytes[known[code - 258]]
      } else if let last {
        bytes += bytes[last]
        bytes.append(bytes[last.lowerBound])
      } else {
        break
      }
      // A new code is the one before and the first byte of this one, which follows it.
      if let last, known.count < 4096 - 258 { known.append(last.lowerBound..<last.upperBound + 1) }
      last = start..<bytes.count
      let next = known.count + 259
      width = next >= 2048 ? 12 : next >= 1024 ? 11 : next >= 512 ? 10 : 9
    }
    return bytes
  }

  /// What five characters for four bytes say (ISO 32000-1, 7.4.3).
  private static func base85(_ text: ArraySlice<UInt8>) -> [UInt8] {
    // One character may stand for four bytes.
    unsafe [UInt8](unsafeUninitializedCapacity: 4 * text.count + 4) { bytes, size in
      func put(_ group: UInt64, _ count: Int) {
        for place in 0..<count {
          unsafe bytes[size + place] = UInt8(truncatingIfNeeded: group >> UInt64(24 - 8 * place))
        }
        size += count
      }
      var (group, count) = (UInt64(0), 0)
      for character in text {
        switch character {
        case UInt8(ascii: "z") where count == 0: put(0, 4)
        case 0x21...0x75:
          group = group * 85 + UInt64(character - 0x21)
          count += 1
          guard count == 5 else { continue }
          put(group, 4)
          (group, count) = (0, 0)
        case UInt8(ascii: "~"):
          guard count > 1 else { return }
          for _ in count..<5 { group = group * 85 + 84 }
          put(group, count - 1)
          return
        default: continue
        }
      }
    }
  }
}
