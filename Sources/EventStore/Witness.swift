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
  /// - Parameter name: how its signatures are named; without white space or `+`, as signed notes have it.
  /// - Throws: `.invalid` for a name that is none, or not the one of before, and for a broken key; `.storage`.
  public init(
    directory: String, name: String, clock: WallClock = .system, random: RandomSource = .system
  ) throws(EventLogError) {
    guard WitnessKey.isName(name) else {
      throw .invalid(
        "A witness's signatures stand under its name, which has no white space, control characters or '+'. Give "
          + "another name, as 'witness.example.org'.")
    }
    try Files.makeSyncedFolder(directory)
    let path = directory + "/key"
    // Whoever trusts what was cosigned before knows the key of then.
    if try Files.readKey(path) == nil, !Files.exists(path), !Files.exists(directory + "/newest") {
      try Files.write(
        Array((hexadecimal(SymmetricKey.random(using: random).bytes) + "\n").utf8), to: path)
    }
    let text = String(decoding: try Files.readKey(path) ?? [], as: UTF8.self)
    guard let seed = bytes(hexadecimal: text.dropLast()).flatMap({ SymmetricKey($0) }),
      let signing = try? Ed25519.PrivateKey(seed: seed)
    else {
      throw .invalid(
        "The file '\(path)' is not the key that this witness wrote. Put its copy back, or begin a witness of another "
          + "name in a new folder, whose key is then to be given to those who trust it.")
    }
    self.directory = directory
    self.signing = signing
    self.clock = clock
    key = WitnessKey(name: name, key: signing.publicKey)
    try requireOwnName()
  }

  /// Refuses another name than the one that this witness has cosigned under: what is signed does not tell the name, so that
  /// one key is one witness's alone (C2SP tlog-cosignature), and whoever trusts it looks for that name.
  private func requireOwnName() throws(EventLogError) {
    guard let note = try newest().flatMap({ SignedNote($0) }) else { return }
    let other = note.signatures.map(\.name).first { name in
      name != key.name && WitnessKey(name: name, key: key.key).time(of: note) != nil
    }
    guard let other else { return }
    throw .invalid(
      "The witness in '\(directory)' has cosigned as '\(other)', and whoever trusts it knows it by that name. Give that "
        + "name, or begin another witness in a new folder.")
  }

  /// The newest note that was cosigned, or `nil` before the first.
  public func newest() throws(EventLogError) -> String? {
    do throws(EventLogError) {
      return try Files.read(directory + "/newest").map { String(decoding: $0, as: UTF8.self) }
    } catch {
      guard case .damaged = error else { throw error }
      throw spoilt("newest")
    }
  }

  /// What is said of a file that tells what was seen, and tells it no more.
  private func spoilt(_ name: String) -> EventLogError {
    .inconsistent(
      "The file '\(directory)/\(name)' is not the one that this witness wrote, and tells no more what it has seen. Put "
        + "its copy back. If there is none, check the log by a note of this witness that was kept elsewhere, and begin "
        + "another witness in a new folder.")
  }

  /// Cosigns a checkpoint that has grown from the newest one.
  ///
  /// - Parameters:
  ///   - note: the log's signed checkpoint.
  ///   - key: the log's key; the first one that is seen is the one that later notes must be signed by.
  ///   - bridges: where the key has changed since, what ties it to the one that was seen, the oldest first.
  ///   - restored: where the log was restored since, and so has another name: the event `log.restored` of each time,
  ///     and the proof that it lies under the checkpoint. What the former log had when it was seen must have been kept.
  ///   - proof: shows the growth, given the newest size.
  /// - Returns: the note with the cosignature added.
  /// - Throws: `.inconsistent` when the checkpoint does not continue what was seen: the log was set back or
  ///   changed, or is another one. Nothing is remembered then.
  public func cosign(
    _ note: String, by key: VerifierKey, bridges: [KeyBridge] = [],
    restored: [(event: [UInt8], proof: InclusionProof)] = [],
    proof: (_ from: UInt64, _ to: UInt64) throws(EventLogError) -> ConsistencyProof
  ) throws(EventLogError) -> String {
    let lock = try FileLock(directory + "/lock", exclusive: true, waiting: true)
    defer { lock.release() }
    guard let signed = SignedNote(note), let checkpoint = Checkpoint(text: signed.text),
      key.verifies(signed), checkpoint.origin == key.name
    else {
      throw .inconsistent("The checkpoint is not signed by the key that is given for its log.")
    }
    if let earlier = try newest() {
      guard var seen = Checkpoint(note: earlier) else {
        throw spoilt("newest")
      }
      if seen.origin == checkpoint.origin {
        try check(key, over: bridges, past: seen.size)
      } else {
        try check(checkpoint, continues: seen, restored)
        seen = Checkpoint(origin: checkpoint.origin, size: seen.size, root: seen.root)
      }
      guard seen.size <= checkpoint.size,
        try proof(seen.size, checkpoint.size).verifies(older: seen, newer: checkpoint)
      else {
        throw .inconsistent(
          "The log had \(seen.size) events when it was seen last, and does not continue them: it was set back or "
            + "changed. The file 'newest' in the witness's folder holds what it had signed then; show it to "
            + "whoever answers for the log.")
      }
    }
    let cosigned = try add(to: signed)
    try Files.write(Array(key.description.utf8), to: directory + "/log-key")
    try Files.write(Array(cosigned.encoded.utf8), to: directory + "/newest")
    return cosigned.encoded
  }

  /// Refuses another log than the one that was seen, unless it was restored from that with all that was seen.
  private func check(
    _ checkpoint: Checkpoint, continues seen: Checkpoint,
    _ restored: [(event: [UInt8], proof: InclusionProof)]
  ) throws(EventLogError) {
    let proven = restored.filter {
      $0.proof.size == checkpoint.size && $0.proof.verifies($0.event, root: checkpoint.root)
    }
    let successions = proven.compactMap { item -> Succession? in
      guard let event = try? Event(decoding: item.event.span),
        event.position.rawValue == item.proof.index + 1
      else { return nil }
      return Succession(event)
    }
    guard let succession = successions.first(where: { $0.follows(seen.origin) }) else {
      throw .inconsistent(
        "The checkpoint is of the log '\(checkpoint.origin)', and this witness watches '\(seen.origin)', which no "
          + "event log.restored there names. Watch it from a new folder.")
    }
    guard let loss = succession.loss(of: seen) else { return }
    throw .inconsistent(
      "What this witness has seen last \(loss) Look into why the log was restored, and keep this folder as it is; "
        + "watch the log from a new one.")
  }

  /// Refuses a key that is not the one that was seen, and that no later bridge ties to it.
  private func check(
    _ key: VerifierKey, over bridges: [KeyBridge], past size: UInt64
  ) throws(EventLogError) {
    let text = String(decoding: try Files.readKey(directory + "/log-key") ?? [], as: UTF8.self)
    guard let seen = VerifierKey(text) else { throw spoilt("log-key") }
    guard seen.leads(to: key, over: bridges, past: size) else {
      throw .inconsistent(
        "The checkpoint is signed by another key than the one that was seen, and no later checkpoint that both "
          + "have signed is shown: a change of the key leaves one. Do not trust it before whoever answers for the log "
          + "has explained it.")
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
