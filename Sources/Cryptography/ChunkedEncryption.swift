/// Key-committing authenticated encryption: C2SP chunked-encryption with HKDF-SHA-256 and
/// AES-256-GCM, https://c2sp.org/chunked-encryption.
///
/// A ciphertext opens under one key only, so that nobody can prepare one that says two things. It is 56
/// bytes longer than the plaintext, and 16 more for every chunk of 16 KiB.
public enum ChunkedEncryption {
  fileprivate static let chunkSize = 16 << 10
  fileprivate static let tagSize = 16
  fileprivate static let saltSize = 24
  fileprivate static let prefixSize = 56

  /// The ciphertext of a plaintext for one purpose; it is all the memory that this takes.
  ///
  /// - Parameters:
  ///   - plaintext: what comes behind `prefix`.
  ///   - prefix: how the plaintext begins.
  ///   - context: what the ciphertext is for; opening needs the same.
  public static func seal(
    _ plaintext: [UInt8], behind prefix: [UInt8] = [], key: SymmetricKey, context: [UInt8],
    random: RandomSource
  ) throws(CryptographyError) -> [UInt8] {
    let salt = random.bytes(saltSize)
    var derived = Derived()
    derived.derive(from: KeyedSHA256(key: key), salt: salt.span, context: context)
    let count = prefix.count + plaintext.count
    var output: [UInt8] = []
    output.reserveCapacity(prefixSize + count + (count / chunkSize + 1) * tagSize)
    output += salt
    output += derived.bytes[Derived.commitment]
    let cipher = try AESGCMCipher(key: Array(derived.bytes[Derived.key]), seals: true)
    var start = 0
    var counter: UInt64 = 0
    while true {
      let end = min(start + chunkSize, count)
      let chunk =
        Array(prefix[min(start, prefix.count)..<min(end, prefix.count)])
        + plaintext[max(start - prefix.count, 0)..<max(end - prefix.count, 0)]
      try cipher.seal(
        chunk.span, nonce: derived.nonce(counter).span, authenticating: [UInt8]().span,
        into: &output)
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
    var output: [UInt8] = []
    var opener = try ChunkedOpener()
    try opener.open(
      ciphertext.span, key: KeyedSHA256(key: key), context: context, into: &output)
    return output
  }
}

/// Opens what ``ChunkedEncryption`` sealed, one ciphertext after another, with what libcrypto needs set up once and
/// in the same memory.
public struct ChunkedOpener: ~Copyable {
  private let cipher: AESGCMOpener
  private var derived = Derived()

  /// Sets up what all ciphertexts need.
  public init() throws(CryptographyError) { cipher = try AESGCMOpener() }

  /// Appends to `output` the plaintext of what ``ChunkedEncryption/seal(_:key:context:random:)`` made.
  ///
  /// - Parameter key: the key as HMAC takes it, which is the same work for all ciphertexts of one key.
  /// - Throws: `.notAuthentic` for another key or context, and for any change, truncation included.
  public mutating func open(
    _ ciphertext: Span<UInt8>, key: KeyedSHA256, context: [UInt8], into output: inout [UInt8]
  ) throws(CryptographyError) {
    typealias Sizes = ChunkedEncryption
    guard ciphertext.count >= Sizes.prefixSize + Sizes.tagSize else { throw .notAuthentic }
    derived.derive(
      from: key, salt: ciphertext.extracting(0..<Sizes.saltSize), context: context)
    guard
      equalInConstantTime(
        derived.bytes.span.extracting(Derived.commitment),
        ciphertext.extracting(Sizes.saltSize..<Sizes.prefixSize))
    else { throw .notAuthentic }
    output.reserveCapacity(output.count + ciphertext.count - Sizes.prefixSize)
    var start = Sizes.prefixSize
    var counter: UInt64 = 0
    while true {
      let end = min(start + Sizes.chunkSize + Sizes.tagSize, ciphertext.count)
      try cipher.open(
        ciphertext.extracting(start..<end), key: derived.bytes.span.extracting(Derived.key),
        nonce: derived.nonce(counter).span, into: &output)
      if end - start < Sizes.chunkSize + Sizes.tagSize { return }
      start = end
      counter += 1
    }
  }
}

/// What HKDF-Expand gives for one message.
private struct Derived {
  static let key = 0..<32
  static let baseNonce = 32..<44
  static let commitment = 44..<76

  /// The three one after the other.
  private(set) var bytes: [UInt8] = []
  private var info: [UInt8] = []

  private static let name = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM".utf8) + [0]

  /// Derives them for another message.
  mutating func derive(from inputKey: KeyedSHA256, salt: Span<UInt8>, context: [UInt8]) {
    info.removeAll(keepingCapacity: true)
    info += Self.name
    for index in salt.indices { info.append(salt[index]) }
    info += context
    info.append(0)
    HKDF.expandSHA256(
      inputKey, numbered: &info, count: Self.commitment.upperBound, into: &bytes)
  }

  func nonce(_ counter: UInt64) -> [UInt8] {
    var nonce = Array(bytes[Self.baseNonce])
    for index in 0..<8 {
      nonce[11 - index] ^= UInt8(truncatingIfNeeded: counter >> (8 * UInt64(index)))
    }
    return nonce
  }
}
