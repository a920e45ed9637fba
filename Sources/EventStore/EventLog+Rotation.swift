import Cryptography
import LMDB

extension EventLog {
  /// Signs with a new key from now on, and records the event that says so.
  ///
  /// The checkpoint over that event carries both keys' signatures: whoever trusts the old key can go on to
  /// the new one. The escrow, where there is one, is written anew. A crash at any point is finished at the next start.
  ///
  /// - Parameter recording: makes the append, given the new public key's text.
  /// - Returns: the receipt, whose checkpoint is the bridging one.
  /// - Throws: before anything is recorded, `.escrowUnreachable`, `.escrowForked`, what `append` throws, and `.unfinished`
  ///   without a position for what waits since an earlier one. After it, `.unfinished` with the position:
  ///   ``finishErasing(withoutEscrow:)`` takes the last steps.
  public func rotateSigningKey(
    recording: @Sendable (_ publicKey: String) -> Append
  ) async throws(EventLogError) -> Receipt {
    let lock = try await takeErasureLock()
    defer { lock.release() }
    let next = try await offPool { [self] () throws(EventLogError) in
      try finishBegun()
      _ = try checkEscrow()
      let next: SigningKey
      do throws(CryptographyError) {
        next = try SigningKey(origin: origin, seed: .random(using: random))
      } catch {
        throw .storage(operation: "make a signing key", reason: error.description)
      }
      try Files.write(next.file, to: folder.nextSigningKey)
      return next
    }
    let receipt = try await perform(recording(next.verifier.description), rotation: next)
    if !receipt.repeated { signer.adopt(next) }
    try await offPool { [self] () throws(EventLogError) in
      try finishBegun(recordedAt: receipt.last)
    }
    return receipt
  }

  /// Puts the next signing key in its place when the log names it, and forgets it when it does not; to be
  /// called with the erasure lock held.
  func finishRotation() throws(EventLogError) {
    guard let file = try Files.readKey(folder.nextSigningKey) else { return }
    let named = try tables.metaValue(at: MetaKey.publicKey, in: environment)
    if let key = SigningKey(file: file), key.name == named {
      try updateEscrow(wrapping: try keyring.key())
      try Files.write(file, to: folder.signingKey)
    }
    try Files.destroy(folder.nextSigningKey)
  }
}

extension Stage {
  /// Names the next key, and stores the checkpoint that both keys sign.
  mutating func rotate(
    from old: SigningKey, to next: SigningKey, _ transaction: inout WriteTransaction
  ) throws(StageError) {
    do throws(EventLogError) {
      let checkpoint = Checkpoint(
        origin: next.origin, size: state.frontier.size, root: state.frontier.root)
      let note: SignedNote
      do {
        note = SignedNote(
          text: checkpoint.text,
          signatures: try old.sign(checkpoint).signatures + next.sign(checkpoint).signatures)
      } catch {
        throw .storage(operation: "sign the checkpoint", reason: "\(error)")
      }
      let head = SignedHead(note, size: checkpoint.size)
      try stored { () throws(LMDBError) in
        try transaction.put(
          Array(head.encoded.utf8), at: bigEndian(head.size), in: tables.checkpoints)
        let former = try transaction.value(at: MetaKey.formerKeys, in: tables.meta) ?? []
        try transaction.put(former + old.name + [0x0A], at: MetaKey.formerKeys, in: tables.meta)
        try transaction.put(next.name, at: MetaKey.publicKey, in: tables.meta)
      }
      state.note = head
    } catch {
      throw .failed(error)
    }
  }
}
