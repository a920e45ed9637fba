import COpenSSL

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
  /// The digest of `bytes`.
  public static func hash(_ bytes: [UInt8]) -> Digest { hash(bytes.span) }

  /// The digest of `bytes`.
  public static func hash(_ bytes: Span<UInt8>) -> Digest {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finish()
  }
}

/// A SHA-256 computation that takes in its message piece by piece.
public struct SHA256Hasher: Sendable {
  // libcrypto's plain functions: its newer ones look the algorithm up by name, which takes longer than
  // hashing a short message.
  private var context = SHA256_CTX()

  /// Makes a hasher that has seen nothing.
  public init() { unsafe SHA256_Init(&context) }

  /// Takes in bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      _ = unsafe SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }
  }

  /// The digest of what was taken in; the hasher begins anew.
  public mutating func finish() -> Digest {
    var digest = InlineArray<32, UInt8>(repeating: 0)
    var out = digest.mutableSpan
    unsafe out.withUnsafeMutableBufferPointer { out in
      _ = unsafe SHA256_Final(out.baseAddress, &context)
    }
    unsafe SHA256_Init(&context)
    return Digest(exactly: digest.span)
  }

  /// The digest of one byte and, after it, `bytes`.
  public mutating func hash(prefix: UInt8, _ bytes: Span<UInt8>) -> Digest {
    let prefix: InlineArray<1, UInt8> = [prefix]
    update(prefix.span)
    update(bytes)
    return finish()
  }

  /// The digest of one byte and, after it, two digests.
  public mutating func hash(prefix: UInt8, _ a: Digest, _ b: Digest) -> Digest {
    // One call for all 65 bytes: libcrypto copies what does not fill a block.
    var message = InlineArray<65, UInt8>(repeating: prefix)
    var span = message.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { message in
      let raw = UnsafeMutableRawBufferPointer(message)
      unsafe raw.storeBytes(of: a.bigEndianWords, toByteOffset: 1, as: InlineArray<4, UInt64>.self)
      unsafe raw.storeBytes(of: b.bigEndianWords, toByteOffset: 33, as: InlineArray<4, UInt64>.self)
    }
    update(message.span)
    return finish()
  }

  /// Takes in a digest's bytes.
  mutating func update(_ digest: Digest) {
    let words = digest.bigEndianWords
    unsafe words.span.withUnsafeBufferPointer { words in
      _ = unsafe SHA256_Update(&context, words.baseAddress, 32)
    }
  }
}
