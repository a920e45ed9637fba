import COpenSSL

/// scrypt (RFC 7914), which makes guessing passwords cost memory.
public enum Scrypt {
  /// `count` bytes derived from a password; takes 128 · n · r bytes of memory.
  ///
  /// - Throws: `.refused` for parameters out of range.
  public static func derive(
    password: [UInt8], salt: [UInt8], n: UInt64, r: UInt64, p: UInt64, count: Int
  ) throws(CryptographyError) -> [UInt8] {
    var key = [UInt8](repeating: 0, count: count)
    let code = unsafe key.withUnsafeMutableBufferPointer { key in
      unsafe password.withUnsafeBufferPointer { password in
        unsafe salt.withUnsafeBufferPointer { salt in
          unsafe password.withMemoryRebound(to: CChar.self) { password in
            unsafe EVP_PBE_scrypt(
              password.baseAddress, password.count, salt.baseAddress, salt.count, n, r, p,
              128 * n * r * 2 + (1 << 20), key.baseAddress, key.count)
          }
        }
      }
    }
    guard code == 1 else { throw .refused(operation: "scrypt") }
    return key
  }
}
