import Cryptography

/// A proof that needs nothing but itself and the public keys that are trusted.
///
/// C2SP tlog-proof, https://c2sp.org/tlog-proof. Files of it end in `.tlog-proof`.
public struct TransparencyProof: Sendable, Hashable {
  /// The way from the event to the root.
  public let inclusion: InclusionProof
  /// The signed checkpoint over the tree, with any cosignatures.
  public let checkpoint: SignedNote
  /// What else the proof carries, and proves nothing of by itself; `carrying` puts the event there.
  public let extra: [UInt8]?

  private static let title = "c2sp.org/tlog-proof@v1"

  init(inclusion: InclusionProof, checkpoint: SignedNote, extra: [UInt8]? = nil) {
    self.inclusion = inclusion
    self.checkpoint = checkpoint
    self.extra = extra
  }

  /// The proof's text.
  public var text: String {
    var text = Self.title + "\n"
    if let extra { text += "extra \(Base64.encode(extra))\n" }
    text += "index \(inclusion.index)\n"
    for hash in inclusion.hashes { text += Base64.encode(hash.bytes) + "\n" }
    return text + "\n" + checkpoint.encoded
  }

  /// Reads a proof's text.
  public init?(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard lines.popFirst().map(String.init) == Self.title else { return nil }
    var extra: [UInt8]?
    if let line = lines.first, line.hasPrefix("extra ") {
      guard let bytes = Base64.decode(line.dropFirst(6)) else { return nil }
      extra = bytes
      lines = lines.dropFirst()
    }
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
    self.extra = extra
  }

  /// Whether `event`, the stored bytes of one, lies under a checkpoint that `key` has signed for its log.
  public func verifies(_ event: [UInt8], key: VerifierKey) -> Bool {
    guard key.verifies(checkpoint), let head = Checkpoint(text: checkpoint.text),
      head.origin == key.name, head.size == inclusion.size
    else { return false }
    return inclusion.verifies(event, root: head.root)
  }
}

/// A proof that brings the event, and the key that its log names: a receipt, which is checked with nothing else but
/// that key from somewhere else.
extension TransparencyProof {
  /// The proof with the event's stored bytes and the key as extra data: canonical JSON with `event` and `key`.
  func carrying(_ event: [UInt8], key: VerifierKey) -> TransparencyProof {
    let members: JSONObject = [
      "event": .string(String(decoding: event, as: UTF8.self)), "key": .string(key.description),
    ]
    return TransparencyProof(
      inclusion: inclusion, checkpoint: checkpoint, extra: JSONValue.object(members).encoded())
  }

  /// The event's bytes that the proof brings; that they are what it proves, `verifies(_:key:)` tells.
  public var event: [UInt8]? { carried("event").map { Array($0.utf8) } }

  /// The key that the proof names as its log's, which is nobody's word but its own.
  public var namedKey: VerifierKey? { carried("key").flatMap { VerifierKey($0) } }

  private func carried(_ name: String) -> String? {
    extra.flatMap { try? JSONValue(canonical: $0.span) }?[name]?.string
  }
}
