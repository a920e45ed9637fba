import Projections
import TestSupport
import Testing

/// If these fail, views hold other rows than were folded, or a damaged row stops the process.
@Suite struct RowCodingTests {
  @Test(arguments: [UInt64(1), 20_261_123])
  func whatIsWrittenIsRead(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let numbers = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
        random.next() >> UInt64.random(in: 0..<64, using: &random)
      }
      let text = String(
        (0..<Int.random(in: 0..<40, using: &random)).map { _ in
          "あa€𠮷".randomElement(using: &random) ?? "x"
        })
      let field = (0..<7).map { _ in UInt8.random(in: 0...255, using: &random) }
      var encoder = RowEncoder()
      encoder.encode(list: numbers) { $1.encode($0) }
      encoder.encode(text)
      encoder.encode(fixed: field)
      encoder.encode(numbers.first) { $1.encode($0) }
      encoder.encode(numbers.isEmpty)

      var decoder = RowDecoder(encoder.bytes)
      #expect(try decoder.list { (row) throws(RowCodingError) in try row.number() } == numbers)
      #expect(try decoder.text() == text)
      let read = try decoder.fixed(7) { span -> [UInt8]? in
        var bytes: [UInt8] = []
        for index in span.indices { bytes.append(span[index]) }
        return bytes
      }
      #expect(read == field)
      #expect(
        try decoder.optional { (row) throws(RowCodingError) in try row.number() } == numbers.first)
      #expect(try decoder.flag() == numbers.isEmpty)
      #expect(decoder.atEnd)
    }
  }

  @Test(
    arguments: [
      [], [0x80], [5, 0x61], [UInt8](repeating: 0xFF, count: 12), [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
    ] as [[UInt8]])
  func damagedBytesAreRefused(bytes: [UInt8]) {
    var text = RowDecoder(bytes)
    #expect(throws: RowCodingError.self) { try text.text() }
    var fixed = RowDecoder(bytes)
    #expect(throws: RowCodingError.self) { try fixed.fixed(bytes.count + 1) { $0.count } }
    var list = RowDecoder(bytes)
    #expect(throws: RowCodingError.self) {
      try list.list { (row) throws(RowCodingError) in try row.number() }
    }
  }
}
