#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Glibc

/// The secrets behind the tokens: from the environment, or from a file that the first start makes.
///
/// There is no secret in the program. `SENKO_JWT_SECRET` is the present one and
/// `SENKO_JWT_SECRET_PREVIOUS` the one before it; without them `DIR/token-secret`, mode 0600, holds
/// the present one in its first line and, after a rotation by hand, the one before in its second.
public struct TokenSecrets: Sendable {
  let current: [UInt8]
  let previous: [UInt8]?

  /// Why there are no usable secrets: a whole sentence.
  public struct Failure: Error, CustomStringConvertible {
    /// What is wrong, and what to do.
    public let description: String
  }

  /// Wraps secrets of at least 32 bytes.
  ///
  /// - Throws: `Failure` for shorter ones.
  public init(current: String, previous: String? = nil) throws(Failure) {
    for secret in [current, previous].compactMap(\.self) where secret.utf8.count < 32 {
      throw Failure(
        description:
          "A token secret has fewer than 32 bytes. Make one by 'openssl rand -hex 32'.")
    }
    self.current = Array(current.utf8)
    self.previous = previous.map { Array($0.utf8) }
  }

  /// The secrets of the environment, or else those of `directory`, made there if there are none.
  ///
  /// - Throws: `Failure` for a short secret, or a file that others may read or that cannot be used.
  public static func load(
    environment: [String: String], directory: String
  ) throws(Failure) -> TokenSecrets {
    if let current = environment["SENKO_JWT_SECRET"] {
      return try TokenSecrets(
        current: current, previous: environment["SENKO_JWT_SECRET_PREVIOUS"])
    }
    let path = directory + "/token-secret"
    if let text = try read(path) {
      let lines = text.split(separator: "\n").map(String.init)
      guard let first = lines.first else {
        throw Failure(
          description:
            "The file token-secret in the data folder is empty. Delete it, and the next start makes "
            + "a new secret.")
      }
      return try TokenSecrets(current: first, previous: lines.dropFirst().first)
    }
    return try make(path)
  }

  private static func read(_ path: String) throws(Failure) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("read")
    }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw failure("read") }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure(
        description:
          "The file token-secret in the data folder can be read by others. Run 'chmod 600' on it, and "
          + "replace the secret if they may have read it.")
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let capacity = bytes.count
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe Glibc.read(file, buffer.baseAddress, capacity)
    }
    guard count >= 0 else { throw failure("read") }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  private static func make(_ path: String) throws(Failure) -> TokenSecrets {
    var generator = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef".utf8)
    let secret = (0..<64).map { _ in digits[Int.random(in: 0..<16, using: &generator)] }
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      // Another process has made it meanwhile.
      if errno == EEXIST, let text = try read(path), let first = text.split(separator: "\n").first {
        return try TokenSecrets(current: String(first))
      }
      throw failure("written")
    }
    defer { close(file) }
    let line = secret + [UInt8(ascii: "\n")]
    let written = unsafe line.withUnsafeBytes { buffer in
      unsafe write(file, buffer.baseAddress, buffer.count)
    }
    guard written == line.count, fsync(file) == 0 else { throw failure("written") }
    return try TokenSecrets(current: String(decoding: secret, as: UTF8.self))
  }

  private static func failure(_ verb: String) -> Failure {
    let reason = unsafe String(cString: strerror(errno))
    return Failure(
      description:
        "The file token-secret in the data folder cannot be \(verb): \(reason). Check its owner and "
        + "the folder's, or set SENKO_JWT_SECRET.")
  }
}
