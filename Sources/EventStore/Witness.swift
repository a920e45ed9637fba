public import Cryptography

/// Remembers the newest checkpoint of one log outside the operator's reach, and cosigns only growth (C2SP
/// tlog-cosignature).
///
/// Its state is a folder: `key`, a seed that only the witness has, `log-key`, the log's public key, and
/// `newest`, the last note that it cosigned. Two runs at once cannot set it back: the state is locked from check to write.
public struct Witness: Sendable {
  /// The witness's key, to be given to those who are to trust it.
  public let key: WitnessKey
  private let directory: String
  private let signing: Ed25519.PrivateKey
  private let clock: WallClock

  /// Opens the witness's state, or begins one.
  ///
  /// - Throws: `.keyFile` or `.storage`.
  public init(
    directory: String, name: String, clock: WallClock = .system, random: RandomSource = .system
  ) throws(EventLogError) {
    try Files.makeFolder(directory)
    let path = directory + "/key"
    if try Files.read(path) == nil {
      try Files.write(
        Array((hexadecimal(SymmetricKey.random(using: random).bytes) + "\n").utf8), to: path)
    }
    let text = String(decoding: try Files.read(path) ?? [], as: UTF8.self)
    guard let seed = bytes(hexadecimal: text.dropLast()).flatMap({ SymmetricKey($0) }),
      let signing = try? Ed25519.PrivateKey(seed: seed)
    else { throw .keyFile(name: "key", reason: "it is not the one that this witness wrote") }
    self.directory = directory
    self.signing = signing
    self.clock = clock
    key = WitnessKey(name: name, key: signing.publicKey)
  }

  /// The newest note that was cosigned, or `nil` before the first.
  public func newest() throws(EventLogError) -> String? {
    try Files.read(directory + "/newest").map { String(decoding: $0, as: UTF8.self) }
  }

  /// Cosigns a checkpoint that has grown from the newest one.
  ///
  /// - Parameters:
  ///   - note: the log's signed checkpoint.
  ///   - key: the log's key; the first one that is seen is the one that later notes must be signed by.
  ///   - bridge: where the key has changed, the checkpoint that both keys have signed.
  ///   - proof: shows the growth, given the newest size.
  /// - Returns: the note with the cosignature added.
  /// - Throws: `.damaged` when the checkpoint does not continue what was seen: the log was set back or
  ///   changed. Nothing is remembered then.
  public func cosign(
    _ note: String, by key: VerifierKey, bridge: String? = nil,
    proof: (_ from: UInt64, _ to: UInt64) throws(EventLogError) -> ConsistencyProof
  ) throws(EventLogError) -> String {
    let lock = try FileLock(directory + "/lock", exclusive: true, waiting: true)
    defer { lock.release() }
    guard let signed = SignedNote(note), let checkpoint = Checkpoint(text: signed.text),
      key.verifies(signed), checkpoint.origin == key.name
    else { throw .damaged("The checkpoint, which its log's key has not signed,") }
    if let earlier = try newest() {
      guard let earlier = SignedNote(earlier), let seen = Checkpoint(text: earlier.text) else {
        throw .damaged("The checkpoint that the witness keeps")
      }
      guard seen.origin == checkpoint.origin, try trusts(key, signed, bridge) else {
        throw .damaged("The checkpoint, which another key signed than the one that was seen,")
      }
      guard seen.size <= checkpoint.size,
        try proof(seen.size, checkpoint.size).verifies(older: seen.root, newer: checkpoint.root)
      else {
        throw .damaged(
          "The log, which had \(seen.size) events and does not continue them, was set back or changed; it"
        )
      }
    }
    let cosigned = try add(to: signed)
    try Files.write(Array(key.description.utf8), to: directory + "/log-key")
    try Files.write(Array(cosigned.encoded.utf8), to: directory + "/newest")
    return cosigned.encoded
  }

  /// Whether `key` is the one that was seen, or a checkpoint that both have signed ties it to that.
  private func trusts(
    _ key: VerifierKey, _ note: SignedNote, _ bridge: String?
  ) throws(EventLogError) -> Bool {
    let text = String(decoding: try Files.read(directory + "/log-key") ?? [], as: UTF8.self)
    guard let seen = VerifierKey(text) else {
      throw .keyFile(name: "log-key", reason: "it is not the one that this witness wrote")
    }
    if seen == key { return true }
    return [note, bridge.flatMap { SignedNote($0) }].contains { note in
      note.map { seen.verifies($0) && key.verifies($0) } ?? false
    }
  }

  private func add(to note: SignedNote) throws(EventLogError) -> SignedNote {
    let seconds = clock.now().milliseconds / 1000
    let signature: [UInt8]
    do throws(CryptographyError) {
      signature = try signing.sign(WitnessKey.message(note.text, at: seconds))
    } catch {
      throw .storage(operation: "cosign", reason: error.description)
    }
    return SignedNote(
      text: note.text,
      signatures: note.signatures.filter { $0.keyID != key.id } + [
        .init(name: key.name, keyID: key.id, bytes: bigEndian(UInt64(seconds)) + signature)
      ])
  }
}
