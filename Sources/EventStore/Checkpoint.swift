public import Cryptography

/// A log's commitment to its first `size` events: C2SP tlog-checkpoint,
/// https://c2sp.org/tlog-checkpoint.
public struct Checkpoint: Sendable, Hashable {
  /// Which log it speaks of.
  public let origin: String
  /// How many events it covers.
  public let size: UInt64
  /// The Merkle tree's root over them.
  public let root: Digest

  /// The checkpoint's text, which is what is signed.
  public var text: String { "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n" }

  init(origin: String, size: UInt64, root: Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// What a signed note says; that the signatures are good is another question.
  public init?(note: String) {
    guard let note = SignedNote(note) else { return nil }
    self.init(text: note.text)
  }

  /// Reads the text of a checkpoint without extension lines.
  public init?(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 4, !lines[0].isEmpty, lines[3].isEmpty, let size = UInt64(lines[1]),
      String(size) == lines[1], let root = Base64.decode(lines[2]).flatMap({ Digest($0) })
    else { return nil }
    self.init(origin: String(lines[0]), size: size, root: root)
  }
}

/// A text with signatures: C2SP signed-note, https://c2sp.org/signed-note.
public struct SignedNote: Sendable, Hashable {
  /// One signature line.
  public struct Signature: Sendable, Hashable {
    /// The signing key's name.
    public let name: String
    /// The first four bytes of the key's digest.
    public let keyID: [UInt8]
    /// The signature's bytes.
    public let bytes: [UInt8]
  }

  /// What is signed, ending in a newline.
  public let text: String
  /// The signatures in order.
  public let signatures: [Signature]

  /// The note's exact text.
  public var encoded: String {
    text + "\n"
      + signatures.map { "— \($0.name) \(Base64.encode($0.keyID + $0.bytes))\n" }.joined()
  }

  init(text: String, signatures: [Signature]) {
    self.text = text
    self.signatures = signatures
  }

  /// Reads a note; `nil` for what has a control character, which could show another text than is signed.
  public init?(_ encoded: String) {
    let bytes = Array(encoded.utf8)
    guard bytes.last == 0x0A, bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }),
      let split = (1..<bytes.count).last(where: { bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A })
    else { return nil }
    text = String(decoding: bytes[..<split], as: UTF8.self)
    let lines = String(decoding: bytes[(split + 1)...], as: UTF8.self)
    var signatures: [Signature] = []
    for line in lines.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == "—", VerifierKey.isName(String(parts[1])),
        let bytes = Base64.decode(parts[2]), bytes.count > 4
      else { return nil }
      signatures.append(
        Signature(name: String(parts[1]), keyID: Array(bytes[..<4]), bytes: Array(bytes[4...])))
    }
    guard !signatures.isEmpty else { return nil }
    self.signatures = signatures
  }
}

extension SignedNote {
  /// How many signature lines a stored note has.
  static func signatures(in encoded: Span<UInt8>) -> Int {
    // A signature line begins with an em dash, which no line of a checkpoint does.
    var count = 0
    for index in 0..<max(0, encoded.count - 3)
    where encoded[index] == 0x0A && encoded[index + 1] == 0xE2 && encoded[index + 2] == 0x80
      && encoded[index + 3] == 0x94
    {
      count += 1
    }
    return count
  }
}
