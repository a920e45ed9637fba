import Cryptography
import LMDB

/// Checks everything that a log's folder holds against its events, and these against its signatures.
///
/// A damaged file can end the process by a signal, so it is run in a process of its own: `senko-worker
/// verify`.
struct Verifier {
  private let folder: LogFolder
  private let environment: Environment
  private let tables: LogTables
  private var report = VerifyReport()
  private var frontier = Frontier()
  private var lastTime = Timestamp(milliseconds: 0)
  private var streams: [String: Position] = [:]
  /// The tree's root at each size that a note speaks of.
  private var roots: [UInt64: Digest] = [:]
  private var notes: [UInt64: SignedNote] = [:]

  init(_ directory: String) throws(EventLogError) {
    folder = LogFolder(path: directory)
    let path = folder.log
    guard try Files.read(path + "/data.mdb") != nil else { throw .absent(directory: directory) }
    environment = try stored { () throws(LMDBError) in
      try Environment(path: path, mapSize: EventLog.mapSize, maxTables: LogTables.count)
    }
    let environment = environment
    tables = try stored { () throws(LMDBError) in
      try LogTables(environment, create: false)
    }
    try EventLog.check(environment, tables)
  }

  /// Checks the log.
  mutating func run(_ options: VerifyOptions) throws(EventLogError) -> VerifyReport {
    try readNotes(options)
    try checkEvents()
    try checkStreams()
    try checkNotes(options)
    return report
  }

  private mutating func readNotes(_ options: VerifyOptions) throws(EventLogError) {
    let rows = try rows(of: tables.checkpoints)
    for (key, value) in rows {
      guard let note = SignedNote(String(decoding: value, as: UTF8.self)),
        let checkpoint = Checkpoint(text: note.text), checkpoint.size == bigEndian(key.span)
      else {
        report.report("A stored checkpoint is no signed note.")
        continue
      }
      notes[checkpoint.size] = note
      roots[checkpoint.size] = MerkleHash.empty
    }
    if let against = options.against, let note = SignedNote(against),
      let checkpoint = Checkpoint(text: note.text)
    {
      roots[checkpoint.size] = MerkleHash.empty
    }
  }

  private mutating func checkEvents() throws(EventLogError) {
    var next: Position = 1
    while true {
      let portion = try portion(from: next)
      guard let last = portion.last else { break }
      for (position, bytes) in portion {
        if position != next {
          report.report("Event \(next) is missing.", at: next)
        }
        try check(bytes, at: position)
        next = position.next
      }
      next = last.0.next
    }
    report.events = frontier.size
    report.root = frontier.root.hex
  }

  private mutating func check(_ bytes: [UInt8], at position: Position) throws(EventLogError) {
    let leaf = MerkleHash.leaf(bytes)
    let index = frontier.size
    let stored = try value(bigEndian(index), in: tables.leaves)
    if stored != leaf.bytes {
      report.report(
        "Event \(position) is not the one that the tree was grown from.", at: position)
    }
    var completed: [(Int, UInt64, Digest)] = []
    frontier.append(leaf) { height, index, hash in
      if height > 0, StoredNodes.stores(height) { completed.append((height, index, hash)) }
    }
    for (height, index, hash) in completed
    where try value(StoredNodes.key(height, index), in: tables.nodes) != hash.bytes {
      report.report("The tree's node at height \(height), index \(index) is not its events' hash.")
    }
    if roots[frontier.size] != nil { roots[frontier.size] = frontier.root }
    let event: Event
    do { event = try Event(decoding: bytes.span) } catch {
      report.report("Event \(position) is no event: \(error.description)", at: position)
      return
    }
    if event.position != position {
      report.report("Event \(position) calls itself \(event.position).", at: position)
    }
    if event.at < lastTime {
      report.report("Event \(position) is dated before the one ahead of it.", at: position)
    }
    lastTime = event.at
    streams[event.stream] = position
    try checkReferences(in: event.data, at: position)
  }

  /// Checks what an event names: sealed values, documents and blobs.
  private mutating func checkReferences(
    in data: JSONValue, at position: Position
  ) throws(EventLogError) {
    if let reference = SealedReference(data) {
      try check(reference, at: position)
    } else if let digest = data["blob"]?.string.flatMap({ Digest(hex: $0) }) {
      let blob = try value(digest.bytes, in: tables.blobs)
      if blob.map({ SHA256.hash($0) }) != digest {
        report.report(
          "The blob \(digest), named by event \(position), is \(blob == nil ? "missing" : "changed").",
          at: position)
      }
    } else if let members = data.object {
      for (_, value) in members { try checkReferences(in: value, at: position) }
    } else if let items = data.array {
      for item in items { try checkReferences(in: item, at: position) }
    }
  }

  private mutating func check(
    _ reference: SealedReference, at position: Position
  ) throws(EventLogError) {
    guard try value(reference.subject.bytes, in: tables.keys) != nil else {
      report.erased += 1
      return
    }
    let ciphertext =
      switch reference.place {
      case .table: try value(reference.key, in: tables.sealed)
      case .file: try Files.read(folder.document(reference.sealed))
      }
    if ciphertext.map({ SHA256.hash($0) }) == reference.sealed {
      report.sealed += 1
    } else {
      let what = reference.place == .table ? "sealed value" : "document"
      report.report(
        "A \(what) named by event \(position) is \(ciphertext == nil ? "missing" : "changed").",
        at: position)
    }
  }

  private mutating func checkStreams() throws(EventLogError) {
    let rows = try rows(of: tables.streams)
    for (key, value) in rows {
      let name = String(decoding: key, as: UTF8.self)
      if streams[name]?.key != value {
        report.report("The index of streams is not what the events give for one of them.")
      }
    }
    if rows.count != streams.count {
      report.report("The index of streams has \(rows.count) entries for \(streams.count) streams.")
    }
    let leaves = try self.rows(of: tables.leaves).count
    if UInt64(leaves) != frontier.size {
      report.report("The tree has \(leaves) leaves for \(frontier.size) events.")
    }
  }

  private mutating func checkNotes(_ options: VerifyOptions) throws(EventLogError) {
    let named = try value(MetaKey.publicKey, in: tables.meta)
    let text = options.publicKey ?? named.map { String(decoding: $0, as: UTF8.self) }
    guard let key = text.flatMap({ VerifierKey($0) }) else {
      report.report("There is no readable public key to check signatures with.")
      return
    }
    for size in notes.keys.sorted() {
      guard let note = notes[size] else { continue }
      check(note, by: key, "The stored checkpoint over \(size) events")
    }
    if let against = options.against {
      guard let note = SignedNote(against) else {
        report.report("The checkpoint given is no signed note.")
        return
      }
      check(note, by: key, "The checkpoint given")
    }
  }

  private mutating func check(_ note: SignedNote, by key: VerifierKey, _ what: String) {
    guard key.verifies(note) else {
      report.report("\(what) is not signed by \(key.name).")
      return
    }
    guard let checkpoint = Checkpoint(text: note.text), checkpoint.origin == key.name else {
      report.report("\(what) speaks of another log.")
      return
    }
    if checkpoint.size > frontier.size {
      report.report(
        "\(what) covers \(checkpoint.size) events, but there are only \(frontier.size): some are lost."
      )
    } else if checkpoint.size == 0 || roots[checkpoint.size] == checkpoint.root {
      report.notes += 1
    } else {
      report.report("\(what) does not fit the events: history was changed.")
    }
  }

  private func value(_ key: [UInt8], in table: Table) throws(EventLogError) -> [UInt8]? {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: key, in: table)
      }
    }
  }

  private func rows(of table: Table) throws(EventLogError) -> [([UInt8], [UInt8])] {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var rows: [([UInt8], [UInt8])] = []
        var cursor = try transaction.cursor(table)
        while let entry = try cursor.next() {
          rows.append((Array(copying: entry.key), Array(copying: entry.value)))
        }
        return rows
      }
    }
  }

  private func portion(from first: Position) throws(EventLogError) -> [(Position, [UInt8])] {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var portion: [(Position, [UInt8])] = []
        var cursor = try transaction.cursor(tables.events)
        var entry = try cursor.seek(atOrAfter: first.key.span)
        while let found = entry, portion.count < 4096 {
          portion.append(
            (Position(rawValue: bigEndian(found.key)), Array(copying: found.value)))
          entry = try cursor.next()
        }
        return portion
      }
    }
  }
}

/// Checks the log in `directory` in this process, which a damaged file may end by a signal.
///
/// - Throws: `.absent`, `.formatVersion` or `.storage`; what is wrong within is the report's.
public func verifyLog(
  directory: String, options: VerifyOptions = VerifyOptions()
) throws(EventLogError) -> VerifyReport {
  var verifier = try Verifier(directory)
  return try verifier.run(options)
}
