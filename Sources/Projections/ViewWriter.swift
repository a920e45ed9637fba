/// Collects what a fold changes, over what is stored, until it is written sorted and at once.
///
/// Reading sees the changes. Memory grows with the changes; `Views` writes them out in portions.
public struct ViewWriter: ViewReading {
  private let base: any ViewReading
  private var changes: [ViewTable: [[UInt8]: [UInt8]?]] = [:]
  private var appended: [ViewTable: [ViewChange]] = [:]
  private(set) var changedBytes = 0

  init(over base: any ViewReading) { self.base = base }

  /// Sets the value at `key`.
  public mutating func put(_ value: [UInt8], at key: [UInt8], in table: ViewTable) {
    changedBytes += key.count + value.count + 64
    changes[table, default: [:]].updateValue(value, forKey: key)
  }

  /// Sets the value at a key that is not read again before the changes are written, which is cheaper.
  public mutating func append(_ value: [UInt8], at key: [UInt8], in table: ViewTable) {
    changedBytes += key.count + value.count + 64
    appended[table, default: []].append(ViewChange(key: key, value: value))
  }

  /// Removes the entry at `key`, if there is one.
  public mutating func remove(_ key: [UInt8], in table: ViewTable) {
    changedBytes += key.count + 64
    changes[table, default: [:]].updateValue(nil, forKey: key)
  }

  /// The value at `key` with all changes so far, or `nil`.
  public func value(at key: [UInt8], in table: ViewTable) throws(ViewError) -> [UInt8]? {
    if let changed = changes[table]?[key] { return changed }
    return try base.value(at: key, in: table)
  }

  /// What was put or removed in a table since its rows were read from the disk, in no order, with what the
  /// disk holds.
  func changed(
    in table: ViewTable
  ) throws(ViewError) -> [(key: [UInt8], stored: [UInt8]?, value: [UInt8]?)] {
    var changed: [(key: [UInt8], stored: [UInt8]?, value: [UInt8]?)] = []
    for (key, value) in changes[table] ?? [:] {
      changed.append((key, try base.value(at: key, in: table), value))
    }
    return changed
  }

  /// Every change by table, in the order of the keys; of one key the last one comes last.
  var sorted: [ViewTable: [ViewChange]] {
    var all = changes.mapValues { $0.map { ViewChange(key: $0.key, value: $0.value) } }
    for (table, more) in appended { all[table, default: []] += more }
    return all.mapValues(ViewChange.sorted)
  }
}

/// A change of one entry; no value removes it.
struct ViewChange {
  let key: [UInt8]
  let value: [UInt8]?

  /// `changes` in the order of their keys' bytes; equal keys stay in the order given.
  ///
  /// - Complexity: O(n log n) comparisons of two words, for keys that differ within 16 bytes.
  static func sorted(_ changes: [ViewChange]) -> [ViewChange] {
    typealias Place = (high: UInt64, low: UInt64, index: Int)
    var places: [Place] = changes.indices.map { index in
      let key = changes[index].key
      return (word(of: key, at: 0), word(of: key, at: 8), index)
    }
    places.sort { a, b in
      if a.high != b.high { return a.high < b.high }
      if a.low != b.low { return a.low < b.low }
      let (left, right) = (changes[a.index].key, changes[b.index].key)
      return left == right ? a.index < b.index : left.lexicographicallyPrecedes(right)
    }
    return places.map { changes[$0.index] }
  }

  /// Eight bytes of `key` from `offset` on, big-endian, with zeros for those that are missing.
  private static func word(of key: [UInt8], at offset: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in offset..<(offset + 8) {
      word = word << 8 | (index < key.count ? UInt64(key[index]) : 0)
    }
    return word
  }
}
