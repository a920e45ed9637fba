/// Writes numbers least significant byte first, and lengths before what they measure.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  mutating func write(_ number: Double) { write(number.bitPattern) }

  mutating func write(count: Int) { write(UInt32(count)) }

  /// Writes bytes as they are, without a length.
  mutating func write(raw: [UInt8]) { bytes.append(contentsOf: raw) }

  mutating func write(_ terms: TermList) {
    write(count: terms.count)
    for index in terms.indices { write(count: terms.range(index).count) }
    write(raw: terms.bytes)
  }

  mutating func write(_ numbers: [Double]) {
    write(count: numbers.count)
    write(numbers.count) { numbers[$0].bitPattern }
  }

  /// Writes `count` numbers, as many at a time as a large set needs.
  mutating func write(_ count: Int, _ number: (Int) -> UInt64) {
    var place = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: 8 * count))
    for index in 0..<count {
      var rest = number(index)
      for _ in 0..<8 {
        bytes[place] = UInt8(truncatingIfNeeded: rest)
        rest >>= 8
        place += 1
      }
    }
  }
}

/// Reads what ``ByteWriter`` wrote.
struct ByteReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number<Number: FixedWidthInteger>(
    _: Number.Type = Number.self
  ) throws(ModelCodingError) -> Number {
    let size = Number.bitWidth / 8
    guard bytes.count - position >= size else { throw .truncated }
    var number: Number = 0
    for offset in 0..<size {
      number |= Number(truncatingIfNeeded: bytes[position + offset]) << Number(8 * offset)
    }
    position += size
    return number
  }

  mutating func double() throws(ModelCodingError) -> Double {
    Double(bitPattern: try number())
  }

  /// A count of things that take at least `size` bytes each, so that no memory is taken for what is not
  /// there.
  mutating func count(ofSize size: Int) throws(ModelCodingError) -> Int {
    let count = Int(try number(UInt32.self))
    guard count <= (bytes.count - position) / size else { throw .truncated }
    return count
  }

  mutating func raw(_ count: Int) throws(ModelCodingError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw .truncated }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  mutating func terms() throws(ModelCodingError) -> TermList {
    let count = try count(ofSize: 4)
    var lengths: [Int] = []
    for _ in 0..<count { lengths.append(Int(try number(UInt32.self))) }
    var terms = TermList()
    for length in lengths {
      let term = [UInt8](try raw(length))
      terms.append(term.span)
    }
    guard terms.isAscending else { throw .notCanonical("terms") }
    return terms
  }

  mutating func doubles() throws(ModelCodingError) -> [Double] {
    let count = try count(ofSize: 8)
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    for _ in 0..<count { numbers.append(try double()) }
    return numbers
  }
}
