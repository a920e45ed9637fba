import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with nonces of 12 bytes and tags of 16.
///
/// Alone it does not commit to its key; `ChunkedEncryption` adds that.
public enum AESGCM {
  /// The ciphertext of `plaintext` and, after it, the tag.
  public static func seal(
    _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
  ) throws(CryptographyError) -> [UInt8] {
    try AESGCMCipher(key: key, seals: true).seal(plaintext, nonce: nonce, authenticating: data)
  }

  /// The plaintext of what `seal` made.
  ///
  /// - Throws: `.notAuthentic` when key, nonce, data or ciphertext do not belong together.
  public static func open(
    _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
  ) throws(CryptographyError) -> [UInt8] {
    try AESGCMCipher(key: key, seals: false).open(sealed, nonce: nonce, authenticating: data)
  }
}

/// AES-256-GCM under one key that is set up once, for many short messages: setting a key up takes libcrypto
/// several times as long as enciphering another.
@safe public struct AESGCMCipher: ~Copyable {
  private let context: OpaquePointer
  private let seals: Bool

  /// Sets a key of 32 bytes up.
  ///
  /// - Parameter seals: whether it will seal; otherwise it opens.
  public init(key: [UInt8], seals: Bool) throws(CryptographyError) {
    precondition(key.count == 32)
    guard let context = unsafe Self.context(key, seals) else {
      throw .refused(operation: "AES-256-GCM")
    }
    unsafe self.context = context
    self.seals = seals
  }

  @unsafe private static func context(_ key: [UInt8], _ seals: Bool) -> OpaquePointer? {
    guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
    if unsafe EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nil, seals ? 1 : 0) == 1 {
      return unsafe context
    }
    unsafe EVP_CIPHER_CTX_free(context)
    return nil
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// As `AESGCM.seal`; a nonce may be used once under a key.
  public func seal(
    _ plaintext: [UInt8], nonce: [UInt8], authenticating data: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(plaintext.count + 16)
    try seal(plaintext.span, nonce: nonce.span, authenticating: data.span, into: &output)
    return output
  }

  /// Appends what `AESGCM.seal` gives; a nonce may be used once under a key.
  public func seal(
    _ plaintext: Span<UInt8>, nonce: Span<UInt8>, authenticating data: Span<UInt8>,
    into output: inout [UInt8]
  ) throws(CryptographyError) {
    precondition(seals && nonce.count == 12)
    let (start, length) = (output.count, plaintext.count)
    output.append(contentsOf: repeatElement(0, count: length + 16))
    var count: Int32 = 0
    guard unsafe begin(nonce, data) else { throw .refused(operation: "AES-256-GCM") }
    let ok = unsafe plaintext.withUnsafeBufferPointer { plaintext in
      unsafe output.withUnsafeMutableBufferPointer { output in
        let place = unsafe output.baseAddress.map { unsafe $0 + start }
        return unsafe EVP_CipherUpdate(
          context, place, &count, plaintext.baseAddress, Int32(length)) == 1
          && EVP_CipherFinal_ex(context, place.map { unsafe $0 + Int(count) }, &count) == 1
          && EVP_CIPHER_CTX_ctrl(
            context, EVP_CTRL_AEAD_GET_TAG, 16, place.map { unsafe $0 + length }) == 1
      }
    }
    guard ok else { throw .refused(operation: "AES-256-GCM") }
  }

  /// As `AESGCM.open`.
  public func open(
    _ sealed: [UInt8], nonce: [UInt8], authenticating data: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(sealed.count)
    try open(sealed.span, nonce: nonce.span, authenticating: data.span, into: &output)
    return output
  }

  /// Appends what `AESGCM.open` gives.
  ///
  /// - Throws: `.notAuthentic`; then `output` holds what it held before.
  public func open(
    _ sealed: Span<UInt8>, nonce: Span<UInt8>, authenticating data: Span<UInt8>,
    into output: inout [UInt8]
  ) throws(CryptographyError) {
    precondition(!seals && nonce.count == 12)
    guard sealed.count >= 16 else { throw .notAuthentic }
    let (start, length) = (output.count, sealed.count - 16)
    // Room for the end as well, which writes nothing.
    output.append(contentsOf: repeatElement(0, count: length + 16))
    var count: Int32 = 0
    let ok =
      unsafe begin(nonce, data)
      && sealed.withUnsafeBufferPointer { sealed in
        unsafe output.withUnsafeMutableBufferPointer { output in
          let place = unsafe output.baseAddress.map { unsafe $0 + start }
          // libcrypto only reads the tag.
          let tag = unsafe sealed.baseAddress.map {
            unsafe UnsafeMutablePointer(mutating: $0 + length)
          }
          return unsafe EVP_CipherUpdate(
            context, place, &count, sealed.baseAddress, Int32(length)) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, tag) == 1
            && EVP_CipherFinal_ex(context, place.map { unsafe $0 + Int(count) }, &count) == 1
        }
      }
    output.removeLast(ok ? 16 : length + 16)
    guard ok else { throw .notAuthentic }
  }

  /// Takes a message's nonce and the data beside it.
  @unsafe private func begin(_ nonce: Span<UInt8>, _ data: Span<UInt8>) -> Bool {
    var count: Int32 = 0
    return unsafe nonce.withUnsafeBufferPointer { nonce in
      unsafe data.withUnsafeBufferPointer { data in
        unsafe EVP_CipherInit_ex(context, nil, nil, nil, nonce.baseAddress, -1) == 1
          && EVP_CipherUpdate(context, nil, &count, data.baseAddress, Int32(data.count)) == 1
      }
    }
  }
}

/// Opens messages of AES-256-GCM under many keys, one after the other: libcrypto is asked for the algorithm and
/// for memory once, which takes it longer than to open a short message.
@safe struct AESGCMOpener: ~Copyable {
  private let context: OpaquePointer

  /// Sets everything up but the key.
  init() throws(CryptographyError) {
    guard let context = unsafe Self.context() else {
      throw .refused(operation: "AES-256-GCM")
    }
    unsafe self.context = context
  }

  @unsafe private static func context() -> OpaquePointer? {
    guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
    if unsafe EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, nil, nil) == 1 {
      return unsafe context
    }
    unsafe EVP_CIPHER_CTX_free(context)
    return nil
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Appends to `output` the plaintext of what was sealed without data beside it.
  ///
  /// - Throws: `.notAuthentic` as `AESGCM.open`; then `output` holds what it held before.
  func open(
    _ sealed: Span<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, into output: inout [UInt8]
  ) throws(CryptographyError) {
    precondition(key.count == 32 && nonce.count == 12)
    guard sealed.count >= 16 else { throw .notAuthentic }
    let start = output.count
    let length = sealed.count - 16
    output.append(contentsOf: repeatElement(0, count: length))
    let isAuthentic = unsafe key.withUnsafeBufferPointer { key in
      unsafe nonce.withUnsafeBufferPointer { nonce in
        unsafe sealed.withUnsafeBufferPointer { sealed in
          unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe open(
              sealed, key.baseAddress, nonce.baseAddress,
              UnsafeMutableBufferPointer(rebasing: output[start...]))
          }
        }
      }
    }
    guard isAuthentic else {
      output.removeLast(length)
      throw .notAuthentic
    }
  }

  @unsafe private func open(
    _ sealed: UnsafeBufferPointer<UInt8>, _ key: UnsafePointer<UInt8>?,
    _ nonce: UnsafePointer<UInt8>?, _ output: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    var count: Int32 = 0
    // All has been written by then.
    var nothing: UInt8 = 0
    // libcrypto only reads the tag.
    let tag = unsafe sealed.baseAddress.map {
      unsafe UnsafeMutablePointer(mutating: $0 + output.count)
    }
    // No plaintext is no buffer to write to, which libcrypto would take for data beside it.
    return unsafe EVP_DecryptInit_ex(context, nil, nil, key, nonce) == 1
      && (output.isEmpty
        || EVP_DecryptUpdate(
          context, output.baseAddress, &count, sealed.baseAddress, Int32(output.count)) == 1)
      && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, tag) == 1
      && EVP_DecryptFinal_ex(context, &nothing, &count) == 1
  }
}
