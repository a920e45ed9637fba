public import Cryptography

/// A witness's public key: C2SP signed-note's `name+id+base64` with the type of tlog-cosignature,
/// https://c2sp.org/tlog-cosignature.
public struct WitnessKey: Sendable, Hashable, CustomStringConvertible {
  /// The witness's name.
  public let name: String
  /// The key.
  public let key: Ed25519.PublicKey

  /// Names a key.
  public init(name: String, key: Ed25519.PublicKey) {
    self.name = name
    self.key = key
  }

  /// The first four bytes of SHA-256(name ‖ newline ‖ 4 ‖ key).
  public var id: [UInt8] {
    Array(SHA256.hash(Array(name.utf8) + [0x0A, 0x04] + key.bytes).bytes.prefix(4))
  }

  /// `name+id+base64`.
  public var description: String {
    "\(name)+\(hexadecimal(id))+\(Base64.encode([4] + key.bytes))"
  }

  /// Reads `name+id+base64`.
  public init?(_ text: String) {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, let bytes = Base64.decode(parts[2]),
      bytes.first == 4,
      let key = Ed25519.PublicKey(Array(bytes.dropFirst()))
    else { return nil }
    self.init(name: String(parts[0]), key: key)
    guard hexadecimal(id) == parts[1] else { return nil }
  }

  /// When this witness cosigned `note`, by its own clock; `nil` when it did not.
  public func time(of note: SignedNote) -> Timestamp? {
    for signature in note.signatures where signature.name == name && signature.keyID == id {
      guard signature.bytes.count == 72 else { return nil }
      let seconds = bigEndian(signature.bytes.span)
      guard seconds < 1 << 40 else { return nil }
      let message = Self.message(note.text, at: Int64(seconds))
      guard key.verify(Array(signature.bytes[8...]), of: message) else { return nil }
      return Timestamp(milliseconds: Int64(seconds) * 1000)
    }
    return nil
  }

  static func message(_ text: String, at seconds: Int64) -> [UInt8] {
    Array("cosignature/v1\ntime \(seconds)\n\(text)".utf8)
  }
}
