import LMDB

/// The sorted part of the index of commands: entries of sixteen bytes, prefix and position, packed into values
/// of at most a page, each under the least prefix that belongs there.
///
/// A row of its own for each command would be five times as long, and its keyed hash would have each touch a
/// page of its own. Packed and filled from many commands at once, a page takes in dozens.
enum CommandChunks {
  typealias Entry = RecentCommands.Entry

  /// So many fill a page of LMDB's without its header.
  static let capacity = 255
  private static let entrySize = 16

  /// Calls `body` with the position of each command of `prefix`.
  ///
  /// - Complexity: O(log n).
  static func forEach(
    _ prefix: UInt64, _ cursor: inout Cursor, _ body: (UInt64) -> Void
  ) throws(LMDBError) {
    guard let chunk = try cursor.seek(atOrBefore: bigEndian(prefix).span) else { return }
    forEach(prefix, in: chunk.value, body)
  }

  /// Calls `body` with the position of each command of `prefix` in its chunk's value.
  static func forEach(_ prefix: UInt64, in bytes: Span<UInt8>, _ body: (UInt64) -> Void) {
    var (low, high) = (0, bytes.count / entrySize)
    while low < high {
      let middle = (low + high) / 2
      if entry(middle, bytes).prefix < prefix { low = middle + 1 } else { high = middle }
    }
    while low < bytes.count / entrySize {
      let found = entry(low, bytes)
      guard found.prefix == prefix else { return }
      body(found.position)
      low += 1
    }
  }

  /// The chunk to which `prefix` belongs, and the least prefix that belongs to the next one.
  static func chunk(
    of prefix: UInt64, _ cursor: inout Cursor
  ) throws(LMDBError) -> (key: UInt64, entries: [Entry], next: UInt64?) {
    guard let found = try cursor.seek(atOrBefore: bigEndian(prefix).span) else {
      return (0, [], nil)
    }
    let key = try storedNumber(found.key, chunkKey)
    let entries = entries(of: found.value)
    guard let next = try cursor.next() else { return (key, entries, nil) }
    return (key, entries, try storedNumber(next.key, chunkKey))
  }

  /// Whether a chunk is one: its key a prefix, which none of its entries is below.
  static func isWhole(_ key: Span<UInt8>, _ value: Span<UInt8>) -> Bool {
    guard let least = bigEndian(key), value.count % entrySize == 0 else { return false }
    return value.isEmpty || entry(0, value).prefix >= least
  }

  /// The entries of a chunk's value.
  static func entries(of value: Span<UInt8>) -> [Entry] {
    (0..<(value.count / entrySize)).map { entry($0, value) }
  }

  private static func entry(_ index: Int, _ bytes: Span<UInt8>) -> Entry {
    let start = index * entrySize
    return Entry(
      prefix: bigEndian(bytes, at: start), position: bigEndian(bytes, at: start + 8))
  }

  /// Writes the entries that belong under `key`, in as many chunks as they need, in place of what is there.
  static func write(
    _ entries: [Entry], under key: UInt64, in table: Table,
    _ transaction: inout WriteTransaction
  ) throws(LMDBError) {
    let pieces = (entries.count + capacity - 1) / capacity
    var start = 0
    var key = key
    for piece in 1...max(pieces, 1) {
      var end = entries.count * piece / max(pieces, 1)
      // Equal prefixes stay together, so that one look finds them all.
      while end > start, end < entries.count, entries[end].prefix == entries[end - 1].prefix {
        end -= 1
      }
      var value: [UInt8] = []
      value.reserveCapacity((end - start) * entrySize)
      for entry in entries[start..<end] {
        value.append(bigEndian: entry.prefix)
        value.append(bigEndian: entry.position)
      }
      try transaction.put(value, at: bigEndian(key), in: table)
      start = end
      if end < entries.count { key = entries[end].prefix }
    }
  }
}

/// What damage calls the keys of chunks.
private let chunkKey = "a key of the table 'command-index'"
