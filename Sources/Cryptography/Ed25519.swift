import COpenSSL

/// Ed25519 signatures (RFC 8032), which are deterministic: signing again gives the same bytes.
public enum Ed25519 {
  /// A signing key, made from a seed of 32 bytes.
  public struct PrivateKey: Sendable, CustomStringConvertible {
    /// The secret seed.
    public let seed: SymmetricKey
    /// The key that verifies.
    public let publicKey: PublicKey
    private let pair: KeyPair

    /// Derives the key pair.
    public init(seed: SymmetricKey) throws(CryptographyError) {
      self.seed = seed
      pair = try KeyPair(privateSeed: seed.bytes)
      publicKey = PublicKey(unchecked: try pair.publicBytes())
    }

    /// The signature of `message`, 64 bytes.
    public func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
      try pair.sign(message)
    }

    /// Nothing of the secret.
    public var description: String { "Ed25519.PrivateKey(redacted)" }
  }

  /// A key that verifies signatures.
  public struct PublicKey: Sendable, Hashable {
    /// The key's 32 bytes.
    public let bytes: [UInt8]

    /// Wraps 32 bytes.
    public init?(_ bytes: [UInt8]) {
      guard bytes.count == 32 else { return nil }
      self.bytes = bytes
    }

    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// Whether `signature` is this key's signature of `message`.
    public func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
      guard signature.count == 64, let pair = try? KeyPair(publicBytes: bytes) else { return false }
      return pair.verify(signature, message)
    }
  }
}

/// libcrypto's key object, which any thread may use once it is made.
@safe private final class KeyPair: Sendable {
  private nonisolated(unsafe) let raw: OpaquePointer

  init(privateSeed seed: [UInt8]) throws(CryptographyError) {
    let key = unsafe seed.withUnsafeBufferPointer { seed in
      unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed.baseAddress, seed.count)
    }
    guard let key = unsafe key else { throw .refused(operation: "an Ed25519 seed") }
    unsafe raw = key
  }

  init(publicBytes bytes: [UInt8]) throws(CryptographyError) {
    let key = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes.baseAddress, bytes.count)
    }
    guard let key = unsafe key else { throw .refused(operation: "an Ed25519 public key") }
    unsafe raw = key
  }

  deinit { unsafe EVP_PKEY_free(raw) }

  func publicBytes() throws(CryptographyError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    var count = 32
    let code = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      unsafe EVP_PKEY_get_raw_public_key(raw, bytes.baseAddress, &count)
    }
    guard code == 1 else { throw .refused(operation: "an Ed25519 public key") }
    return bytes
  }

  func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 64)
    var count = 64
    guard unsafe EVP_DigestSignInit(context, nil, nil, nil, raw) == 1 else {
      throw .refused(operation: "an Ed25519 signature")
    }
    let code = unsafe signature.withUnsafeMutableBufferPointer { signature in
      unsafe message.withUnsafeBufferPointer { message in
        unsafe EVP_DigestSign(
          context, signature.baseAddress, &count, message.baseAddress, message.count)
      }
    }
    guard code == 1 else { throw .refused(operation: "an Ed25519 signature") }
    return signature
  }

  func verify(_ signature: [UInt8], _ message: [UInt8]) -> Bool {
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, raw) == 1 else { return false }
    return unsafe signature.withUnsafeBufferPointer { signature in
      unsafe message.withUnsafeBufferPointer { message in
        unsafe EVP_DigestVerify(
          context, signature.baseAddress, signature.count, message.baseAddress, message.count) == 1
      }
    }
  }
}
