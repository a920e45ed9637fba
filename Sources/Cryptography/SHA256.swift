import COpenSSL

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
  /// The digest of `bytes`.
  public static func hash(_ bytes: [UInt8]) -> Digest { hash(bytes.span) }

  /// The digest of `bytes`.
  public static func hash(_ bytes: Span<UInt8>) -> Digest {
    var digest = InlineArray<32, UInt8>(repeating: 0)
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var out = digest.mutableSpan
      unsafe out.withUnsafeMutableBufferPointer { out in
        _ = unsafe COpenSSL.SHA256(bytes.baseAddress, bytes.count, out.baseAddress)
      }
    }
    return Digest(exactly: digest.span)
  }
}
