import LMDB

/// The commands that the sorted chunks lack, as far as the log is known.
struct CommandMemory {
  /// The head up to which it knows the log.
  var through: UInt64 = 0
  /// All commands up to this position are in the chunks.
  var folded: UInt64 = 0
  var young = RecentCommands()
  /// The generation that is being taken into the chunks, from `next` on.
  var old: RecentCommands?
  var next: UInt64 = 0

  /// The positions of the recent commands of this prefix.
  func recent(_ prefix: UInt64) -> [UInt64] {
    var found: [UInt64] = []
    young.forEach(prefix) { found.append($0) }
    old?.forEach(prefix) { found.append($0) }
    return found
  }

  /// Takes in the rows of a transaction that sees `size` events.
  ///
  /// - Parameter folded: what the log says of how far the chunks go.
  mutating func catchUp(
    to size: UInt64, _ folded: [UInt8]?, _ rows: inout Cursor
  ) throws(LMDBError) {
    // A mark beyond the log is damaged: everything is read from the rows.
    let mark = folded.flatMap { bigEndian($0.span) } ?? 0
    self.folded = mark <= size ? mark : 0
    if self.folded >= through {
      (young, old) = (RecentCommands(), nil)
      through = self.folded
    } else if let last = old?.last, last <= self.folded {
      old = nil
    }
    var young = young
    self.young = RecentCommands()
    do throws(LMDBError) {
      try rows.forEach(atOrAfter: bigEndian(through + 1).span) { key, value in
        guard let position = bigEndian(key), value.count >= 8 else { return true }
        young.insert(.init(prefix: bigEndian(value, at: 0), position: position))
        return true
      }
    } catch {
      // Rather know nothing than less than it says.
      self = CommandMemory()
      throw error
    }
    self.young = young
    through = size
  }
}
