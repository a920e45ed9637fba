import Cryptography
import LMDB

extension EventLog {
  /// Refuses to write another escrow beside one that is there, unless that is another folder's.
  ///
  /// - Returns: where the other one lies, or has lain, that the log names.
  private func requireAlone(_ path: String) throws(EventLogError) -> String? {
    guard let kept = try escrowPath(), Files.resolved(kept) != Files.resolved(path) else {
      return nil
    }
    let isOthers = try isOthers(kept)
    guard isOthers || !Files.exists(kept) else {
      throw .invalid(
        "The escrow '\(kept)' is kept up to date already. Give its path, or remove it first: beside "
          + "another one it would grow old, and bring erased people back.")
    }
    // Nothing would write over it any more.
    if !isOthers { try Files.destroy(temporaryEscrow(kept)) }
    return kept
  }

  /// The name under which an escrow is written until it is whole: this log's alone, so that what a crash leaves under it is
  /// known, and no file of somebody else's is met.
  private func temporaryEscrow(_ path: String) -> String {
    "\(path).\(Files.name(origin)).new"
  }

  /// Refuses to write over what is not this log's own escrow: another log would lose what it is restored with.
  private func requireOwn(_ path: String) throws(EventLogError) {
    guard let escrow = try ownEscrow(at: path) else { return }
    guard try continues(escrow) else { throw .escrowForked(path: path) }
  }

  /// Writes an escrow to `path`, and keeps it up to date at every erasure and change of the signing key from now on.
  ///
  /// It holds the keys to everything: it belongs on another medium than the backups.
  ///
  /// - Returns: where the escrow lay that was kept up to date until now, if elsewhere. It grows old, and would bring back who
  ///   is erased from now on: it is to be removed, unless it is another folder's, of which this one is a copy.
  /// - Throws: `.invalid` where another one is kept, which would grow old beside this one and bring back who is
  ///   erased from now on, and where `path` is another log's escrow or another file; `.escrowForked` where another copy
  ///   of the folder has written it since.
  @discardableResult
  public func keepEscrow(at path: String) async throws(EventLogError) -> String? {
    let lock = try await takeErasureLock()
    defer { lock.release() }
    return try await offPool { [self] () throws(EventLogError) in
      try folder.requireOutside(path, "An escrow")
      // Behind a link, the file itself is kept up to date.
      let path = try Files.isLink(path) ? Files.resolved(path) : path
      guard try Files.isReplaceable(path) else {
        throw .invalid(
          "'\(path)' is no file that an escrow can take the place of, but a device, a folder or a link that leads "
            + "nowhere. Give another path.")
      }
      try requireOwn(path)
      let left = try requireAlone(path)
      let former = try keptEscrow()
      // The log knows of it before it is there: one that was cut off here unknown would bring back who is erased later.
      try keep(path)
      do throws(EventLogError) {
        // What broke off because the former one is gone goes on with this one.
        try finishErasures()
        try finishRotation()
        try writeEscrow(to: path, wrapping: try keyring.key())
      } catch {
        // Without any, the next erasure would leave the erased in the former one, and ask nobody.
        if !Files.exists(path), (try? Files.isRegular(temporaryEscrow(path))) == false {
          try? keep(former)
        }
        throw error
      }
      return left
    }
  }

  /// Where the escrow lies that erasures and changes of the signing key keep up to date, if there is one.
  public func escrowPath() throws(EventLogError) -> String? {
    let row = try tables.metaValue(at: MetaKey.escrow, in: environment)
    return row.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Files beside the escrow that an earlier version has left when it was cut off, and that nothing removes: with the keys
  /// of then, they would bring back who was erased since.
  public var escrowLeftovers: [String] {
    get throws(EventLogError) { try escrowPath().map { Escrow.leftovers(beside: $0) } ?? [] }
  }

  /// Writes the escrow anew where there is one; to be called with the erasure lock held.
  func updateEscrow(wrapping: WrappingKey) throws(EventLogError) {
    guard let path = try escrowPath() else { return }
    guard try isKeeper() else { throw .escrowForked(path: path) }
    try writeEscrow(to: path, wrapping: wrapping)
  }

  /// Refuses an erasure that could not take the erased out of the escrow, and a change of the signing key that could
  /// not put the new one in: where it cannot be read, or another file not be written beside it, or another folder keeps it.
  ///
  /// - Returns: the escrow as it is, if one is kept.
  func checkEscrow() throws(EventLogError) -> Escrow? {
    guard let path = try escrowPath() else { return nil }
    guard let escrow = try? ownEscrow(at: path) else { throw .escrowUnreachable(path: path) }
    guard try isKeeper(), try continues(escrow) else { throw .escrowForked(path: path) }
    do throws(EventLogError) {
      guard try Files.isReplaceable(path) else { throw .escrowUnreachable(path: path) }
      try Files.probe(temporaryEscrow(path))
    } catch {
      throw .escrowUnreachable(path: path)
    }
    return escrow
  }

  /// Destroys what a crash has left beside an escrow that is given up since it cannot be reached, if that can be.
  func clearBeside(_ givenUp: EventLogError) {
    guard case .escrowUnreachable(let path) = givenUp else { return }
    try? Files.destroy(temporaryEscrow(path))
  }

  /// Forgets the escrow: what was written of it keeps the keys that it has.
  func forgetEscrow() throws(EventLogError) { try keep((nil, nil)) }

  private func writeEscrow(to path: String, wrapping: WrappingKey) throws(EventLogError) {
    let escrow = try Escrow(self, wrapping: wrapping)
    guard try Files.isReplaceable(path) else { throw .escrowUnreachable(path: path) }
    do throws(EventLogError) {
      try Files.replace(path, with: escrow.file, by: temporaryEscrow(path))
    } catch {
      if case .diskFull = error { throw error }
      throw .escrowUnreachable(path: path)
    }
  }
}
