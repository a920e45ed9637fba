import Cryptography
import LMDB

/// What a restore needs and no backup holds: the keys of exactly one generation, the erased, a checkpoint.
///
/// Whoever has it and a backup can read everything.
struct Escrow: Sendable {
  let wrapping: WrappingKey
  let signing: SigningKey
  /// The public name of every key that signed before.
  let formerKeys: [UInt8]
  /// The newest signed checkpoint.
  let checkpoint: String
  /// subject ‖ wrapped key, side by side.
  let keys: [UInt8]
  /// Subjects, side by side.
  let erased: [UInt8]

  private static let title = Array("senko escrow v1\n".utf8)

  /// The escrow as its file holds it: the title, one line of canonical JSON, and the rows.
  ///
  /// The line's member `digest` is the SHA-256 of the file without that member.
  var file: [UInt8] {
    var header: JSONObject = [
      "checkpoint": .string(checkpoint), "erased": .integer(Int64(erased.count / 16)),
      "formerKeys": .string(String(decoding: formerKeys, as: UTF8.self)),
      "keys": .integer(Int64(keys.count / Rewrapping.rowSize)),
      "signingKey": .string(String(decoding: signing.file, as: UTF8.self)),
      "wrappingKey": .string(String(decoding: wrapping.file, as: UTF8.self)),
    ]
    let rows = [0x0A] + keys + erased
    header["digest"] = .string(Self.digest(header, rows[...]))
    return Self.title + JSONValue.object(header).encoded() + rows
  }

  /// The most bytes of an escrow: some fifty million people.
  private static let largestFile = 1 << 32

  /// The bytes of the file at `path`, or `nil` when there is none.
  ///
  /// - Throws: `.damaged` for what can be no escrow.
  static func read(_ path: String) throws(EventLogError) -> [UInt8]? {
    try Files.read(path, of: 0...largestFile)
  }

  private static func digest(_ header: JSONObject, _ rows: ArraySlice<UInt8>) -> String {
    SHA256.hash(title + JSONValue.object(header).encoded() + rows).hex
  }

  /// Whether what the header says of its file holds; earlier versions wrote no digest.
  private static func isWhole(_ header: JSONValue, _ rows: ArraySlice<UInt8>) -> Bool {
    guard case .object(var members) = header else { return false }
    let named = members["digest"]
    members["digest"] = nil
    // A damaged name would make the digest look like one that was never written.
    guard members.count == 6 else { return false }
    return named.map { $0.string == digest(members, rows) } ?? true
  }

  /// Reads the escrow at `path`.
  ///
  /// - Throws: `.invalid` where there is none, or a damaged one.
  init(at path: String) throws(EventLogError) {
    var file: [UInt8]?
    do throws(EventLogError) { file = try Self.read(path) } catch {
      guard case .damaged = error else { throw error }
    }
    guard let escrow = file.flatMap({ Escrow(file: $0) }) else {
      throw .invalid(
        "'\(path)' is no escrow, or a damaged one. Give the file that 'senko escrow' wrote, or a copy of it."
      )
    }
    self = escrow
  }

  init?(file: [UInt8]) {
    guard file.starts(with: Self.title),
      let end = file[Self.title.count...].firstIndex(of: 0x0A),
      let header = try? JSONValue(canonical: Array(file[Self.title.count..<end]).span),
      let wrapping = header["wrappingKey"]?.string.flatMap({ WrappingKey(file: Array($0.utf8)) }),
      let signing = header["signingKey"]?.string.flatMap({ SigningKey(file: Array($0.utf8)) }),
      let checkpoint = header["checkpoint"]?.string, let former = header["formerKeys"]?.string,
      let keys = header["keys"]?.integer, let erased = header["erased"]?.integer,
      keys >= 0, erased >= 0,
      file.count - end - 1 == Int(keys) * Rewrapping.rowSize + Int(erased) * 16,
      Self.isWhole(header, file[end...])
    else { return nil }
    self.wrapping = wrapping
    self.signing = signing
    self.checkpoint = checkpoint
    formerKeys = Array(former.utf8)
    let rows = file[(end + 1)...]
    self.keys = Array(rows.prefix(Int(keys) * Rewrapping.rowSize))
    self.erased = Array(rows.suffix(Int(erased) * 16))
  }

  /// What the log holds now.
  init(_ log: EventLog, wrapping: WrappingKey) throws(EventLogError) {
    self.wrapping = wrapping
    checkpoint = try log.checkpoint()
    // Asking for the newest checkpoint has taken in a key that another process has put in force.
    signing = log.signer.current
    let tables = log.tables
    (keys, erased, formerKeys) = try stored { () throws(LMDBError) in
      try log.environment.read { (transaction) throws(LMDBError) in
        var keys: [UInt8] = []
        var erased: [UInt8] = []
        do {
          var cursor = try transaction.cursor(tables.keys)
          while let entry = try cursor.next() {
            keys += [UInt8](copying: entry.key) + [UInt8](copying: entry.value)
          }
          cursor = try transaction.cursor(tables.erased)
          while let entry = try cursor.next() { erased += [UInt8](copying: entry.key) }
        }
        let former = try transaction.value(at: MetaKey.formerKeys, in: tables.meta) ?? []
        return (keys, erased, former)
      }
    }
  }
}

extension EventLog {
  /// Forgets an escrow elsewhere that is gone, and refuses to write another beside one that is there.
  private func replaceEscrow(by path: String) throws(EventLogError) {
    guard let kept = try escrowPath(), Files.resolved(kept) != Files.resolved(path) else { return }
    guard !Files.exists(kept) else {
      throw .invalid(
        "The escrow '\(kept)' is kept up to date already. Give its path, or remove it first: beside "
          + "another one it would grow old, and bring erased people back.")
    }
    try forgetEscrow()
  }

  /// Refuses to write over what is not this log's own escrow: another log would lose what it is restored with.
  private func requireOwn(_ path: String) throws(EventLogError) {
    guard let file = try Escrow.read(path) else { return }
    guard let escrow = Escrow(file: file) else {
      throw .invalid(
        "The file '\(path)' is no escrow that can be read, and is not written over. Give another path, or move "
          + "the file away first.")
    }
    guard escrow.signing.origin == origin else {
      throw .invalid(
        "The escrow '\(path)' belongs to the log '\(escrow.signing.origin)', which could not be restored without "
          + "it, and is not written over for the log '\(origin)'. Give another path, or move the file away first."
      )
    }
  }

  /// Writes an escrow to `path`, and keeps it up to date at every erasure and change of the signing key from now on.
  ///
  /// It holds the keys to everything: it belongs on another medium than the backups.
  ///
  /// - Throws: `.invalid` where another one is kept, which would grow old beside this one and bring back who is
  ///   erased from now on, and where `path` is another log's escrow or another file.
  public func keepEscrow(at path: String) async throws(EventLogError) {
    let lock = try await takeErasureLock()
    defer { lock.release() }
    try await offPool { [self] () throws(EventLogError) in
      try folder.requireOutside(path, "An escrow")
      // Behind a link, the file itself is kept up to date.
      let path = try Files.isLink(path) ? Files.resolved(path) : path
      guard try Files.isReplaceable(path) else {
        throw .invalid(
          "'\(path)' is no file that an escrow can take the place of, but a device, a folder or a link that leads "
            + "nowhere. Give another path.")
      }
      // What broke off because the escrow is gone goes on without it.
      try requireOwn(path)
      try replaceEscrow(by: path)
      try finishErasures()
      try finishRotation()
      // The log knows of it before it is there: one that was cut off here unknown would bring back who is erased later.
      let isNew = try escrowPath() == nil
      try stored { () throws(LMDBError) in
        try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          try transaction.put(Array(path.utf8), at: MetaKey.escrow, in: tables.meta)
        }
      }
      do throws(EventLogError) {
        try writeEscrow(to: path, wrapping: try keyring.key())
      } catch {
        if isNew, !Files.exists(path) { try? forgetEscrow() }
        throw error
      }
    }
  }

  /// Where the escrow lies that erasures and changes of the signing key keep up to date, if there is one.
  public func escrowPath() throws(EventLogError) -> String? {
    let row = try tables.metaValue(at: MetaKey.escrow, in: environment)
    return row.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Writes the escrow anew where there is one; to be called with the erasure lock held.
  func updateEscrow(wrapping: WrappingKey) throws(EventLogError) {
    guard let path = try escrowPath() else { return }
    try writeEscrow(to: path, wrapping: wrapping)
  }

  /// Refuses an erasure that could not take the erased out of the escrow, and a change of the signing key that could
  /// not put the new one in: where it cannot be read, or another file not be written beside it.
  func checkEscrow() throws(EventLogError) {
    guard let path = try escrowPath() else { return }
    guard let file = try? Escrow.read(path), Escrow(file: file)?.signing.origin == origin else {
      throw .escrowUnreachable(path: path)
    }
    do throws(EventLogError) {
      try Files.write([], to: path + ".probe", syncing: false)
      try Files.remove(path + ".probe")
    } catch {
      throw .escrowUnreachable(path: path)
    }
  }

  /// Forgets the escrow: what was written of it keeps the keys that it has.
  func forgetEscrow() throws(EventLogError) {
    try stored { () throws(LMDBError) in
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        _ = try transaction.delete(MetaKey.escrow, in: tables.meta)
      }
    }
  }

  private func writeEscrow(to path: String, wrapping: WrappingKey) throws(EventLogError) {
    let escrow = try Escrow(self, wrapping: wrapping)
    guard try Files.isReplaceable(path) else { throw .escrowUnreachable(path: path) }
    do throws(EventLogError) { try Files.replace(path, with: escrow.file) } catch {
      if case .diskFull = error { throw error }
      throw .escrowUnreachable(path: path)
    }
  }
}
