/// Applicants whose nouns are all but the same: one document handed in twice, or a form letter.
///
/// Two applicants belong together when the sets of their terms have a Jaccard similarity of at least 0.9;
/// the relation is closed transitively. An applicant without terms belongs to nobody.
public struct DuplicateGroups: Sendable, Hashable {
  /// For each applicant in the order of the set the smallest number of the group.
  public let groups: [UInt64]

  /// Finds the groups by prefix filtering (Chaudhuri, Ganti, Kaushik, ICDE 2006): similar sets share one
  /// of their few rarest terms.
  public init(_ set: TrainingSet) {
    var sets = (0..<set.count).map { Self.terms(of: $0, in: set) }
    let rarity = Self.rarity(sets, width: set.vocabulary.count + set.rareTerms.count)
    for row in sets.indices {
      sets[row] = sets[row].map { rarity[Int($0)] }
      sets[row].sort()
    }
    var parent = [Int](sets.indices)
    var postings = [[UInt32]](repeating: [], count: rarity.count)
    var order = [Int](sets.indices)
    order.sort { (sets[$0].count, $0) < (sets[$1].count, $1) }
    for row in order where !sets[row].isEmpty {
      let own = sets[row]
      let prefix = own.count - (own.count * 9 + 9) / 10 + 1
      for term in own.prefix(prefix) {
        for other in postings[Int(term)] {
          let (mine, theirs) = (Self.root(row, &parent), Self.root(Int(other), &parent))
          if mine != theirs, Self.areSimilar(own, sets[Int(other)]) {
            parent[max(mine, theirs)] = min(mine, theirs)
          }
        }
        postings[Int(term)].append(UInt32(row))
      }
    }
    groups = sets.indices.map { set.numbers[Self.root($0, &parent)] }
  }

  /// The groups of more than one applicant, each ascending, by smallest number.
  public func shared(in set: TrainingSet) -> [[UInt64]] {
    var order = [Int](groups.indices)
    order.sort { (groups[$0], $0) < (groups[$1], $1) }
    var result: [[UInt64]] = []
    var last: UInt64?
    for row in order {
      if groups[row] == last {
        result[result.count - 1].append(set.numbers[row])
      } else {
        result.append([set.numbers[row]])
        last = groups[row]
      }
    }
    return result.filter { $0.count > 1 }
  }

  private static func terms(of row: Int, in set: TrainingSet) -> [UInt32] {
    set.rows.range(row).map { set.rows.columns[$0] }
      + set.rareRows.range(row).map { set.rareRows.columns[$0] + UInt32(set.vocabulary.count) }
  }

  /// Each term's place when terms stand from the rarest to the commonest.
  private static func rarity(_ sets: [[UInt32]], width: Int) -> [UInt32] {
    var frequencies = [UInt32](repeating: 0, count: width)
    for terms in sets { for term in terms { frequencies[Int(term)] += 1 } }
    var order = [UInt32](0..<UInt32(width))
    order.sort { (frequencies[Int($0)], $0) < (frequencies[Int($1)], $1) }
    var place = [UInt32](repeating: 0, count: width)
    for (position, term) in order.enumerated() { place[Int(term)] = UInt32(position) }
    return place
  }

  private static func root(_ row: Int, _ parent: inout [Int]) -> Int {
    var row = row
    while parent[row] != row {
      parent[row] = parent[parent[row]]
      row = parent[row]
    }
    return row
  }

  /// Whether ten times the common part is at least nine times the union.
  private static func areSimilar(_ left: [UInt32], _ right: [UInt32]) -> Bool {
    // The union is what is left of the sum without the common part: 19 · common ≥ 9 · sum.
    let fewest = (9 * (left.count + right.count) + 18) / 19
    var (i, j, common) = (0, 0, 0)
    // Most pairs are told apart by their first terms, which leave too few to come.
    while common < fewest {
      guard common + min(left.count - i, right.count - j) >= fewest else { return false }
      if left[i] == right[j] {
        common += 1
        i += 1
        j += 1
      } else if left[i] < right[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return true
  }
}
