/// Collects what a fold changes, over what is stored, until it is written sorted and at once.
///
/// Reading sees the changes. Memory grows with the changes; `Views` writes them out in portions.
public struct ViewWriter: ViewReading {
  private let base: any ViewReading
  private(set) var changes: [ViewTable: [[UInt8]: [UInt8]?]] = [:]
  private(set) var changedBytes = 0

  init(over base: any ViewReading) { self.base = base }

  /// Sets the value at `key`.
  public mutating func put(_ value: [UInt8], at key: [UInt8], in table: ViewTable) {
    changedBytes += key.count + value.count + 64
    changes[table, default: [:]].updateValue(value, forKey: key)
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
}
