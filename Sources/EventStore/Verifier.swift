import Cryptography
import Dispatch
import LMDB
import Synchronization

/// Checks everything that a log's folder holds against its events, and these against its signatures.
///
/// A damaged file can end the process by a signal, so it is run in a process of its own: `senko-worker
/// verify`.
struct Verifier {
  let folder: LogFolder
  let environment: Environment
  let tables: LogTables
  var report = VerifyReport()
  var frontier = Frontier()
  /// The last position that events were looked at; the tree ends before it where one of them is missing.
  private(set) var size: UInt64 = 0
  /// The tree's root at each size that a note speaks of; `nil` until the events have reached it.
  var roots: [UInt64: Digest?] = [:]
  /// What former logs this one continues.
  var successions: [Succession] = []
  /// What events name beside themselves.
  var named = NamedRows()
  /// The files of subjects who were erased.
  var erasedFiles: [Digest] = []
  /// Whom events say that an erasure was of.
  var erasures: [NamedErasure] = []
  /// The first event that names a subject whose key is gone.
  var firstNamed: [SubjectID: Position] = [:]
  /// How many events have a row in the table that format 0 kept commands in.
  var olderCommands = 0
  /// How many events have their leaf in the table of earlier versions.
  var olderLeaves = 0
  /// Whether events have their leaf beside them.
  var hasNewerRows = false
  /// The nodes of the tree above the chunks.
  var upperNodes: [(height: Int, index: UInt64, hash: Digest)] = []
  private var streams: [String: Position] = [:]
  private var commands = 0
  private var lastTime = Timestamp(milliseconds: .min)
  private let progress: @Sendable (_ done: Int, _ total: Int) -> Void

  /// - Parameter damaged: is told at once of what may end this process further on.
  init(
    _ directory: String, damaged: (String) -> Void,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws(EventLogError) {
    self.progress = progress
    folder = LogFolder(path: directory)
    guard Files.exists(folder.log + "/data.mdb") else { throw folder.unchecked }
    environment = try folder.environment(readOnly: true)
    let environment = environment
    let damage: String?
    do throws(LMDBError) { damage = try environment.damage() } catch {
      throw error.isOvertaken ? .unsteady(directory: directory) : EventLogError(error)
    }
    if let damage {
      let problem = "The log's file is damaged: \(damage)."
      damaged(problem)
      report.report(unreadable: problem)
    }
    tables = try stored { () throws(LMDBError) in
      try LogTables(environment, create: false)
    }
    try EventLog.check(environment, tables)
  }

  /// Checks the log.
  mutating func run(_ options: VerifyOptions) throws(EventLogError) -> VerifyReport {
    let notes = try readNotes(options)
    try checkEvents()
    try checkStreams()
    try checkUnnamed()
    try checkErased()
    try checkDescription()
    try checkKeys()
    try checkKeyFiles()
    try noteLeftFiles()
    try checkNotes(notes, options)
    report.problems.sort { ($0.position ?? .zero) < ($1.position ?? .zero) }
    return report
  }

  /// Checks all events in chunks, on all cores.
  private mutating func checkEvents() throws(EventLogError) {
    let (numbers, size) = try chunks()
    self.size = size
    let total = min(numbers.count * Int(VerifyChunk.size), Int(size))
    var hasher = SHA256Hasher()
    var (next, expected) = (0, UInt64(0))
    let checked = Atomic<Int>(0)
    while next < numbers.count {
      let group = numbers[next..<min(next + 64, numbers.count)]
      let results = Mutex<[UInt64: Result<VerifyChunk, EventLogError>]>([:])
      let sizes = roots.keys.sorted()
      DispatchQueue.concurrentPerform(iterations: group.count) {
        [environment, tables, folder, progress] index in
        let number = group[group.startIndex + index]
        let result = Result { () throws(EventLogError) in
          var chunk = VerifyChunk(number, of: size, noting: sizes)
          try chunk.check(environment, tables, folder)
          return chunk
        }
        results.withLock { $0[number] = result }
        let done = checked.wrappingAdd(1, ordering: .relaxed).newValue
        progress(min(done * Int(VerifyChunk.size), total), total)
      }
      let found = results.withLock { $0 }
      for number in group {
        if number > expected {
          let (first, last) = (expected * VerifyChunk.size + 1, number * VerifyChunk.size)
          report.report(
            "Events \(first) to \(last) are missing.", at: Position(rawValue: first))
        }
        if let chunk = try found[number]?.get() { take(chunk, &hasher) }
        expected = number + 1
      }
      next += group.count
    }
    report.events = frontier.size
    report.root = frontier.root.hex
  }

  /// Which chunks hold events, and the last position.
  ///
  /// Each is looked for behind the one ahead of it: of a log with gaps, whose last position may be any number, no more
  /// are looked at than hold something.
  private func chunks() throws(EventLogError) -> (numbers: [UInt64], size: UInt64) {
    // No later position is written.
    let size = min(try lastPosition().rawValue, 1 << 53)
    guard size > 0 else { return ([], 0) }
    let (events, last) = (tables.events, (size - 1) / VerifyChunk.size)
    let numbers = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var (numbers, next) = ([UInt64](), UInt64(0))
        var cursor = try transaction.cursor(events)
        while next <= last,
          let entry = try cursor.seek(atOrAfter: bigEndian(next * VerifyChunk.size + 1).span),
          let position = bigEndian(entry.key), position > next * VerifyChunk.size, position <= size
        {
          let number = (position - 1) / VerifyChunk.size
          numbers.append(number)
          next = number + 1
        }
        return numbers
      }
    }
    return (numbers, size)
  }

  private mutating func take(_ chunk: VerifyChunk, _ hasher: inout SHA256Hasher) {
    // Behind a gap, which is reported, no tree can be grown.
    if frontier.size == chunk.first.rawValue - 1 {
      for (size, part) in chunk.noted {
        var whole = frontier
        whole.append(part, &hasher)
        roots[size] = .some(whole.root)
      }
      frontier.append(chunk.frontier, &hasher) { height, index, hash in
        if StoredNodes.stores(height) { upperNodes.append((height, index, hash)) }
      }
    }
    if let first = chunk.firstTime, first < lastTime {
      report.report(
        "Event \(chunk.first) is dated before the one ahead of it.", at: chunk.first)
    }
    lastTime = max(lastTime, chunk.lastTime ?? lastTime)
    streams.merge(chunk.streams) { _, later in later }
    commands += chunk.commands
    olderCommands += chunk.olderCommands
    olderLeaves += chunk.olderLeaves
    hasNewerRows = hasNewerRows || chunk.hasNewerRows
    named.add(chunk.named)
    report.sealed += chunk.sealed
    report.erased += chunk.erased
    erasedFiles += chunk.erasedFiles
    erasures += chunk.erasures
    firstNamed.merge(chunk.firstNamed) { first, _ in first }
    report.problems += chunk.problems
    successions += chunk.successions
  }

  private func lastPosition() throws(EventLogError) -> Position {
    do {
      return Position(
        rawValue: try environment.read { (transaction) throws(EventLogError) in
          try LogState.size(transaction, tables)
        })
    } catch {
      throw EventLogError(error)
    }
  }

  /// Checks the tables that are derived from the events for rows that no event gives.
  private mutating func checkStreams() throws(EventLogError) {
    var wrong: [String] = []
    let (streams, tables, size) = (streams, tables, size)
    // What events that came meanwhile have moved, or have not.
    var later: [(name: [UInt8], position: Position)] = []
    // Another process may append meanwhile: what lies beyond the events that were checked is left out.
    let counts = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var found = 0
        var cursor = try transaction.cursor(tables.streams)
        // Damaged links can lead in a circle: no more rows are read than the table says it has.
        var left = try transaction.count(tables.streams)
        while left > 0, let entry = try cursor.next() {
          left -= 1
          let name = unsafe entry.key.withUnsafeBufferPointer {
            unsafe String(decoding: $0, as: UTF8.self)
          }
          let position = bigEndian(entry.value) ?? 0
          if position > size {
            if streams[name] != nil { found += 1 }
            later.append((Array(copying: entry.key), Position(rawValue: position)))
            continue
          }
          found += 1
          if streams[name]?.rawValue != position { wrong.append(name) }
        }
        for (name, position) in later {
          let bytes = try transaction.value(at: position.key, in: tables.events)
          let event = bytes.flatMap { try? Event(decoding: $0.span) }
          let name = String(decoding: name, as: UTF8.self)
          if event?.stream != name { wrong.append(name) }
        }
        return (
          streams: found, commands: try commandCount(through: size, transaction, tables),
          leaves: try transaction.count(tables.leaves)
        )
      }
    }
    if counts.commands != commands {
      report.report(
        "The table 'commands' has \(counts.commands) rows for \(commands) events with keys.")
    }
    if !wrong.isEmpty || counts.streams < streams.count {
      report.report("The index of streams is not what the events give.")
    }
    if counts.leaves != olderLeaves {
      report.report(
        "The table 'leaves' has \(counts.leaves) rows for \(olderLeaves) events without a leaf beside them."
      )
    }
  }
}

/// How many rows the table of commands has up to a position.
private func commandCount(
  through size: UInt64, _ transaction: borrowing ReadTransaction, _ tables: LogTables
) throws(LMDBError) -> Int {
  guard let rows = tables.commands else { return 0 }
  let events = UInt64(try transaction.count(tables.events))
  var count = try transaction.count(rows)
  var left = count
  var cursor = try transaction.cursor(rows)
  try cursor.forEach(atOrAfter: bigEndian(size + 1).span) { key, _ in
    // Those of events that came meanwhile.
    if let position = bigEndian(key), position <= events { count -= 1 }
    left -= 1
    return left > 0
  }
  return count
}

extension Verifier {
  /// Checks that the subjects' keys can be unwrapped, where the wrapping key is at hand: no backup has it.
  mutating func checkKeys() throws(EventLogError) {
    let tables = tables
    let (generation, rows) = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        let generation = try transaction.value(at: MetaKey.generation, in: tables.meta)
        var rows: [([UInt8], [UInt8])] = []
        var cursor = try transaction.cursor(tables.keys)
        var left = try transaction.count(tables.keys)
        while left > 0, let entry = try cursor.next() {
          left -= 1
          rows.append((Array(copying: entry.key), Array(copying: entry.value)))
        }
        return (generation.flatMap { bigEndian($0.span) } ?? 0, rows)
      }
    }
    if !rows.contains(where: { $0.0 == SubjectID.store.bytes }) {
      report.report(
        "The log's own secret is missing from the table 'keys': nothing can be recorded, nor an earlier command be "
          + "found again.")
    }
    guard let wrapping = try? Keyring.load(generation, in: folder) else {
      // One that can be read and is of another generation is wrong, unless an erasure has just changed it.
      let file = try? Files.read(folder.wrappingKey)
      let other = (file ?? nil).flatMap { WrappingKey(file: $0) }
      let now = try tables.metaValue(at: MetaKey.generation, in: environment)
      if let other, now.flatMap({ bigEndian($0.span) }) == generation {
        report.report(
          "The wrapping key is of generation \(other.generation), the log of \(generation).")
      }
      return
    }
    var bad = 0
    for (key, wrapped) in rows
    where SubjectID(key).flatMap({ try? wrapping.unwrap(wrapped, of: $0) }) == nil { bad += 1 }
    if bad > 0 {
      report.report(
        "The wrapped keys of \(bad) subjects are damaged. Repair them from a backup before anybody is erased: no erasure "
          + "waits for that, and after one no backup of before holds them any more.")
    }
    let secret = rows.first { $0.0 == SubjectID.store.bytes }
      .flatMap { try? wrapping.unwrap($0.1, of: .store) }
    try checkHead(secret: secret)
  }

  /// Checks that the end of the log is signed, or sealed with its own secret, as it is on the disk now.
  private mutating func checkHead(secret: Subject?) throws(EventLogError) {
    let tables = tables
    let problem: String?
    do {
      problem = try environment.read { (transaction) throws(EventLogError) in
        let size = try LogState.size(transaction, tables)
        let row = try stored { () throws(LMDBError) in
          try transaction.value(at: MetaKey.publicKey, in: tables.meta)
        }
        let keys = VerifierKey.listed(in: row ?? [])
        let head = Checkpoint(
          origin: keys.first?.name ?? "", size: size,
          root: try LogState.frontier(of: size, transaction, tables).root)
        let warrant = try HeadWarrant(size, transaction, tables)
        let key = secret.map { Keyring.StoreKeys($0).head }
        guard warrant.covers(head, signedBy: keys, sealedBy: key) else {
          return HeadWarrant.problem(size)
        }
        return warrant.isBroken(head, by: key)
          ? "The seal over the end of the \(size) events does not fit it, though a stored checkpoint does."
          : nil
      }
    } catch {
      throw EventLogError(error)
    }
    if let problem { report.report(problem) }
  }
}

/// Checks the log in `directory` in this process, which a damaged file may end by a signal.
///
/// Where the folder may only be read, and others write to the log meanwhile, it is checked once more if something seems
/// wrong: that may be what they have written over.
///
/// - Parameters:
///   - damaged: is told at once, in a sentence, of damage that may end the process before the report is made.
///   - progress: is told how many events are checked, of how many, by several threads at once.
/// - Throws: `.absent` where nothing tells of a log, `.unopened` where it may not be read, `.formatVersion`,
///   `.inconsistent` for keys or a checkpoint without their log, `.damaged`, `.storage`, or `.unsteady`; what is wrong
///   within is the report's.
public func verifyLog(
  directory: String, options: VerifyOptions = VerifyOptions(),
  damaged: (String) -> Void = { _ in },
  progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
) throws(EventLogError) -> VerifyReport {
  for _ in 0..<UnguardedReading.tries {
    let reading = UnguardedReading(of: LogFolder(path: directory))
    let result = Result { () throws(EventLogError) in
      var verifier = try Verifier(directory, damaged: damaged, progress: progress)
      return try verifier.run(options)
    }
    if (try? result.get())?.problems.isEmpty == true || !reading.isOvertaken {
      return try result.get()
    }
  }
  throw .unsteady(directory: directory)
}
