import COpenSSL

/// HMAC with SHA-256 (RFC 2104).
public enum HMACSHA256 {
  /// The authentication code of `message`.
  public static func authenticate(_ message: [UInt8], key: SymmetricKey) -> Digest {
    KeyedSHA256(key.bytes).authenticate(message.span)
  }
}

/// HMAC with SHA-256 under one key, whose blocks are hashed once for any number of messages.
public struct KeyedSHA256: Sendable {
  private var inner = SHA256Hasher()
  private var outer = SHA256Hasher()

  /// Takes the key.
  public init(key: SymmetricKey) { self.init(key.bytes) }

  init(_ key: [UInt8]) {
    var block = [UInt8](repeating: 0x36, count: 64)
    let short = key.count > 64 ? SHA256.hash(key).bytes : key
    for (index, byte) in short.enumerated() { block[index] ^= byte }
    inner.update(block.span)
    for index in block.indices { block[index] ^= 0x36 ^ 0x5C }
    outer.update(block.span)
  }

  /// The authentication code of `message`.
  public func authenticate(_ message: Span<UInt8>) -> Digest {
    var (hasher, last) = (inner, outer)
    hasher.update(message)
    last.update(hasher.finish())
    return last.finish()
  }

  /// The authentication code of the pieces one after the other.
  public func authenticate(_ pieces: [UInt8]...) -> Digest {
    var (hasher, last) = (inner, outer)
    for piece in pieces { hasher.update(piece.span) }
    last.update(hasher.finish())
    return last.finish()
  }

  /// The authentication code of a digest, where there is one, and what follows it.
  func authenticate(_ digest: Digest?, _ rest: Span<UInt8>) -> Digest {
    var (hasher, last) = (inner, outer)
    if let digest { hasher.update(digest) }
    hasher.update(rest)
    last.update(hasher.finish())
    return last.finish()
  }
}

/// HKDF (RFC 5869).
public enum HKDF {
  /// A key derived with SHA-256.
  public static func deriveSHA256(
    from key: SymmetricKey, salt: [UInt8], info: [UInt8]
  ) -> SymmetricKey {
    let extracted = KeyedSHA256(salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt)
      .authenticate(key.bytes)
    return SymmetricKey(
      exactly: expandSHA256(KeyedSHA256(extracted.bytes), info: info, count: 32))
  }

  /// The first `count` bytes, at most 255 × 32, that HKDF-Expand with SHA-256 gives for a uniformly
  /// random key.
  static func expandSHA256(_ key: KeyedSHA256, info: [UInt8], count: Int) -> [UInt8] {
    var (numbered, output) = (info + [0], [UInt8]())
    expandSHA256(key, numbered: &numbered, count: count, into: &output)
    return output
  }
}

extension HKDF {
  /// As above, into memory that is there: puts the bytes in the place of what `output` holds.
  ///
  /// - Parameter numbered: the info and, behind it, a byte that is zero.
  static func expandSHA256(
    _ key: KeyedSHA256, numbered: inout [UInt8], count: Int, into output: inout [UInt8]
  ) {
    // libcrypto's own HMAC looks the algorithm up by name for every message.
    output.removeAll(keepingCapacity: true)
    output.reserveCapacity((count + 31) / 32 * 32)
    var block: Digest?
    while output.count < count {
      numbered[numbered.count - 1] += 1
      let next = key.authenticate(block, numbered.span)
      next.write(to: &output)
      block = next
    }
    output.removeLast(output.count - count)
  }
}

/// Whether two byte strings are equal, taking as long whatever they hold.
public func equalInConstantTime(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  equalInConstantTime(a.span, b.span)
}

/// Whether two byte strings are equal, taking as long whatever they hold.
func equalInConstantTime(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  return unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0
    }
  }
}
