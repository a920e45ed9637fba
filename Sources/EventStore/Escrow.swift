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

  /// What versions that wrote the escrow under other names have left beside it when they were cut off: nothing removes it.
  static func leftovers(beside path: String) -> [String] {
    [".new", ".old"].map { path + $0 }.filter { Files.exists($0) }
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
        "'\(path)' is no escrow, or a damaged one. Give the file that was kept as one, or a copy of it."
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
            guard entry.key.count == 16 else { continue }
            // A damaged row of another size would put all behind it out of place; as one that opens nothing, a restore
            // tells of it.
            let isWhole = entry.value.count == Rewrapping.wrappedSize
            keys += [UInt8](copying: entry.key)
            keys +=
              isWhole
              ? [UInt8](copying: entry.value)
              : [UInt8](repeating: 0, count: Rewrapping.wrappedSize)
          }
          cursor = try transaction.cursor(tables.erased)
          while let entry = try cursor.next() {
            guard entry.key.count == 16 else { continue }
            erased += [UInt8](copying: entry.key)
          }
        }
        let former = try transaction.value(at: MetaKey.formerKeys, in: tables.meta) ?? []
        return (keys, erased, former)
      }
    }
  }
}
