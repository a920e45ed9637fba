public import Cryptography

/// The public key of a witness, https://c2sp.org/tlog-cosignature.
public struct WitnessKey: NoteKey {
  /// Ed25519 over a time and the note's text.
  public static let signatureType: UInt8 = 4
  /// The key's name.
  public let name: String
  /// The key.
  public let key: Ed25519.PublicKey

  /// Names a key.
  public init(name: String, key: Ed25519.PublicKey) {
    self.name = name
    self.key = key
  }

  /// When this witness cosigned `note`, by its own clock; `nil` when it did not.
  public func time(of note: SignedNote) -> Timestamp? {
    for signature in signatures(of: note) {
      guard signature.bytes.count == 72 else { return nil }
      let seconds = bigEndian(signature.bytes.span, at: 0)
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
