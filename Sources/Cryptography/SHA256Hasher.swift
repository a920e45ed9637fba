import COpenSSL

/// A reusable SHA-256 computation, for hashing many short messages without setting up each.
@safe public struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer
  private let algorithm: OpaquePointer

  /// Makes a hasher that has seen nothing.
  public init() {
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil),
      let context = unsafe EVP_MD_CTX_new()
    else { preconditionFailure("libcrypto has no SHA-256.") }
    unsafe self.algorithm = algorithm
    unsafe self.context = context
    unsafe EVP_DigestInit_ex(context, algorithm, nil)
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
    unsafe EVP_MD_free(algorithm)
  }

  /// Takes in bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      _ = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }
  }

  /// The digest of what was taken in; the hasher begins anew.
  public mutating func finish() -> Digest {
    var digest = InlineArray<32, UInt8>(repeating: 0)
    var out = digest.mutableSpan
    unsafe out.withUnsafeMutableBufferPointer { out in
      _ = unsafe EVP_DigestFinal_ex(context, out.baseAddress, nil)
    }
    unsafe EVP_DigestInit_ex(context, algorithm, nil)
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
    var message = InlineArray<65, UInt8>(repeating: prefix)
    a.write(to: &message, at: 1)
    b.write(to: &message, at: 33)
    update(message.span)
    return finish()
  }
}

extension Digest {
  fileprivate func write(to message: inout InlineArray<65, UInt8>, at start: Int) {
    withWords { index, word in
      for byte in 0..<8 {
        message[start + index * 8 + byte] = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * byte))
      }
    }
  }
}
