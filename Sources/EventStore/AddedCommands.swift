/// The commands that a transaction adds, in order.
struct AddedCommands {
  private(set) var entries: [RecentCommands.Entry] = []
  /// Where those stand whose prefix was looked for among many: an import adds a hundred thousand in one transaction.
  private var places: [UInt64: [UInt64]] = [:]
  private var indexed = 0
  /// Of so few, each is looked at.
  private static let few = 64

  mutating func append(_ entry: RecentCommands.Entry) { entries.append(entry) }

  /// The positions of those with a prefix.
  ///
  /// - Complexity: O(1) on average, over all calls.
  mutating func positions(of prefix: UInt64) -> [UInt64] {
    guard entries.count > Self.few else {
      return entries.compactMap { $0.prefix == prefix ? $0.position : nil }
    }
    for entry in entries[indexed...] { places[entry.prefix, default: []].append(entry.position) }
    indexed = entries.count
    return places[prefix, default: []]
  }
}
