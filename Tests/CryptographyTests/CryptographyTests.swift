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

@Suite struct AESGCMTests {
  @Test("Test case 14 of the GCM specification")
  func vector() throws {
    let zeros = [UInt8](repeating: 0, count: 32)
    let sealed = try AESGCM.seal(
      Array(zeros.prefix(16)), key: zeros, nonce: Array(zeros.prefix(12)))
    #expect(
      hexadecimal(sealed) == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
  }

  @Test("A key that is set up once seals every message as if it were its first")
  func manyMessages() throws {
    let key = [UInt8](1...32)
    let seals = try AESGCMCipher(key: key, seals: true)
    let opens = try AESGCMCipher(key: key, seals: false)
    for number: UInt8 in 0..<20 {
      let (message, nonce) = ([number, 7], [UInt8](repeating: number, count: 12))
      let sealed = try seals.seal(message, nonce: nonce, authenticating: [number])
      #expect(
        try sealed == AESGCM.seal(message, key: key, nonce: nonce, authenticating: [number]))
      // What is not authentic leaves the key fit for what is.
      #expect(throws: CryptographyError.self) {
        try AESGCM.open(sealed, key: key, nonce: nonce, authenticating: [number &+ 1])
      }
      let refused = try? opens.open(sealed, nonce: nonce, authenticating: [number &+ 1])
      #expect(refused == nil)
      let opened = try opens.open(sealed, nonce: nonce, authenticating: [number])
      #expect(opened == message)
    }
  }
}
