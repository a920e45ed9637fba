import Testing

@testable import Cryptography

/// What others compute from the same keys must be what is computed here.
@Suite struct StandardVectorTests {
  private func hex(_ text: String) throws -> [UInt8] {
    try #require(bytes(hexadecimal: text))
  }

  @Test("RFC 4231, test cases 1 to 4, 6 and 7") func hmac() throws {
    let long = [UInt8](repeating: 0xAA, count: 131)
    let cases: [(key: [UInt8], message: [UInt8], code: String)] = [
      (
        [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
      ),
      (
        Array(0x01...0x19), [UInt8](repeating: 0xCD, count: 50),
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
      ),
      (
        long, Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
      (
        long,
        Array(
          ("This is a test using a larger than block-size key and a larger than block-size data. "
            + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
      ),
    ]
    for (key, message, code) in cases {
      let keyed = KeyedSHA256(key)
      #expect(keyed.authenticate(message.span).hex == code)
      #expect(keyed.authenticate(Array(message.prefix(3)), Array(message.dropFirst(3))).hex == code)
    }
  }

  @Test("RFC 5869, test cases 1 to 3") func hkdf() throws {
    let short = [UInt8](repeating: 0x0B, count: 22)
    let cases: [(input: [UInt8], salt: [UInt8], info: [UInt8], extracted: String, expanded: String)]
    cases = [
      (
        short, Array(0x00...0x0C), Array(0xF0...0xF9),
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
      ),
      (
        Array(0x00...0x4F), Array(0x60...0xAF), Array(0xB0...0xFF),
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e59"
          + "0e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
      ),
      (
        short, [], [],
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
      ),
    ]
    for (input, salt, info, extracted, expanded) in cases {
      let key = KeyedSHA256(salt).authenticate(input.span)
      #expect(key.hex == extracted)
      let count = expanded.utf8.count / 2
      let output = HKDF.expandSHA256(KeyedSHA256(key.bytes), info: info, count: count)
      #expect(hexadecimal(output) == expanded)
    }
    // Keys are derived in the same two steps; without a salt it is zeros.
    let key = try #require(SymmetricKey(Array(1...32)))
    for salt in [[], Array("salt".utf8)] {
      let extracted = KeyedSHA256(salt).authenticate(key.bytes.span)
      #expect(
        HKDF.deriveSHA256(from: key, salt: salt, info: [7]).bytes
          == HKDF.expandSHA256(KeyedSHA256(extracted.bytes), info: [7], count: 32))
    }
  }

  @Test(
    "RFC 8032, section 7.1, tests 1 to 3",
    arguments: [
      (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
          + "6bd25bf5f0595bbe24655141438e7a100b"
      ),
      (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d"
          + "8c387b2eaeb4302aeeb00d291612bb0c00"
      ),
      (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6"
          + "594a7c15e9716ed28dc027beceea1ec40a"
      ),
    ])
  func ed25519(seed: String, publicKey: String, message: String, signature: String) throws {
    let key = try Ed25519.PrivateKey(seed: try #require(SymmetricKey(hex(seed))))
    let (message, expected) = (try hex(message), try hex(signature))
    #expect(hexadecimal(key.publicKey.bytes) == publicKey)
    #expect(try key.sign(message) == expected)
    #expect(key.publicKey.verify(expected, of: message))
    for bit in 0..<(expected.count * 8) {
      var changed = expected
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!key.publicKey.verify(changed, of: message), "bit \(bit)")
    }
    #expect(!key.publicKey.verify(expected, of: message + [0]))
    #expect(!key.publicKey.verify(expected + [0], of: message))
  }

  @Test(
    "RFC 7914, section 12, the first three vectors",
    arguments: [
      (
        "", "", UInt64(16), UInt64(1), UInt64(1),
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17"
          + "e8d3e0fb2e0d3628cf35e20c38d18906"
      ),
      (
        "password", "NaCl", 1024, 8, 16,
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830da"
          + "c727afb94a83ee6d8360cbdfa2cc0640"
      ),
      (
        "pleaseletmein", "SodiumChloride", 16384, 8, 1,
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9"
          + "e61e85dc0d651e40dfcf017b45575887"
      ),
    ])
  func scrypt(
    password: String, salt: String, n: UInt64, r: UInt64, p: UInt64, key: String
  ) throws {
    let derived = try Scrypt.derive(
      password: Array(password.utf8), salt: Array(salt.utf8), n: n, r: r, p: p, count: 64)
    #expect(hexadecimal(derived) == key)
  }
}
