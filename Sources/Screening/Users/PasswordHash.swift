import Cryptography

/// A password's scrypt hash (RFC 7914) with its parameters and salt.
///
/// Encoded as `scrypt$log2N$r$p$salt$hash`, salt and hash in hexadecimal.
struct PasswordHash: Sendable, Equatable {
  var logN: Int
  var r: Int
  var p: Int
  var salt: [UInt8]
  var hash: [UInt8]

  /// Hashes `password` with a new salt: 2^15 × 8 blocks, 32 MiB, some tens of milliseconds.
  init(of password: String, random: RandomSource = .system) throws(ScreeningError) {
    salt = random.bytes(16)
    (logN, r, p) = (15, 8, 1)
    hash = try Self.derive(password, salt: salt, logN: logN, r: r, p: p)
  }

  /// A hash that no password has.
  private static let unmatched = PasswordHash(
    logN: 15, r: 8, p: 1, salt: [UInt8](repeating: 0, count: 16), hash: [])

  /// Works a password out as an earlier one was.
  typealias Derivation = (
    _ password: String, _ salt: [UInt8], _ logN: Int, _ r: Int, _ p: Int
  ) throws(ScreeningError) -> [UInt8]

  /// Whether `password` has this hash; compares in constant time.
  ///
  /// - Parameter hash: `nil` for an unknown user, which no password has and which takes the same work.
  static func matches(
    _ password: String, _ hash: PasswordHash?, derivation: Derivation = derive
  ) throws(ScreeningError) -> Bool {
    let hash = hash ?? .unmatched
    let derived = try derivation(password, hash.salt, hash.logN, hash.r, hash.p)
    return equalInConstantTime(derived, hash.hash)
  }

  static func derive(
    _ password: String, salt: [UInt8], logN: Int, r: Int, p: Int
  ) throws(ScreeningError) -> [UInt8] {
    do {
      return try Scrypt.derive(
        password: Array(password.utf8), salt: salt, n: 1 << UInt64(logN), r: UInt64(r),
        p: UInt64(p), count: 32)
    } catch {
      throw .unavailable("The password could not be hashed: \(error)")
    }
  }

  /// The hash as it is sealed.
  var encoded: String {
    "scrypt$\(logN)$\(r)$\(p)$\(hexadecimal(salt))$\(hexadecimal(hash))"
  }

  /// Reads what `encoded` wrote.
  init?(encoded: String) {
    let parts = encoded.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "scrypt", let logN = Int(parts[1]), (1...24).contains(logN),
      let r = Int(parts[2]), let p = Int(parts[3]), let salt = bytes(hexadecimal: parts[4]),
      let hash = bytes(hexadecimal: parts[5])
    else { return nil }
    self.init(logN: logN, r: r, p: p, salt: salt, hash: hash)
  }

  private init(logN: Int, r: Int, p: Int, salt: [UInt8], hash: [UInt8]) {
    self.logN = logN
    self.r = r
    self.p = p
    self.salt = salt
    self.hash = hash
  }
}
