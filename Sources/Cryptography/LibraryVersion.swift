import COpenSSL

/// The library that is loaded.
public enum LibraryVersion {
  /// What libcrypto says that it is.
  public static var libcrypto: String {
    unsafe OpenSSL_version(OPENSSL_FULL_VERSION_STRING).map { unsafe String(cString: $0) } ?? ""
  }
}
