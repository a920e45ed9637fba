import Cryptography

/// A proof that needs nothing but itself and the public keys that are trusted.
///
/// C2SP tlog-proof, https://c2sp.org/tlog-proof. Files of it end in `.tlog-proof`.
public struct TransparencyProof: Sendable, Hashable {
  /// The way from the event to the root.
  public let inclusion: InclusionProof
  /// The signed checkpoint over the tree, with any cosignatures.
  public let checkpoint: SignedNote

  private static let title = "c2sp.org/tlog-proof@v1"

  init(inclusion: InclusionProof, checkpoint: SignedNote) {
    self.inclusion = inclusion
    self.checkpoint = checkpoint
  }

  /// The proof's text.
  public var text: String {
    var text = "\(Self.title)\nindex \(inclusion.index)\n"
    for hash in inclusion.hashes { text += Base64.encode(hash.bytes) + "\n" }
    return text + "\n" + checkpoint.encoded
  }

  /// Reads a proof's text; opaque extra data is passed over.
  public init?(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard lines.popFirst().map(String.init) == Self.title else { return nil }
    if lines.first?.hasPrefix("extra ") == true { lines = lines.dropFirst() }
    guard let line = lines.popFirst(), line.hasPrefix("index "),
      let index = UInt64(line.dropFirst(6)), String(index) == line.dropFirst(6)
    else { return nil }
    var hashes: [Digest] = []
    while let line = lines.popFirst(), !line.isEmpty {
      guard let hash = Base64.decode(line).flatMap({ Digest($0) }) else { return nil }
      hashes.append(hash)
    }
    guard let note = SignedNote(lines.joined(separator: "\n")),
      let checkpoint = Checkpoint(text: note.text)
    else { return nil }
    inclusion = InclusionProof(index: index, size: checkpoint.size, hashes: hashes)
    self.checkpoint = note
  }

  /// Whether `event`, the stored bytes of one, lies under a checkpoint that `key` has signed for its log.
  public func verifies(_ event: [UInt8], key: VerifierKey) -> Bool {
    guard key.verifies(checkpoint), let head = Checkpoint(text: checkpoint.text),
      head.origin == key.name, head.size == inclusion.size
    else { return false }
    return inclusion.verifies(event, root: head.root)
  }
}
