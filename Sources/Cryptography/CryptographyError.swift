/// A failure of libcrypto, or of something that was to be opened.
public enum CryptographyError: Error, Sendable, Hashable, CustomStringConvertible {
  /// libcrypto refused, which it does for want of memory or for parameters out of range.
  case refused(operation: String)
  /// The ciphertext is not one that the key, the context and the plaintext belong to.
  case notAuthentic

  /// A sentence.
  public var description: String {
    switch self {
    case .refused(let operation): "libcrypto refused \(operation)."
    case .notAuthentic:
      "The ciphertext was not made with this key for this purpose, or was changed."
    }
  }
}
