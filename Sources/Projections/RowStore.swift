import EventStore

/// The rows of one temporal table that a fold has met since the last portion was written, decoded, so that
/// each is decoded once and changed where it stands.
@usableFromInline
final class RowStore<Key: ViewKey & Hashable, Row: ViewRow> {
  /// A row with what the disk holds.
  @usableFromInline
  struct Entry {
    @usableFromInline let key: Key
    @usableFromInline var row: Row
    /// What the disk holds, encoded.
    @usableFromInline var stored: [UInt8]?
    /// Whether the disk was asked for `stored`.
    @usableFromInline var isRead: Bool
    @usableFromInline var isChanged = false

    @inlinable
    init(key: Key, row: Row, stored: [UInt8]?, isRead: Bool) {
      self.key = key
      self.row = row
      self.stored = stored
      self.isRead = isRead
    }
  }

  @usableFromInline var entries: [Entry] = []
  @usableFromInline var places: [Key: Int] = [:]

  @inlinable
  init() {}

  /// Where the entry of `key` is; `nil` where it has none.
  @inlinable
  func place(of key: Key) -> Int? { places[key] }

  /// Adds the entry of a key that has none.
  @inlinable
  func add(_ entry: Entry) -> Int {
    places[entry.key] = entries.count
    entries.append(entry)
    return entries.count - 1
  }

  /// Changes the row at `place`; returns its encoding.
  @inlinable
  func change(_ place: Int, _ body: (inout Row) throws -> Void) rethrows -> [UInt8] {
    // In place: a row is large, and a copy retains each of its fields.
    try body(&entries[place].row)
    entries[place].isChanged = true
    var encoder = RowEncoder()
    entries[place].row.encode(into: &encoder)
    return encoder.bytes
  }
}

/// A `RowStore` of any rows, to be written.
@usableFromInline
protocol WritableRows: AnyObject {
  /// Adds the newest rows that have changed.
  func write(into changes: inout PackedChanges)
}

extension RowStore: WritableRows {
  @usableFromInline
  func write(into changes: inout PackedChanges) {
    for entry in entries where entry.isChanged {
      var encoder = RowEncoder()
      entry.row.encode(into: &encoder)
      changes.append(key: entry.key.viewKey, value: encoder.bytes)
    }
  }
}
