/// What a PDF's objects are made of (ISO 32000-1, 7.3), as far as dictionaries of streams need it.
indirect enum PDFValue {
  case number(Int)
  /// A number with a decimal point.
  case real(Double)
  case name(String)
  case string([UInt8])
  case array([PDFValue])
  case dictionary([String: PDFValue])
  case reference(Int)
  case keyword([UInt8])

  /// The value of a dictionary's entry; `nil` for whatever is none.
  subscript(name: String) -> PDFValue? {
    if case .dictionary(let entries) = self { entries[name] } else { nil }
  }

  /// A number without its decimals.
  var number: Int? {
    switch self {
    case .number(let number): number
    case .real(let number): Int(number)
    default: nil
    }
  }
  var real: Double? {
    if case .real(let number) = self { number } else { number.map(Double.init) }
  }
  var name: String? { if case .name(let name) = self { name } else { nil } }
  var string: [UInt8]? { if case .string(let bytes) = self { bytes } else { nil } }
  /// The number of the object that it refers to.
  var target: Int? { if case .reference(let number) = self { number } else { nil } }
  var isTrue: Bool {
    if case .keyword(let word) = self { word.elementsEqual("true".utf8) } else { false }
  }
  var isFalse: Bool {
    if case .keyword(let word) = self { word.elementsEqual("false".utf8) } else { false }
  }
  /// The members of an array, or the value alone.
  var members: [PDFValue] { if case .array(let members) = self { members } else { [self] } }
}

/// Reads one object after another out of a file's bytes.
struct ObjectParser {
  private let bytes: [UInt8]
  private let end: Int
  private(set) var place: Int
  /// No honest object is nested deeper.
  private static let deepest = 24
  /// No honest dictionary or array that is looked at is longer, in bytes.
  static let longest = 64 << 10

  init(_ bytes: [UInt8], at place: Int) {
    self.bytes = bytes
    self.place = max(0, place)
    end = min(bytes.count, self.place + Self.longest)
  }

  /// The object at `place`; `nil` where none begins.
  mutating func value(depth: Int = 0) -> PDFValue? {
    skipBlanks()
    guard place < end, depth < Self.deepest else { return nil }
    switch bytes[place] {
    case UInt8(ascii: "/"): return .name(name())
    case UInt8(ascii: "("): return .string(literal())
    case UInt8(ascii: "["):
      place += 1
      var members: [PDFValue] = []
      while !stands("]") {
        guard let member = value(depth: depth + 1) else { return nil }
        members.append(member)
      }
      return .array(members)
    case UInt8(ascii: "<"):
      return stands("<<") ? dictionary(depth) : .string(hexadecimal())
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x30...0x39: return number()
    case let byte where Self.isRegular(byte):
      let start = place
      while place < end, Self.isRegular(bytes[place]) { place += 1 }
      return .keyword(Array(bytes[start..<place]))
    default: return nil
    }
  }

  private mutating func dictionary(_ depth: Int) -> PDFValue? {
    var entries: [String: PDFValue] = [:]
    while !stands(">>") {
      guard place < end, bytes[place] == UInt8(ascii: "/") else { return nil }
      let key = name()
      guard let value = value(depth: depth + 1) else { return nil }
      entries[key] = value
    }
    return .dictionary(entries)
  }

  /// Skips blanks, and what is given if it stands there.
  private mutating func stands(_ mark: StaticString) -> Bool {
    skipBlanks()
    let count = mark.utf8CodeUnitCount
    guard place + count <= end else { return false }
    for index in 0..<count where unsafe bytes[place + index] != mark.utf8Start[index] {
      return false
    }
    place += count
    return true
  }

  private mutating func skipBlanks() {
    while place < end {
      if bytes[place] == UInt8(ascii: "%") {
        while place < end, bytes[place] != 0x0A, bytes[place] != 0x0D { place += 1 }
      } else if bytes[place] <= 0x20 {
        place += 1
      } else {
        return
      }
    }
  }

  /// A number, or the reference that it begins: 12 0 R.
  private mutating func number() -> PDFValue {
    let (isNegative, start) = (bytes[place] == UInt8(ascii: "-"), place)
    place += 1
    while place < end, (0x30...0x39).contains(bytes[place]) || bytes[place] == UInt8(ascii: ".") {
      place += 1
    }
    if bytes[start..<place].contains(UInt8(ascii: ".")) {
      let number = Double(String(decoding: bytes[start..<place], as: UTF8.self)) ?? 0
      return .real(max(-1e9, min(1e9, number)))
    }
    let digits = bytes[start..<place].drop { !(0x30...0x39).contains($0) }
      .prefix { (0x30...0x39).contains($0) }
    let number = digits.prefix(12).reduce(0) { $0 * 10 + Int($1 & 0x0F) }
    guard digits.count == place - start, digits.count < 10 else {
      return .number(isNegative ? -number : number)
    }
    let behind = place
    skipBlanks()
    let generation = place
    while place < end, (0x30...0x39).contains(bytes[place]) { place += 1 }
    if place > generation, stands("R"), place == end || !Self.isRegular(bytes[place]) {
      return .reference(number)
    }
    place = behind
    return .number(number)
  }

  private mutating func name() -> String {
    place += 1
    var name: [UInt8] = []
    while place < end, Self.isRegular(bytes[place]) {
      if bytes[place] == UInt8(ascii: "#"), place + 2 < end,
        let high = Self.digit(bytes[place + 1]), let low = Self.digit(bytes[place + 2])
      {
        name.append(high << 4 | low)
        place += 3
      } else {
        name.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: name, as: UTF8.self)
  }

  private mutating func hexadecimal() -> [UInt8] {
    place += 1
    var digits: [UInt8] = []
    while place < end, bytes[place] != UInt8(ascii: ">") {
      if let digit = Self.digit(bytes[place]) { digits.append(digit) }
      place += 1
    }
    place += 1
    if digits.count % 2 == 1 { digits.append(0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  private mutating func literal() -> [UInt8] {
    var (string, depth): ([UInt8], Int) = ([], 0)
    while place < end {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "("):
        depth += 1
        if depth > 1 { string.append(byte) }
      case UInt8(ascii: ")"):
        depth -= 1
        if depth == 0 { return string }
        string.append(byte)
      case UInt8(ascii: "\\") where place < end: escape(&string)
      case 0x0D:
        // A line's end in a string is a line feed, however it is written.
        if place < end, bytes[place] == 0x0A { place += 1 }
        string.append(0x0A)
      default: string.append(byte)
      }
    }
    return string
  }

  private mutating func escape(_ string: inout [UInt8]) {
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "n"): string.append(0x0A)
    case UInt8(ascii: "r"): string.append(0x0D)
    case UInt8(ascii: "t"): string.append(0x09)
    case UInt8(ascii: "b"): string.append(0x08)
    case UInt8(ascii: "f"): string.append(0x0C)
    case 0x0A: break
    case 0x0D: if place < end, bytes[place] == 0x0A { place += 1 }
    case 0x30...0x37:
      var (value, count) = (Int(byte & 7), 1)
      while count < 3, place < end, (0x30...0x37).contains(bytes[place]) {
        value = value << 3 | Int(bytes[place] & 7)
        (place, count) = (place + 1, count + 1)
      }
      string.append(UInt8(truncatingIfNeeded: value))
    default: string.append(byte)
    }
  }

  static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  /// Whether a byte may stand in a name or a keyword.
  private static func isRegular(_ byte: UInt8) -> Bool {
    switch byte {
    case ...0x20, 0x28, 0x29, 0x3C, 0x3E, 0x5B, 0x5D, 0x7B, 0x7D, 0x2F, 0x25: false
    default: true
    }
  }
}
