import Cryptography
import LMDB

/// Puts back what events name, and the indexes that follow from events.
struct ValueRepair {
  private let log: LogCopy
  private let sources: [LogCopy]
  private let isRest: Bool
  private(set) var report: RepairReport

  /// - Parameter isRest: as of `KeyRepair`.
  init(
    _ log: LogCopy, _ sources: [LogCopy], _ report: RepairReport, isRest: Bool = false
  ) {
    self.log = log
    self.sources = sources
    self.isRest = isRest
    self.report = report
  }

  mutating func run(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let tables = log.tables
    let size = try LogState.size(transaction.reading, tables)
    var streams: [[UInt8]: Position] = [:]
    var erased = ErasedRepair(tables)
    try erased.run(&transaction)
    var keys = KeyRepair(log, sources, isRest: isRest)
    try keys.run(size, &transaction)
    try erased.finish(&transaction)
    report.values += keys.mended
    report.unrepaired += keys.unrepaired
    report.unrepaired += erased.unrepaired
    var commands = CommandRepair(log, sources)
    for number in 0..<size {
      let position = Position(rawValue: number + 1)
      let bytes = try stored { () throws(LMDBError) in
        try transaction.value(at: position.key, in: tables.events)
      }
      // What cannot be read of the events was reported with the tree.
      guard let bytes, let event = try? Event(decoding: bytes.span) else { continue }
      streams[Array(event.stream.utf8)] = position
      if let key = event.key { try commands.mend(key, at: position, &transaction) }
      try mend(event.data, &transaction)
    }
    try commands.finish(size, &transaction)
    report.commands = commands.mended
    report.unrepaired += commands.unrepaired
    try stored { () throws(LMDBError) in
      try transaction.clear(tables.streams)
      for (stream, position) in streams {
        try transaction.put(position.key, at: stream, in: tables.streams)
      }
    }
  }

  private mutating func mend(
    _ data: JSONValue, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    for reference in data.references {
      switch reference {
      case .sealed(let sealed) where sealed.place == .table: try mendSealed(sealed, &transaction)
      case .sealed(let sealed): try mendFile(sealed, &transaction)
      case .blob(let digest):
        try mend(digest.bytes, in: { $0.blobs }, digest, "The blob \(digest)", &transaction)
      }
    }
  }

  private func isErased(
    _ subject: SubjectID, _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> Bool {
    let keys = log.tables.keys
    return try stored { () throws(LMDBError) in
      try transaction.value(at: subject.bytes, in: keys) == nil
    }
  }

  private mutating func mendSealed(
    _ reference: SealedReference, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    guard try !isErased(reference.subject, &transaction) else { return }
    try mend(
      reference.key, in: { $0.sealed }, reference.sealed,
      "The sealed value \(reference.sealed)", &transaction)
  }

  private mutating func mendFile(
    _ reference: SealedReference, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    guard try !isErased(reference.subject, &transaction) else { return }
    let path = log.folder.document(reference.sealed)
    if let file = try Self.whole(reference.sealed, in: log) {
      return try list(reference, file.count, &transaction)
    }
    for source in sources {
      guard let bytes = try Self.whole(reference.sealed, in: source) else { continue }
      try Files.makeFolders(of: path)
      try Files.clear(path)
      try Files.write(bytes, to: path)
      try list(reference, bytes.count, &transaction)
      report.values += 1
      return
    }
    report.unrepaired.append("The document \(reference.sealed) is in no backup given.")
  }

  /// The file of this digest, where what lies there is that.
  private static func whole(_ digest: Digest, in copy: LogCopy) throws(EventLogError) -> [UInt8]? {
    do throws(EventLogError) {
      return try copy.folder.read(digest, listedAs: nil).flatMap {
        SHA256.hash($0) == digest ? $0 : nil
      }
    } catch {
      guard case .damaged = error else { throw error }
      return nil
    }
  }

  /// Lists a file, so that an erasure will find it.
  private func list(
    _ reference: SealedReference, _ size: Int, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let (table, row) = (log.tables.documents, bigEndian(UInt64(size)))
    try stored { () throws(LMDBError) in
      if try transaction.value(at: reference.key, in: table) != row {
        try transaction.put(row, at: reference.key, in: table)
      }
    }
  }

  private mutating func mend(
    _ key: [UInt8], in table: (LogTables) -> Table, _ digest: Digest, _ what: String,
    _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let own = table(log.tables)
    let present = try stored { () throws(LMDBError) in
      try transaction.value(at: key, in: own)
    }
    if present.map({ SHA256.hash($0) }) == digest { return }
    for source in sources {
      guard let bytes = try source.value(at: key, in: table), SHA256.hash(bytes) == digest else {
        continue
      }
      try stored { () throws(LMDBError) in try transaction.put(bytes, at: key, in: own) }
      report.values += 1
      return
    }
    report.unrepaired.append("\(what) is in no backup given.")
  }
}
