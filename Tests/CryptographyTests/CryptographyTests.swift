import Cryptography
import TestSupport
import Testing

/// Events name what they rest on by digests in hexadecimal, of which there is one spelling.
@Suite struct DigestTests {
  @Test("A digest is what its digits say, and says them again")
  func roundTrip() throws {
    var random = SplitMix64(seed: 11)
    for _ in 0..<200 {
      let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
      let digest = try #require(Digest(bytes))
      let digits = Array(digest.hex.utf8)
      let read = Digest(hex: digits.span)
      #expect(read == digest)
      #expect(Digest(hex: digest.hex) == digest)
    }
  }

  @Test("Every byte that is no lower-case digit is refused, wherever it stands")
  func refusal() {
    let good = Array("0123456789abcdef".utf8)
    for place in 0..<64 {
      for byte in UInt8.min...UInt8.max {
        var digits = Array(repeating: UInt8(ascii: "9"), count: 64)
        digits[place] = byte
        let accepted = Digest(hex: digits.span) != nil
        #expect(accepted == good.contains(byte), "byte \(byte) at \(place)")
      }
    }
    let short = Array(repeating: UInt8(ascii: "0"), count: 63)
    let read = Digest(hex: short.span)
    #expect(read == nil)
  }
}

@Suite struct SHA256Tests {
  @Test("The examples of FIPS 180-4's test vectors")
  func vectors() {
    #expect(
      SHA256.hash(Array("abc".utf8)).hex
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hash([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test("A tree's node is the hash of its prefix and its children, in this order")
  func node() {
    let (a, b) = (SHA256.hash([1]), SHA256.hash([2]))
    var hasher = SHA256Hasher()
    #expect(hasher.hash(prefix: 1, a, b) == SHA256.hash([1] + a.bytes + b.bytes))
    // The hasher begins anew after each.
    #expect(hasher.hash(prefix: 1, b, a) == SHA256.hash([1] + b.bytes + a.bytes))
  }
}
