import TestSupport
import Testing

@testable import ScreeningServer

/// If these fail, names with signs outside ASCII, or a '+' in a time zone, arrive as something else.
@Suite struct PercentEncodingTests {
  @Test func decodingUndoesEncoding() {
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0 ... .max, using: &generator)
    var random = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let scalars = (0..<Int(random.next() % 12)).map { _ in
        Unicode.Scalar(UInt32(0x20 + random.next() % 0xD7DF)) ?? "選"
      }
      .filter { $0 != "\u{7F}" }
      let text = String(String.UnicodeScalarView(scalars))
      #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text, "seed \(seed)")
    }
  }

  @Test(arguments: ["%", "%a", "%zz", "%+1", "%00", "%0A", "%7f", "%80", "%ED%A0%80", "a\u{0}b"])
  func brokenEscapesAreRefused(_ text: String) {
    #expect(PercentEncoding.decode(text) == nil)
  }

  @Test func formsUsePlusForSpaces() throws {
    let pairs = try #require(PercentEncoding.pairs("a=b+c&d=e%2Bf&g&=h&a==i"))
    #expect(pairs.map(\.name) == ["a", "d", "g", "", "a"])
    #expect(pairs.map(\.value) == ["b c", "e+f", "", "h", "=i"])
  }
}
