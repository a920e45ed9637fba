import LMDB

/// The rows of one key of a table of past rows, as they are stored.
@usableFromInline
struct History {
  private var key: [UInt8] = []
  private var bytes: [UInt8] = []
  private var rows: [(position: UInt64, bytes: Range<Int>)] = []

  /// The row that held last at `position`, or `nil` where there was none yet.
  func last(through position: UInt64) -> Int? {
    var last: Int?
    for (index, row) in rows.enumerated() where row.position <= position {
      if last.map({ rows[$0].position < row.position }) ?? true { last = index }
    }
    return last
  }

  /// The newest row.
  var newest: Int? { last(through: .max) }

  /// A row in full.
  func row(_ index: Int) throws(RowCodingError) -> [UInt8] {
    let entry = bytes.span.extracting(rows[index].bytes)
    guard let position = try PastRow.frame(of: entry) else {
      return try PastRow.row(entry, from: entry)
    }
    guard let frame = rows.first(where: { $0.position == position }) else { throw RowCodingError() }
    return try PastRow.row(entry, from: bytes.span.extracting(frame.bytes))
  }

  /// Whether an entry is of the key whose history this is.
  fileprivate func has(_ key: Span<UInt8>) -> Bool {
    guard key.count - 8 == self.key.count else { return false }
    for index in self.key.indices where self.key[index] != key[index] { return false }
    return true
  }

  /// Begins the history of another key.
  fileprivate mutating func begin(_ key: Span<UInt8>) {
    self.key.removeAll(keepingCapacity: true)
    self.key.append(key.extracting(0..<(key.count - 8)))
    bytes.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
  }

  fileprivate mutating func add(_ key: Span<UInt8>, _ value: Span<UInt8>) {
    var position: UInt64 = 0
    for index in (key.count - 8)..<key.count { position = position << 8 | UInt64(key[index]) }
    let start = bytes.count
    bytes.append(value)
    rows.append((position, start..<bytes.count))
  }

  fileprivate var isEmpty: Bool { rows.isEmpty }
}

extension Views {
  /// The row that held for `key` at `position`, or `nil` if there was none yet.
  @usableFromInline
  func pastRow(
    of key: [UInt8], at position: UInt64, in table: ViewTable
  ) throws(ViewError) -> [UInt8]? {
    guard let handle = handles[table] else { return nil }
    let bound = key + position.viewKey
    var isReadable = true
    let row = try read { (transaction) throws(LMDBError) -> [UInt8]? in
      var cursor = try transaction.cursor(handle)
      guard let entry = try cursor.seek(atOrBefore: bound.span), entry.key.count == bound.count,
        entry.key.starts(with: key)
      else { return nil }
      guard let position = try? PastRow.frame(of: entry.value) else {
        let row = try? PastRow.row(entry.value, from: entry.value)
        isReadable = row != nil
        return row
      }
      let frame = try transaction.bytes(at: (key + position.viewKey).span, in: handle)
      guard let frame, let row = try? PastRow.row(entry.value, from: frame) else {
        isReadable = false
        return nil
      }
      return row
    }
    guard isReadable else { throw .unreadableRow(table: table.name) }
    return row
  }

  /// Calls `body` with the history of one key after the other in the order of the keys, from `start` on or
  /// backwards from it, until it returns false; one snapshot is held meanwhile.
  @usableFromInline
  func forEachHistory(
    in table: ViewTable, from start: [UInt8], backwards: Bool, _ body: (History) throws -> Bool
  ) throws {
    var history = History()
    var failure: (any Error)?
    var isDone = false
    func finish() {
      guard !history.isEmpty else { return }
      do { isDone = try !body(history) } catch {
        failure = error
        isDone = true
      }
    }
    try scan(table, from: start, backwards: backwards) { key, value in
      guard key.count > 8 else { return true }
      if !history.has(key) {
        finish()
        history.begin(key)
      }
      history.add(key, value)
      return !isDone
    }
    if !isDone { finish() }
    if let failure { throw failure }
  }
}

extension Span<UInt8> {
  /// Whether `prefix` is what the bytes begin with.
  func starts(with prefix: [UInt8]) -> Bool {
    guard count >= prefix.count else { return false }
    for index in prefix.indices where self[index] != prefix[index] { return false }
    return true
  }
}
