import COpenSSL

/// HMAC with SHA-256 (RFC 2104).
public enum HMACSHA256 {
  /// The authentication code of `message`.
  public static func authenticate(_ message: [UInt8], key: SymmetricKey) -> Digest {
    var block = [UInt8](repeating: 0x36, count: 64)
    for (index, byte) in key.bytes.enumerated() { block[index] ^= byte }
    var hasher = SHA256Hasher()
    hasher.update(block.span)
    hasher.update(message.span)
    let inner = hasher.finish()
    for index in block.indices { block[index] ^= 0x36 ^ 0x5C }
    hasher.update(block.span)
    hasher.update(inner)
    return hasher.finish()
  }
}

/// HMAC under any hash of libcrypto's.
@unsafe func hmac(_ message: [UInt8], key: [UInt8], _ hash: OpaquePointer?, count: Int) -> [UInt8] {
  var code = [UInt8](repeating: 0, count: count)
  var length: UInt32 = 0
  unsafe code.withUnsafeMutableBufferPointer { code in
    unsafe key.withUnsafeBufferPointer { key in
      unsafe message.withUnsafeBufferPointer { message in
        _ = unsafe HMAC(
          hash, key.baseAddress, Int32(key.count), message.baseAddress, message.count,
          code.baseAddress, &length)
      }
    }
  }
  return code
}

/// HKDF (RFC 5869).
public enum HKDF {
  /// A key derived with SHA-256.
  public static func deriveSHA256(
    from key: SymmetricKey, salt: [UInt8], info: [UInt8]
  ) -> SymmetricKey {
    let extracted = unsafe hmac(
      key.bytes, key: salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt, EVP_sha256(),
      count: 32)
    return SymmetricKey(
      exactly: expandSHA256(SymmetricKey(exactly: extracted), info: info, count: 32))
  }

  /// The first `count` bytes, at most 255 × 32, that HKDF-Expand with SHA-256 gives for a uniformly
  /// random key.
  static func expandSHA256(_ key: SymmetricKey, info: [UInt8], count: Int) -> [UInt8] {
    var output: [UInt8] = []
    var block: [UInt8] = []
    var counter: UInt8 = 0
    while output.count < count {
      counter += 1
      block = unsafe hmac(block + info + [counter], key: key.bytes, EVP_sha256(), count: 32)
      output += block
    }
    return Array(output.prefix(count))
  }
}

/// Whether two byte strings are equal, taking as long whatever they hold.
public func equalInConstantTime(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  guard a.count == b.count else { return false }
  return unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0
    }
  }
}
