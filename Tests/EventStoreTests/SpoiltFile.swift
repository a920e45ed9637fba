import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// A data folder whose file a test spoils page by page, with a backup of before its last events.
struct SpoiltFile {
  let directory: String
  /// The last checkpoint that was given out.
  let note: String
  let head: Checkpoint
  let rows: [String: [[UInt8]: [UInt8]]]
  /// Who was erased after the backup.
  let erased: Registered
  /// Who was registered after it.
  let later: Registered

  var data: String { directory + "/data" }
  var backup: String { directory + "/backup" }
  /// What a test damages.
  var copy: String { directory + "/copy" }

  private static func path(_ folder: String) -> URL {
    URL(fileURLWithPath: folder + "/log/data.mdb")
  }

  /// Makes a log with a few pages of most tables; an erasure has given pages free.
  ///
  /// - Parameters:
  ///   - isClosed: whether the last head is signed on the disk, or sealed only, as a crash leaves it.
  ///   - isBackedUp: whether the backup holds all that is recorded, or is of before the erasure.
  ///   - age: which version wrote the log and its backup.
  init(
    in directory: String, isClosed: Bool = true, isBackedUp: Bool = false, _ age: Age = .new
  ) async throws {
    self.directory = directory
    let made = try await Self.make(directory, isBackedUp: isBackedUp)
    (note, erased, later) = made
    head = try #require(Checkpoint(note: made.note))
    let (data, copy) = (directory + "/data", directory + "/copy")
    try FileManager.default.removeItem(atPath: isClosed ? copy : data)
    try FileManager.default.copyItem(atPath: isClosed ? data : copy, toPath: isClosed ? copy : data)
    for folder in [data, directory + "/backup"] where age != .new {
      try RepairTests.change(folder) { (transaction, tables) throws(LMDBError) in
        switch age {
        case .new: break
        case .mixed: try tables.makeOlder(through: 200, &transaction)
        case .older: try tables.makeOlder(&transaction)
        }
      }
    }
    rows = try Self.rows(data)
  }

  /// Which version wrote a log's rows.
  enum Age: CaseIterable {
    /// This one.
    case new
    /// An earlier one the first, and this one the others.
    case mixed
    /// An earlier one.
    case older
  }

  private static func make(
    _ directory: String, isBackedUp: Bool
  ) async throws -> (note: String, erased: Registered, later: Registered) {
    let (data, copy) = (directory + "/data", directory + "/copy")
    let log = try EventLog.open(data)
    _ = try await log.append(notes(300))
    var append = notes(1)
    append.blobs = [[UInt8](repeating: 7, count: 10_000)]
    append.events[0].data = ["x": ["blob": .string(SHA256.hash(append.blobs[0]).hex)]]
    _ = try await log.append(append)
    let erased = try await Registered.append(log, name: "太郎")
    for index in 0..<30 { _ = try await Registered.append(log, name: "人\(index)") }
    try await log.keepEscrow(at: directory + "/escrow")
    if !isBackedUp { try await log.backup(to: directory + "/backup") }
    _ = try await erased.erase(from: log, named: true)
    _ = try await log.append(notes(60))
    let later = try await Registered.append(log, name: "花子")
    if isBackedUp { try await log.backup(to: directory + "/backup") }
    try FileManager.default.copyItem(atPath: data, toPath: copy)
    defer { log.close() }
    return (try log.checkpoint(), erased, later)
  }

  /// All rows of a log but those that only order what others tell.
  static func rows(_ data: String) throws -> [String: [[UInt8]: [UInt8]]] {
    let copy = try LogCopy(data)
    var tables: [String: [[UInt8]: [UInt8]]] = [:]
    for (name, table) in copy.tables.named where name != "command-index" {
      tables[name] = Dictionary(
        uniqueKeysWithValues: try copy.rows(of: table).map { ($0.key, $0.value) })
    }
    tables["meta"]?[MetaKey.foldedCommands] = nil
    tables["meta"]?[MetaKey.format] = nil
    for (key, row) in tables["events"] ?? [:] {
      let index = bigEndian((bigEndian(key.span) ?? 0) - 1)
      tables["events"]?[key] = Array(copying: EventRow(row.span).event)
      if let leaf = EventRow(row.span).leaf { tables["leaves"]?[index] = leaf.bytes }
    }
    // The seal and the newest note, wherever they lie.
    if let seal = tables["meta"]?.removeValue(forKey: MetaKey.headSeal) {
      tables["meta"]?[MetaKey.head] = seal
    }
    if let head = tables["meta"]?[MetaKey.head].flatMap({ HeadRow($0) }) {
      tables["meta"]?[MetaKey.head] = head.seal
      if let note = head.note { tables["checkpoints"]?[bigEndian(note.size)] = note.text }
    }
    return tables
  }

  /// The file's bytes.
  func bytes() throws -> Data { try Data(contentsOf: Self.path(data)) }

  /// Puts a fresh copy of the folder in place, with these bytes as its file.
  func spoil(_ bytes: Data) throws {
    try? FileManager.default.removeItem(atPath: copy)
    try FileManager.default.copyItem(atPath: data, toPath: copy)
    try bytes.write(to: Self.path(copy))
  }

  /// What lies in the copy's folder beside what lies in the other one.
  func leftovers() throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: data)
    return try FileManager.default.contentsOfDirectory(atPath: copy)
      .filter { !names.contains($0) }.sorted()
  }
}

extension Data {
  /// The first of the bytes from an offset on as a number.
  func word(_ offset: Int) -> Int { Int(self[offset]) | Int(self[offset + 1]) << 8 }

  func long(_ offset: Int) -> Int {
    (0..<8).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
  }

  /// The roots of the tables of the newest snapshot, by name, and that of the list of free pages and the page of these
  /// records.
  var roots: [String: Int] {
    let meta = long(16 + 128) > long(4096 + 16 + 128) ? 16 : 4096 + 16
    let main = long(meta + 24 + 48 + 40)
    var roots = ["": main, "free": long(meta + 24 + 40)]
    let page = main * 4096
    for index in 0..<((word(page + 12) - 16) / 2) {
      let node = page + word(page + 16 + 2 * index)
      let end = node + 8 + word(node + 6)
      roots[String(decoding: self[(node + 8)..<end], as: UTF8.self)] = long(end + 40)
    }
    return roots
  }
}
