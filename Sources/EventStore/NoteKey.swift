public import Cryptography

/// A public key by name, as C2SP signed-note writes it: `name+id+base64`, https://c2sp.org/signed-note.
public protocol NoteKey: Sendable, Hashable, CustomStringConvertible {
  /// The byte that tells what the key's signatures are over.
  static var signatureType: UInt8 { get }
  /// The key's name.
  var name: String { get }
  /// The key.
  var key: Ed25519.PublicKey { get }
  /// Names a key.
  init(name: String, key: Ed25519.PublicKey)
}

extension NoteKey {
  /// The first four bytes of SHA-256(name ‖ newline ‖ type ‖ key).
  public var id: [UInt8] {
    Array(SHA256.hash(Array(name.utf8) + [0x0A, Self.signatureType] + key.bytes).bytes.prefix(4))
  }

  /// `name+id+base64`.
  public var description: String {
    "\(name)+\(hexadecimal(id))+\(Base64.encode([Self.signatureType] + key.bytes))"
  }

  /// Reads `name+id+base64`; `nil` when it is not that, or a key of another type.
  public init?(_ text: String) {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, Self.isName(String(parts[0])), let bytes = Base64.decode(parts[2]),
      bytes.first == Self.signatureType, let key = Ed25519.PublicKey(Array(bytes.dropFirst()))
    else { return nil }
    self.init(name: String(parts[0]), key: key)
    guard hexadecimal(id) == parts[1] else { return nil }
  }

  /// Whether a key can be named so, https://c2sp.org/signed-note.
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0 != "+" && !$0.properties.isWhitespace && $0.properties.generalCategory != .control
      }
  }

  /// The signatures of `note` that claim to be by this key.
  func signatures(of note: SignedNote) -> [SignedNote.Signature] {
    note.signatures.filter { $0.name == name && $0.keyID == id }
  }
}

/// The public key of a log.
public struct VerifierKey: NoteKey {
  /// Ed25519 over the note's text.
  public static let signatureType: UInt8 = 1
  /// The key's name.
  public let name: String
  /// The key.
  public let key: Ed25519.PublicKey

  /// Names a key.
  public init(name: String, key: Ed25519.PublicKey) {
    self.name = name
    self.key = key
  }

  /// The keys that a row of the table `meta` names, one a line.
  static func listed(in row: [UInt8]) -> [VerifierKey] {
    String(decoding: row, as: UTF8.self).split(separator: "\n").compactMap {
      VerifierKey(String($0))
    }
  }

  /// Whether `note` has this key's signature; a wrong one by this key's id makes it `false`.
  public func verifies(_ note: SignedNote) -> Bool {
    let own = signatures(of: note)
    return !own.isEmpty && own.allSatisfy { key.verify($0.bytes, of: Array(note.text.utf8)) }
  }
}
