/// Key-committing authenticated encryption: C2SP chunked-encryption with HKDF-SHA-256 and
/// AES-256-GCM, https://c2sp.org/chunked-encryption.
///
/// A ciphertext opens under one key only, so that nobody can prepare one that says two things. It is 56
/// bytes longer than the plaintext, and 16 more for every chunk of 16 KiB.
public enum ChunkedEncryption {
  private static let chunkSize = 16 << 10
  private static let tagSize = 16
  private static let prefixSize = 56

  /// The ciphertext of `plaintext` for one purpose.
  ///
  /// - Parameter context: what the ciphertext is for; opening needs the same.
  public static func seal(
    _ plaintext: [UInt8], key: SymmetricKey, context: [UInt8], random: RandomSource
  ) throws(CryptographyError) -> [UInt8] {
    let salt = random.bytes(24)
    let derived = Derived(key, salt: salt, context: context)
    var output = salt + derived.commitment
    var start = 0
    var counter: UInt64 = 0
    while true {
      let end = min(start + chunkSize, plaintext.count)
      output += try AESGCM.seal(
        Array(plaintext[start..<end]), key: derived.key, nonce: derived.nonce(counter))
      // The last chunk is shorter than the others, which marks it as the last.
      if end - start < chunkSize { return output }
      start = end
      counter += 1
    }
  }

  /// The plaintext of what `seal` made.
  ///
  /// - Throws: `.notAuthentic` for another key or context, and for any change, truncation included.
  public static func open(
    _ ciphertext: [UInt8], key: SymmetricKey, context: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    guard ciphertext.count >= prefixSize + tagSize else { throw .notAuthentic }
    let derived = Derived(key, salt: Array(ciphertext[..<24]), context: context)
    guard equalInConstantTime(derived.commitment, Array(ciphertext[24..<prefixSize])) else {
      throw .notAuthentic
    }
    var output: [UInt8] = []
    output.reserveCapacity(ciphertext.count - prefixSize)
    var start = prefixSize
    var counter: UInt64 = 0
    while true {
      let end = min(start + chunkSize + tagSize, ciphertext.count)
      guard end - start >= tagSize else { throw .notAuthentic }
      output += try AESGCM.open(
        Array(ciphertext[start..<end]), key: derived.key, nonce: derived.nonce(counter))
      if end - start < chunkSize + tagSize { return output }
      start = end
      counter += 1
    }
  }

  /// What HKDF-Expand gives for one message.
  private struct Derived {
    let key: [UInt8]
    let baseNonce: [UInt8]
    let commitment: [UInt8]

    init(_ inputKey: SymmetricKey, salt: [UInt8], context: [UInt8]) {
      let info =
        Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM".utf8) + [0] + salt + context
      let bytes = HKDF.expandSHA256(inputKey, info: info, count: 32 + 12 + 32)
      key = Array(bytes[..<32])
      baseNonce = Array(bytes[32..<44])
      commitment = Array(bytes[44...])
    }

    func nonce(_ counter: UInt64) -> [UInt8] {
      var nonce = baseNonce
      for index in 0..<8 {
        nonce[11 - index] ^= UInt8(truncatingIfNeeded: counter >> (8 * UInt64(index)))
      }
      return nonce
    }
  }
}
