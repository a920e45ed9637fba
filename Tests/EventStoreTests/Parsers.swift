import Cryptography

@testable import EventStore

/// Everything in the store that reads what others may have written, as properties of any bytes: reading never
/// ends the process, and what is taken has one spelling.
///
/// The tests feed it mutated samples; `tools/faults/fuzz` feeds it to libFuzzer.
enum Parsers {
  /// The first property that `input` breaks; `nil` when all hold.
  static func problem(with input: [UInt8]) -> String? {
    let text = String(decoding: input, as: UTF8.self)
    return json(input) ?? event(input) ?? notes(text) ?? names(text) ?? files(input)
      ?? proofs(input)
  }

  private static func json(_ input: [UInt8]) -> String? {
    guard let value = try? JSONValue(canonical: input.span) else { return nil }
    if value.encoded() != input { return "JSON has two spellings" }
    if let reference = SealedReference(value), reference.json != value {
      return "a sealed reference has two spellings"
    }
    _ = VerifyReport(value)
    return nil
  }

  private static func event(_ input: [UInt8]) -> String? {
    let event = try? Event(decoding: input.span)
    let line = try? EventLine(input.span)
    if (event == nil) != (line == nil) { return "an event is read by one of two readers" }
    guard let event, let line else { return nil }
    if event.bytes != input { return "an event is not kept as it is" }
    if event.position != line.position || event.at != line.at {
      return "two readers see different events"
    }
    if (try? JSONValue(canonical: input.span)) == nil { return "an event is no canonical JSON" }
    return nil
  }

  private static func notes(_ text: String) -> String? {
    if let note = SignedNote(text), note.encoded != text { return "a note has two spellings" }
    if let checkpoint = Checkpoint(text: text), checkpoint.text != text {
      return "a checkpoint has two spellings"
    }
    guard let proof = TransparencyProof(text) else { return nil }
    if proof.text != text { return "a proof has two spellings" }
    if proof.verifies([1], key: key) { return "a proof that nobody signed is taken" }
    return nil
  }

  private static func names(_ text: String) -> String? {
    if let key = VerifierKey(text), key.description != text { return "a key has two spellings" }
    if let key = WitnessKey(text), key.description != text { return "a witness has two spellings" }
    if let bytes = Base64.decode(text), Base64.encode(bytes) != text {
      return "Base64 has two spellings"
    }
    if let id = SubjectID(hex: text), hexadecimal(id.bytes) != text {
      return "a subject has two spellings"
    }
    if let tile = TileAddress(text), tile.description != text { return "a tile has two spellings" }
    guard let time = Timestamp(parsing: text) else { return nil }
    return Timestamp(parsing: "\(time)") == time ? nil : "a time is not read back"
  }

  private static func files(_ input: [UInt8]) -> String? {
    if let key = WrappingKey(file: input), WrappingKey(file: key.file)?.generation != key.generation
    {
      return "a wrapping key is not read back"
    }
    _ = SigningKey(file: input)
    guard let escrow = Escrow(file: input) else { return nil }
    return Escrow(file: escrow.file) == nil ? "an escrow is not read back" : nil
  }

  /// Takes the bytes for numbers and hashes of proofs: none can hold for these roots.
  private static func proofs(_ input: [UInt8]) -> String? {
    guard input.count >= 17 else { return nil }
    let (first, second) = (bigEndian(input[0..<8]), bigEndian(input[8..<16]))
    let hashes = stride(from: 16, to: input.count - 31, by: 32).compactMap {
      Digest(Array(input[$0..<($0 + 32)]))
    }
    let (older, newer) = (SHA256.hash([1]), SHA256.hash([2]))
    if InclusionProof(index: first, size: second, hashes: hashes).verifies(input, root: older) {
      return "an inclusion proof of nothing is taken"
    }
    if ConsistencyProof(first: first, second: second, hashes: hashes)
      .verifies(older: older, newer: newer), first != 0 || !hashes.isEmpty
    {
      return "a consistency proof of nothing is taken"
    }
    return nil
  }

  private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static let key = VerifierKey(name: "nobody", key: publicKey)
  private static let publicKey: Ed25519.PublicKey = {
    guard let seed = SymmetricKey([UInt8](repeating: 7, count: 32)),
      let key = try? Ed25519.PrivateKey(seed: seed)
    else { preconditionFailure("A key could not be made.") }
    return key.publicKey
  }()
}
