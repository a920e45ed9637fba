import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with nonces of 12 bytes and tags of 16.
///
/// Alone it does not commit to its key; `ChunkedEncryption` adds that.
public enum AESGCM {
  /// The ciphertext of `plaintext` and, after it, the tag.
  public static func seal(
    _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
  ) throws(CryptographyError) -> [UInt8] {
    precondition(key.count == 32 && nonce.count == 12)
    let context = unsafe EVP_CIPHER_CTX_new()
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: plaintext.count + 16)
    var count: Int32 = 0
    var ok = unsafe EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
    ok = unsafe ok && EVP_EncryptUpdate(context, nil, &count, data, Int32(data.count)) == 1
    ok =
      unsafe ok
      && output.withUnsafeMutableBufferPointer { output in
        unsafe EVP_EncryptUpdate(
          context, output.baseAddress, &count, plaintext, Int32(plaintext.count)) == 1
          && EVP_EncryptFinal_ex(context, output.baseAddress.map { unsafe $0 + Int(count) }, &count)
            == 1
          && EVP_CIPHER_CTX_ctrl(
            context, EVP_CTRL_AEAD_GET_TAG, 16,
            output.baseAddress.map { unsafe $0 + plaintext.count }) == 1
      }
    guard ok else { throw .refused(operation: "AES-256-GCM") }
    return output
  }

  /// The plaintext of what `seal` made.
  ///
  /// - Throws: `.notAuthentic` when key, nonce, data or ciphertext do not belong together.
  public static func open(
    _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
  ) throws(CryptographyError) -> [UInt8] {
    precondition(key.count == 32 && nonce.count == 12)
    guard sealed.count >= 16 else { throw .notAuthentic }
    let context = unsafe EVP_CIPHER_CTX_new()
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    let length = sealed.count - 16
    var tag = Array(sealed[length...])
    var output = [UInt8](repeating: 0, count: length)
    var count: Int32 = 0
    var ok = unsafe EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
    ok = unsafe ok && EVP_DecryptUpdate(context, nil, &count, data, Int32(data.count)) == 1
    ok =
      unsafe ok
      && output.withUnsafeMutableBufferPointer { output in
        unsafe EVP_DecryptUpdate(context, output.baseAddress, &count, sealed, Int32(length)) == 1
          && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, &tag) == 1
          && EVP_DecryptFinal_ex(context, output.baseAddress.map { unsafe $0 + Int(count) }, &count)
            == 1
      }
    guard ok else { throw .notAuthentic }
    return output
  }
}
