import Cryptography
import LMDB

/// The checks of 4096 events side by side, which a complete subtree spans.
struct VerifyChunk: Sendable {
  /// How many events a chunk has; a stored node's height.
  static let size: UInt64 = 4096

  private static let successionType = Array(Succession.type.utf8)

  /// The chunk's first position.
  let first: Position
  private let last: Position
  /// The tree over the chunk's events alone.
  var frontier = Frontier()
  /// The tree over the first of them, where a note speaks of the whole up to there.
  var noted: [UInt64: Frontier] = [:]
  var firstTime: Timestamp?
  var lastTime: Timestamp?
  var streams: [String: Position] = [:]
  /// How many events have a row in the table of commands.
  var commands = 0
  /// How many have one in the table of older versions.
  var olderCommands = 0
  /// How many events have no leaf beside them, as an earlier version has written them.
  var olderLeaves = 0
  /// Whether some have theirs.
  var hasNewerRows = false
  /// The position up to which the sorted chunks should hold all commands.
  private(set) var folded: UInt64 = 0
  var sealed = 0
  var erased = 0
  /// The files of those of them who were erased.
  var erasedFiles: [Digest] = []
  /// Whom events say that an erasure was of.
  var erasures: [NamedErasure] = []
  /// The first event that names a subject whose key is gone.
  var firstNamed: [SubjectID: Position] = [:]
  var problems: [VerifyReport.Problem] = []
  /// What former logs this one continues.
  var successions: [Succession] = []
  /// The documents that were not there, and the events that name them.
  var absent: [(SealedReference, Position)] = []
  /// What events name beside themselves.
  var named = NamedRows()
  /// The sizes in this chunk that notes speak of, the next one last.
  private var sizes: [UInt64]
  /// The stream of the event before, which most often is that of the next one.
  private var lastStream: [UInt8] = []
  private var lastOfStream = Position.zero

  init(_ number: UInt64, of size: UInt64, noting sizes: [UInt64]) {
    first = Position(rawValue: number * Self.size + 1)
    last = Position(rawValue: min((number + 1) * Self.size, size))
    let range = first.rawValue...max(first.rawValue, last.rawValue)
    self.sizes = sizes.filter { range.contains($0) }.sorted(by: >)
  }

  mutating func report(_ text: String, at position: Position? = nil) {
    problems.append(.init(position: position, description: text))
  }

  /// Reads the chunk's events in one snapshot, and checks them; a second is read only where a document is absent.
  ///
  /// - Parameter begun: is called once the snapshot is there.
  mutating func check(
    _ environment: Environment, _ tables: LogTables, _ folder: LogFolder, begun: () -> Void = {}
  ) throws(EventLogError) {
    do {
      try environment.read { (transaction) throws(EventLogError) in
        begun()
        try check(transaction, tables, folder)
      }
      if !absent.isEmpty {
        try environment.read { (transaction) throws(EventLogError) in
          try checkAbsent(transaction, tables, folder)
        }
      }
    } catch {
      throw EventLogError(error)
    }
    noteStream()
  }

  private mutating func noteStream() {
    guard lastOfStream > .zero else { return }
    streams[String(decoding: lastStream, as: UTF8.self)] = lastOfStream
  }

  private mutating func check(
    _ transaction: borrowing ReadTransaction, _ tables: LogTables, _ folder: LogFolder
  ) throws(EventLogError) {
    var hasher = SHA256Hasher()
    var expected = first
    // Behind a gap no tree can be grown.
    var isWhole = true
    var completed: [(Int, UInt64, Digest)] = []
    let firstIndex = first.rawValue - 1
    do {
      let mark = try transaction.value(at: MetaKey.foldedCommands, in: tables.meta)
      folded = mark.map { bigEndian($0.span) ?? .max } ?? 0
      var events = try transaction.cursor(tables.events)
      var leaves = try transaction.cursor(tables.leaves)
      var event = try events.seek(atOrAfter: expected.key.span)
      while let found = event, expected <= last {
        let position = Position(rawValue: bigEndian(found.key) ?? 0)
        guard position == expected else {
          // What lies out of order may lead in a circle.
          guard position > expected else { break }
          isWhole = false
          reportMissing(from: expected, to: min(position, last.next))
          expected = position
          continue
        }
        let hash = hasher.hash(prefix: 0, found.event)
        var leaf = found.leaf
        if found.isOlder {
          olderLeaves += 1
          let index = bigEndianBytes(position.rawValue - 1)
          if let bytes = try leaves.value(at: index.span), bytes.count == 32 {
            leaf = Digest(exactly: bytes)
          }
        } else if leaf != nil {
          hasNewerRows = true
        }
        if leaf != hash {
          report("Event \(position) is not the one that the tree was grown from.", at: position)
        }
        if isWhole {
          frontier.append(hash, &hasher) { height, index, hash in
            if height > 0, StoredNodes.stores(height) {
              completed.append((height, firstIndex >> UInt64(height) + index, hash))
            }
          }
          if sizes.last == position.rawValue {
            sizes.removeLast()
            noted[position.rawValue] = frontier
          }
        }
        try check(found.event, at: position, transaction, tables, folder)
        expected = expected.next
        event = try events.next()
      }
      reportMissing(from: expected, to: last.next)
      for (height, index, hash) in completed {
        let stored = try transaction.value(at: StoredNodes.key(height, index), in: tables.nodes)
        if stored != hash.bytes {
          report("The tree's node at height \(height), index \(index) is not its events' hash.")
        }
      }
    } catch let error as LMDBError {
      throw EventLogError(error)
    } catch let error as EventLogError {
      throw error
    } catch {
      throw .storage(operation: "verify", reason: "\(error)")
    }
  }

  private mutating func reportMissing(from first: Position, to end: Position) {
    var position = first
    while position < end {
      report("Event \(position) is missing.", at: position)
      position = position.next
    }
  }

  private mutating func check(
    _ bytes: Span<UInt8>, at position: Position, _ transaction: borrowing ReadTransaction,
    _ tables: LogTables, _ folder: LogFolder
  ) throws(EventLogError) {
    do {
      let line = try EventLine(bytes)
      if line.position != position {
        report("Event \(position) calls itself \(line.position).", at: position)
      }
      if let lastTime, line.at < lastTime {
        report("Event \(position) is dated before the one ahead of it.", at: position)
      }
      if firstTime == nil { firstTime = line.at }
      lastTime = line.at
      if !equal(line.stream, lastStream.span) {
        noteStream()
        lastStream = Array(copying: line.stream)
      }
      lastOfStream = position
      if let key = line.key {
        try check(key, at: position, transaction, tables)
      }
      if let erasure = NamedErasure(line) { erasures.append(erasure) }
      if equal(line.type, Self.successionType.span) {
        successions += [Succession(try line.event())].compactMap(\.self)
      }
      if line.mayReference {
        let data: JSONValue
        do { data = try JSONValue(canonical: line.data) } catch {
          throw EventCodingError(description: error.description)
        }
        try checkReferences(in: data, at: position, transaction, tables, folder)
      }
    } catch let error as EventCodingError {
      report("Event \(position) is no event: \(error.description)", at: position)
    } catch let error as EventLogError {
      throw error
    } catch {
      throw .storage(operation: "verify", reason: "\(error)")
    }
  }
}

private func equal(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  return unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in unsafe a.elementsEqual(b) }
  }
}
