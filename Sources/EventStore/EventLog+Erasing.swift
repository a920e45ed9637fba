import Cryptography
import LMDB

extension EventLog {
  /// Destroys subjects' keys, sealed values and files, and records the events that say so.
  ///
  /// In this order, so that a crash at any point is finished at the next start: (1) the next wrapping key
  /// is on disk; (2) one transaction records the events, deletes what is theirs and wraps the survivors'
  /// keys anew; (3) the escrow is written anew; (4) the old wrapping key is overwritten and removed; (5)
  /// their files are removed. Only then is the receipt given.
  ///
  /// - Parameters:
  ///   - append: its last event is one of those that name whom it erases, where any do: their type ends in `.erased`, and
  ///     their member `subject` has the subject's id. `verify` holds the table of the erased against them.
  ///   - withoutEscrow: gives an escrow up that cannot be reached, with what is recorded. What lies in it can then still
  ///     open older backups, and backups made from now on cannot be restored with it.
  /// - Throws: before anything is recorded, `.erased` when one of them was erased before, `.escrowUnreachable`,
  ///   `.escrowForked`, what `append` throws, and `.unfinished` without a position for an earlier one that waits. After it,
  ///   `.unfinished` with the position: ``finishErasing(withoutEscrow:)`` goes on.
  public func erase(
    _ subjects: [SubjectID], recording append: Append, withoutEscrow: Bool = false
  ) async throws(EventLogError) -> Receipt {
    for subject in subjects { try subject.requirePerson() }
    // Erasures of all processes go one after the other: each prepares the key after the present one.
    let lock = try await takeErasureLock()
    defer { lock.release() }
    let (next, kept, givenUp) = try await offPool { [self] () throws(EventLogError) in
      try finishBegun(withoutEscrow: withoutEscrow)
      var (kept, givenUp): (Escrow?, EventLogError?)
      do throws(EventLogError) { kept = try checkEscrow() } catch {
        guard withoutEscrow, error.isOfEscrow else { throw error }
        givenUp = error
      }
      let next = WrappingKey(
        generation: try keyring.generation() + 1, key: .random(using: random))
      try Files.write(next.file, to: folder.nextWrappingKey)
      return (next, kept, givenUp)
    }
    let receipt: Receipt
    do throws(EventLogError) {
      receipt = try await perform(
        append,
        erasing: .init(
          subjects: subjects, next: next, kept: kept?.keys ?? [], withoutEscrow: givenUp != nil))
    } catch {
      if error.isRefusal {
        try? await offPool { [self] () throws(EventLogError) in
          try Files.destroy(folder.nextWrappingKey)
        }
      }
      throw error
    }
    // A repetition has put no key in force: the next erasure will make another of this generation.
    if !receipt.repeated { keyring.adopt(next) }
    try await offPool { [self] () throws(EventLogError) in
      if let givenUp, !receipt.repeated { clearBeside(givenUp) }
      try finishBegun(recordedAt: receipt.last, withoutEscrow: withoutEscrow)
    }
    return receipt
  }

  /// Takes the last steps of an erasure, or of a change of keys, that broke off; there may be none.
  ///
  /// An erasure that is recorded is done only then: whoever answers for one calls this first.
  ///
  /// - Parameter withoutEscrow: as for `erase`.
  /// - Throws: `.unfinished` for `.escrowUnreachable` or `.escrowForked` while a step waits for the escrow, for
  ///   `.documentLeft` while a file cannot be removed.
  public func finishErasing(withoutEscrow: Bool = false) async throws(EventLogError) {
    let lock = try await takeErasureLock()
    defer { lock.release() }
    try await offPool { [self] () throws(EventLogError) in
      try finishBegun(withoutEscrow: withoutEscrow)
    }
  }

  /// Refuses where an erasure would: before anything is recorded of one.
  ///
  /// - Throws: `.escrowUnreachable`, `.escrowForked`.
  public func requireEscrow() async throws(EventLogError) {
    let lock = try await takeErasureLock()
    defer { lock.release() }
    try await offPool { [self] () throws(EventLogError) in _ = try checkEscrow() }
  }

  /// Takes the last steps that are left, with the erasure lock held.
  ///
  /// - Parameter position: where what they belong to was recorded just now.
  /// - Throws: `.unfinished` for what is recorded.
  func finishBegun(
    recordedAt position: Position? = nil, withoutEscrow: Bool = false
  ) throws(EventLogError) {
    do throws(EventLogError) {
      try finishErasures()
      try finishRotation()
    } catch {
      guard withoutEscrow, error.isOfEscrow else {
        throw position == nil && !error.isWaiting
          ? error : .unfinished(position: position, cause: error)
      }
      try forgetEscrow()
      clearBeside(error)
      return try finishBegun(recordedAt: position)
    }
    forgetPending()
  }

  /// Takes the last steps of an erasure whose transaction is on disk, and forgets one whose is not; to be
  /// called with the erasure lock held.
  func finishErasures() throws(EventLogError) {
    let generation = try keyring.generation()
    if let file = try Files.readKey(folder.nextWrappingKey) {
      if let next = WrappingKey(file: file), next.generation == generation {
        try updateEscrow(wrapping: next)
        // A key that is kept elsewhere stays there.
        let place = Files.target(folder.wrappingKey)
        try Files.destroy(place)
        try Files.write(file, to: place, by: folder.nextWrappingKey + ".new")
      }
      try Files.destroy(folder.nextWrappingKey)
    }
    var files = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var files: [[UInt8]] = []
        var cursor = try transaction.cursor(tables.unlinking)
        while let entry = try cursor.next() { files.append(Array(copying: entry.key)) }
        return files
      }
    }
    files = try files.isEmpty ? [] : unlisted(files)
    guard !files.isEmpty else { return }
    var left: EventLogError?
    var removed: [[UInt8]] = []
    for file in files {
      let path = Digest(file).map { folder.document($0) }
      do throws(EventLogError) {
        if let path { try Files.remove(path) }
        removed.append(file)
      } catch {
        guard case .storage(_, let reason) = error else { throw error }
        left = .documentLeft(path: path ?? "", reason: reason)
      }
    }
    let done = removed
    try stored { () throws(LMDBError) in
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        for file in done { try transaction.delete(file.span, in: tables.unlinking) }
      }
    }
    if let left { throw left }
  }

  /// Those of the files to be removed that no row of a document lists.
  ///
  /// An erasure deletes the one as it notes the other: a file that both tables name is a living person's, and
  /// somebody else has noted it.
  private func unlisted(_ files: [[UInt8]]) throws(EventLogError) -> [[UInt8]] {
    let listed = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var (listed, noted) = (Set<[UInt8]>(), Set(files))
        // Of a million rows, only those are copied that begin as one of the files.
        let beginnings = Set(files.filter { $0.count == 32 }.map { bigEndian($0.span, at: 0) })
        var cursor = try transaction.cursor(tables.documents)
        try cursor.forEach(atOrAfter: [UInt8]().span) { key, _ in
          guard key.count == 48, beginnings.contains(bigEndian(key, at: 16)) else { return true }
          let file = [UInt8](copying: key.extracting(16..<48))
          if noted.remove(file) != nil { listed.insert(file) }
          return !noted.isEmpty
        }
        return listed
      }
    }
    return files.filter { !listed.contains($0) }
  }

  /// Whether the subject was erased.
  public func isErased(_ subject: SubjectID) throws(EventLogError) -> Bool {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: subject.bytes, in: tables.erased) != nil
      }
    }
  }
}
