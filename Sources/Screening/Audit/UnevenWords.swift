/// For each group the five words whose shares differ most from the others', the most uneven first; only words that
/// three of the group and three of the others share, and groups of five people upward.
///
/// - Parameters:
///   - groups: the group of each person.
///   - words: the nouns of each person's documents.
func unevenWords(in groups: [String], _ words: [Set<[UInt8]>]) -> [GroupAudit.Word] {
  var totals: [[UInt8]: Int] = [:]
  for set in words { for word in set { totals[word, default: 0] += 1 } }
  return Set(groups).subtracting([GroupFigures.unknown]).sorted().flatMap { group in
    let size = groups.count { $0 == group }
    let rest = groups.count - size
    guard size >= GroupFigures.fewest, rest >= GroupFigures.fewest else {
      return [GroupAudit.Word]()
    }
    var own: [[UInt8]: Int] = [:]
    for (name, set) in zip(groups, words) where name == group {
      for word in set { own[word, default: 0] += 1 }
    }
    return
      own.filter { $0.value >= 3 && (totals[$0.key] ?? 0) - $0.value >= 3 }
      .map { word, count in
        GroupAudit.Word(
          group: group, term: String(decoding: word, as: UTF8.self),
          share: Double(count) / Double(size),
          others: Double((totals[word] ?? 0) - count) / Double(rest))
      }
      .sorted { ($1.gap, $0.term) < ($0.gap, $1.term) }.prefix(5).map { $0 }
  }
}

extension GroupAudit.Word {
  fileprivate var gap: Double { abs(share - others) }
}
