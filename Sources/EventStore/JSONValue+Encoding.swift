extension JSONValue {
  /// The one encoding of this value.
  ///
  /// - Precondition: integers are below 2^53 in magnitude, and names are ASCII without quotes,
  ///   backslashes and controls.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256)
    write(to: &bytes)
    return bytes
  }

  func write(to bytes: inout [UInt8]) {
    switch self {
    case .string(let text):
      writeText(text, to: &bytes)
    case .integer(let number):
      precondition(number.magnitude < 1 << 53, "An integer of an event must be below 2^53.")
      if number < 0 { bytes.append(UInt8(ascii: "-")) }
      bytes.append(decimal: number.magnitude)
    case .array(let items):
      // Items and members are read where they lie: a copy of each is counted by whoever else holds its text.
      let items = items.span
      bytes.append(UInt8(ascii: "["))
      for index in items.indices {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        items[index].write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      let members = object.span
      bytes.append(UInt8(ascii: "{"))
      for index in members.indices {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        writeText(members[index].name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        members[index].value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}

/// Writes a JSON string with the fewest escapes.
func writeText(_ text: String, to bytes: inout [UInt8]) {
  let characters = text.utf8.span
  bytes.append(UInt8(ascii: "\""))
  if needsEscapes(characters) {
    writeEscaped(characters, to: &bytes)
  } else {
    bytes.append(copying: characters)
  }
  bytes.append(UInt8(ascii: "\""))
}

private func needsEscapes(_ text: Span<UInt8>) -> Bool {
  // Looks at all of it, which takes less than to ask after each byte whether to go on.
  var special: UInt8 = 0
  for index in text.indices {
    let byte = text[index]
    special |= (byte < 0x20 ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5C ? 1 : 0)
  }
  return special != 0
}

private func writeEscaped(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
  for index in text.indices {
    let byte = text[index]
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case 0x08: bytes.append(contentsOf: "\\b".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x0C: bytes.append(contentsOf: "\\f".utf8)
    case 0x0D: bytes.append(contentsOf: "\\r".utf8)
    case 0..<0x20:
      bytes.append(contentsOf: "\\u00".utf8)
      bytes.append(UInt8(ascii: "0") + (byte >> 4))
      let low = byte & 15
      bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    default:
      bytes.append(byte)
    }
  }
}
