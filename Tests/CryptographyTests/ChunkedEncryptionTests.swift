import Testing

@testable import Cryptography

/// A sealed value must open to exactly what was sealed, or not at all.
@Suite struct ChunkedEncryptionTests {
  private let key = SymmetricKey(exactly: Array(0...31))
  private let context = Array("test".utf8)
  /// The salt that the vectors were computed with.
  private let random = RandomSource { count in (0..<count).map { UInt8(0x20 + $0) } }

  private func seal(_ plaintext: [UInt8]) throws -> [UInt8] {
    try ChunkedEncryption.seal(plaintext, key: key, context: context, random: random)
  }

  private func open(_ ciphertext: [UInt8], _ other: SymmetricKey? = nil) throws -> [UInt8] {
    try ChunkedEncryption.open(ciphertext, key: other ?? key, context: context)
  }

  @Test("What the specification gives, computed by another implementation of HKDF and AES-GCM")
  func vector() throws {
    #expect(
      hexadecimal(try seal(Array("hanako".utf8)))
        == "202122232425262728292a2b2c2d2e2f3031323334353637d8e8e88b3c570288a2b63713e4e5d847f062392e2b45"
        + "f64c4c7989ab9c75b2d38bffa7923221d8fe7e64fd0a1fce19a2cd25dd6590ee")
  }

  @Test(
    "At and beside a chunk's end",
    arguments: [
      (0, "97e430a2464779df6580e684ff8d9350bc1b027c1acf3723a3a711ad1ac9f209"),
      (16383, "73c4fe1d6c23d866636623099169c0813c0e07247c5be0a7aa1f4b6d7d34373f"),
      (16384, "bf9899b2181af266ad4b756a8939e9ed42398e63a88705de38fd0ba83718f0e3"),
      (16385, "982732dda7d0b1a6b1b5e009bd72d57e99b214090270c0de1297b3f9d2eeb4cf"),
      (40000, "a6fc527703fa1b21dc7f7e06f13ce1efdcaee253a6aeed47568392c51052445a"),
    ])
  func boundaries(size: Int, digest: String) throws {
    let plaintext = [UInt8](repeating: 7, count: size)
    let sealed = try seal(plaintext)
    #expect(SHA256.hash(sealed).hex == digest)
    #expect(sealed.count == size + 56 + 16 * (size / 16384 + 1))
    #expect(try open(sealed) == plaintext)
  }

  @Test("What stands before it is a part of what is sealed", arguments: [0, 1, 32, 20_000])
  func prefixed(size: Int) throws {
    let whole = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let sealed = try ChunkedEncryption.seal(
      Array(whole[size...]), behind: Array(whole[..<size]), key: key, context: context,
      random: random)
    #expect(try sealed == seal(whole))
  }

  @Test("Cut anywhere, lengthened, or with chunks exchanged, it does not open")
  func truncation() throws {
    let chunk = 16384 + 16
    let sealed = try seal((0..<40000).map { UInt8(truncatingIfNeeded: $0 / 16384) })
    var cuts = [0, 1, 55, 56, 71, 72, sealed.count - 1]
    for end in [56 + chunk, 56 + 2 * chunk] { cuts += [-16, -1, 0, 1, 16].map { end + $0 } }
    for cut in cuts {
      #expect(throws: CryptographyError.self, "\(cut)") { try open(Array(sealed.prefix(cut))) }
    }
    #expect(throws: CryptographyError.self) { try open(sealed + [0]) }
    let (first, second) = (sealed[56..<(56 + chunk)], sealed[(56 + chunk)..<(56 + 2 * chunk)])
    let exchanged = Array(sealed[..<56] + second + first + sealed[(56 + 2 * chunk)...])
    #expect(exchanged.count == sealed.count)
    #expect(throws: CryptographyError.self) { try open(exchanged) }
    let shortened = Array(sealed[..<56] + second + sealed[(56 + 2 * chunk)...])
    #expect(throws: CryptographyError.self) { try open(shortened) }
  }

  @Test("A changed bit anywhere, in the commitment to the key too, is noticed")
  func everyBit() throws {
    let sealed = try seal(Array("hanako".utf8))
    for bit in 0..<(sealed.count * 8) {
      var changed = sealed
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: CryptographyError.self, "bit \(bit)") { try open(changed) }
    }
  }

  @Test("It opens under no other key, and for no other purpose")
  func commitment() throws {
    let sealed = try seal(Array("hanako".utf8))
    for byte in 0..<32 {
      var other = key.bytes
      other[byte] ^= 1
      #expect(throws: CryptographyError.self) { try open(sealed, SymmetricKey(exactly: other)) }
    }
    for context in [[], Array("tes".utf8), Array("test ".utf8)] {
      #expect(throws: CryptographyError.self) {
        try ChunkedEncryption.open(sealed, key: key, context: context)
      }
    }
  }
}
