public import EventStore

/// The rows of one temporal table that a portion of events has met, decoded, so that each is decoded once and
/// changed where it stands.
@usableFromInline
struct RowPortion<Key: ViewKey & Hashable & Sendable, Row: ViewRow>: Sendable {
  /// A row as the portion has made it so far.
  @usableFromInline
  struct Entry: Sendable {
    @usableFromInline let key: Key
    @usableFromInline var row: Row
    /// Where the row is that was there before, among `olds`.
    @usableFromInline let old: Int?
    @usableFromInline var frame: RowFrame?
    @usableFromInline var isChanged = false

    @inlinable
    init(key: Key, row: Row, old: Int?, frame: RowFrame?) {
      self.key = key
      self.row = row
      self.old = old
      self.frame = frame
    }
  }

  @usableFromInline var entries: [Entry] = []
  @usableFromInline var olds: [Row] = []
  @usableFromInline var places: [Key: Int] = [:]
  /// Changes of the table of past rows.
  @usableFromInline var then = PackedChanges()

  @inlinable
  init() {}
}

/// A `RowPortion` that grows while a portion of events is folded.
@usableFromInline
final class RowStore<Key: ViewKey & Hashable & Sendable, Row: ViewRow> {
  @usableFromInline let table: TemporalTable<Key, Row>
  @usableFromInline let views: Views
  /// What the portion before has left, perhaps not stored yet.
  @usableFromInline let previous: RowPortion<Key, Row>?
  @usableFromInline var portion = RowPortion<Key, Row>()
  @usableFromInline var encoder = RowEncoder()
  /// The greatest stored key: what lies beyond it need not be looked for.
  @usableFromInline let lastKey: [UInt8]?

  @inlinable
  init(
    _ table: TemporalTable<Key, Row>, over views: Views, after previous: (any WrittenRows)?
  ) throws(ViewError) {
    self.table = table
    self.views = views
    self.previous = previous as? RowPortion<Key, Row>
    lastKey = try views.lastKey(in: table.now)
  }

  /// Where the row of `key` is, read if need be; `nil` where there is none.
  @inlinable
  func place(of key: Key) throws(ViewError) -> Int? {
    if let place = portion.places[key] { return place }
    if let previous, let place = previous.places[key] {
      let entry = previous.entries[place]
      return add(key, entry.row, old: entry.row, entry.frame)
    }
    guard let lastKey, !lastKey.lexicographicallyPrecedes(key.viewKey),
      let (row, frame) = try table.stored(key, in: views)
    else { return nil }
    return add(key, row, old: row, frame)
  }

  /// Adds the row of a key that has none.
  @inlinable
  func add(_ key: Key, _ row: Row, old: Row?, _ frame: RowFrame?) -> Int {
    let place = portion.entries.count
    portion.places[key] = place
    portion.entries.append(
      RowPortion.Entry(
        key: key, row: row, old: old == nil ? nil : portion.olds.count, frame: frame))
    if let old { portion.olds.append(old) }
    return place
  }

  /// Changes the row at `place` from `position` on; returns about how many bytes that takes.
  @inlinable
  func change(
    _ place: Int, from position: Position, _ body: (inout Row) throws -> Void
  ) rethrows -> Int {
    // In place: a row is large, and a copy retains each of its fields.
    try body(&portion.entries[place].row)
    portion.entries[place].isChanged = true
    encoder.bytes.removeAll(keepingCapacity: true)
    portion.entries[place].row.encode(into: &encoder)
    let key = portion.entries[place].key
    var frame = portion.entries[place].frame
    let size = portion.then.buffer.count
    portion.then.append { bytes in
      key.write(to: &bytes)
      position.rawValue.write(to: &bytes)
    } value: { bytes in
      PastRow.write(encoder.bytes, at: position.rawValue, after: &frame, to: &bytes)
    }
    portion.entries[place].frame = frame
    return portion.then.buffer.count - size
  }
}

/// A `RowStore` of any rows.
@usableFromInline
protocol OpenRows: AnyObject {
  /// What a portion of events has made of the rows.
  var written: any WrittenRows { get }
}

extension RowStore: OpenRows {
  @usableFromInline var written: any WrittenRows { portion }
}

/// A `RowPortion` of any rows, to be written.
@usableFromInline
protocol WrittenRows: Sendable {
  /// Changes of the table of newest rows.
  var now: PackedChanges { get }
  /// Changes of the table of past rows.
  var then: PackedChanges { get }
}

extension RowPortion: WrittenRows {
  @usableFromInline var now: PackedChanges {
    var changes = PackedChanges()
    var encoder = RowEncoder()
    for entry in entries where entry.isChanged {
      encoder.bytes.removeAll(keepingCapacity: true)
      entry.row.encode(into: &encoder)
      changes.append { bytes in
        entry.key.write(to: &bytes)
      } value: { bytes in
        PastRow.write(entry.frame?.patches ?? 0, to: &bytes)
        PastRow.write(entry.frame?.position ?? 0, to: &bytes)
        bytes.append(contentsOf: encoder.bytes)
      }
    }
    return changes
  }
}
