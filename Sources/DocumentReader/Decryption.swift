import CPoppler

/// The key of a PDF that anyone may open, whose streams are encrypted nevertheless (ISO 32000-2, 7.6).
///
/// Poppler decrypts for itself and gives no content streams away. Only the empty user password is tried.
struct Decryption {
  private enum Method {
    case none
    case rc4
    case aes
    case aes256
  }

  private let key: [UInt8]
  private let method: Method

  /// What stands in for a password, and behind a short one.
  private static let padding: [UInt8] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
  ]

  /// Derives the key from an encryption dictionary; `nil` where the empty password does not give it.
  ///
  /// - Parameter ids: what may be the file's identifier.
  init?(_ dictionary: PDFValue, ids: [[UInt8]]) {
    guard dictionary["Filter"]?.name == "Standard", let version = dictionary["V"]?.number,
      let method = Self.method(dictionary, version)
    else { return nil }
    let revision = dictionary["R"]?.number ?? 0
    let key =
      version == 5
      ? Self.newKey(dictionary, revision)
      : ids.lazy.compactMap { Self.oldKey(dictionary, revision, $0) }.first
    guard let key else { return nil }
    (self.key, self.method) = (key, method)
  }

  private static func method(_ dictionary: PDFValue, _ version: Int) -> Method? {
    switch version {
    case 1, 2: return .rc4
    case 4, 5:
      let filter = dictionary["StmF"]?.name ?? "Identity"
      if filter == "Identity" { return Method.none }
      switch dictionary["CF"]?[filter]?["CFM"]?.name {
      case "V2": return .rc4
      case "AESV2": return .aes
      case "AESV3": return .aes256
      case "None": return Method.none
      default: return nil
      }
    default: return nil
    }
  }

  /// Algorithms 2, 4 and 5: a key of 40 to 128 bits.
  private static func oldKey(
    _ dictionary: PDFValue, _ revision: Int, _ id: [UInt8]
  ) -> [UInt8]? {
    guard let owner = dictionary["O"]?.string, let user = dictionary["U"]?.string,
      let rights = dictionary["P"]?.number, owner.count >= 32, user.count >= 16,
      (2...4).contains(revision)
    else { return nil }
    let bits = dictionary["V"]?.number == 4 ? 128 : dictionary["Length"]?.number ?? 40
    let count = revision == 2 ? 5 : max(5, min(16, bits / 8))
    var message = padding + owner.prefix(32)
    for shift in [0, 8, 16, 24] { message.append(UInt8(truncatingIfNeeded: rights >> shift)) }
    message += id
    if revision == 4, dictionary["EncryptMetadata"]?.isFalse ?? false {
      message += [0xFF, 0xFF, 0xFF, 0xFF]
    }
    var key = Array(digest(G_CHECKSUM_MD5, message).prefix(count))
    guard revision > 2 else {
      return RC4.apply(key, to: padding).elementsEqual(user.prefix(32)) ? key : nil
    }
    for _ in 0..<50 { key = Array(digest(G_CHECKSUM_MD5, key).prefix(count)) }
    var check = digest(G_CHECKSUM_MD5, padding + id)
    for turn in UInt8(0)..<20 { check = RC4.apply(key.map { $0 ^ turn }, to: check) }
    return check.elementsEqual(user.prefix(16)) ? key : nil
  }

  /// Algorithm 2.A: a key of 256 bits, itself encrypted.
  private static func newKey(_ dictionary: PDFValue, _ revision: Int) -> [UInt8]? {
    guard let user = dictionary["U"]?.string, let sealed = dictionary["UE"]?.string,
      user.count >= 48, sealed.count >= 32
    else { return nil }
    func hash(_ salt: ArraySlice<UInt8>) -> [UInt8] {
      revision < 6 ? digest(G_CHECKSUM_SHA256, Array(salt)) : hardHash(Array(salt))
    }
    guard hash(user[32..<40]).elementsEqual(user[..<32]) else { return nil }
    return AES(hash(user[40..<48]))?
      .decrypt(sealed[..<32], from: [UInt8](repeating: 0, count: 16))
  }

  /// Algorithm 2.B for the empty password.
  private static func hardHash(_ salt: [UInt8]) -> [UInt8] {
    var key = digest(G_CHECKSUM_SHA256, salt)
    var (round, last) = (0, 0)
    while round < 64 || last > round - 32 {
      let text = [[UInt8]](repeating: key, count: 64).flatMap(\.self)
      guard let cipher = AES(Array(key[..<16])) else { return [] }
      let sealed = cipher.encrypt(text, from: Array(key[16..<32]))
      let kind =
        switch sealed.prefix(16).reduce(0, { $0 + Int($1) }) % 3 {
        case 0: G_CHECKSUM_SHA256
        case 1: G_CHECKSUM_SHA384
        default: G_CHECKSUM_SHA512
        }
      key = digest(kind, sealed)
      guard key.count >= 32 else { return [] }
      last = Int(sealed[sealed.count - 1])
      round += 1
    }
    return Array(key[..<32])
  }

  /// The bytes of an object's stream, of which what is no whole block is left out.
  func decrypt(_ data: ArraySlice<UInt8>, of object: Int, _ generation: Int) -> [UInt8] {
    var key = key
    if method == .rc4 || method == .aes {
      var message = key
      for shift in [0, 8, 16] { message.append(UInt8(truncatingIfNeeded: object >> shift)) }
      for shift in [0, 8] { message.append(UInt8(truncatingIfNeeded: generation >> shift)) }
      if method == .aes { message += [0x73, 0x41, 0x6C, 0x54] }
      key = Array(Self.digest(G_CHECKSUM_MD5, message).prefix(min(16, key.count + 5)))
    }
    switch method {
    case .none: return Array(data)
    case .rc4: return RC4.apply(key, to: data)
    case .aes, .aes256:
      guard data.count >= 32, let cipher = AES(key) else { return [] }
      var plain = cipher.decrypt(data.dropFirst(16), from: Array(data.prefix(16)))
      if let last = plain.last, (1...16).contains(last) { plain.removeLast(Int(last)) }
      return plain
    }
  }

  /// A digest of `message`; empty when GLib does not know its kind.
  private static func digest(_ kind: GChecksumType, _ message: [UInt8]) -> [UInt8] {
    guard let checksum = unsafe g_checksum_new(kind) else { return [] }
    defer { unsafe g_checksum_free(checksum) }
    unsafe g_checksum_update(checksum, message, gssize(message.count))
    var digest = [UInt8](repeating: 0, count: 64)
    var count = gsize(digest.count)
    unsafe g_checksum_get_digest(checksum, &digest, &count)
    return Array(digest.prefix(Int(count)))
  }
}

extension Decryption {
  /// Whether a file is encrypted, and how it is decrypted if that is known.
  static func find(in file: [UInt8], at object: (Int) -> Int?) -> (isNeeded: Bool, key: Decryption?)
  {
    let places = ImageSearch.places(of: "/Encrypt", in: file).filter { place in
      let end = place + "/Encrypt".utf8.count
      return end < file.count && !Unicode.Scalar(file[end]).isASCIIWord
    }
    guard !places.isEmpty else { return (false, nil) }
    let ids = ImageSearch.places(of: "/ID", in: file).lazy.compactMap { place -> [UInt8]? in
      var parser = ObjectParser(file, at: place + 3)
      return parser.value()?.members.first?.string
    }
    for place in places.reversed().prefix(16) {
      var parser = ObjectParser(file, at: place + "/Encrypt".utf8.count)
      var value = parser.value()
      if case .reference(let number) = value, let start = object(number) {
        parser = ObjectParser(file, at: start)
        value = parser.value()
      }
      if let value, let key = Decryption(value, ids: Array(ids.prefix(16)) + [[]]) {
        return (true, key)
      }
    }
    return (true, nil)
  }
}
