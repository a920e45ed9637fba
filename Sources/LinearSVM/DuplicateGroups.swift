/// Applicants whose nouns are all but the same: one document handed in twice, or a form letter.
///
/// Two applicants belong together when the sets of their terms have a Jaccard similarity of at least 0.9;
/// the relation is closed transitively. An applicant without terms belongs to nobody.
public struct DuplicateGroups: Sendable, Hashable {
  /// For each applicant in the order of the set the smallest number of the group.
  public let groups: [UInt64]

  /// Finds the groups by prefix filtering: similar sets share one of their few rarest terms (Chaudhuri, Ganti,
  /// Kaushik, ICDE 2006), and not too far from the rarest (Xiao, Wang, Lin, Yu, WWW 2008).
  public init(_ set: TrainingSet) {
    var search = SimilaritySearch(set)
    var order = [Int](0..<set.count)
    let sizes = order.map { search.size($0) }
    order.sort { (sizes[$0], $0) < (sizes[$1], $1) }
    for row in order where sizes[row] > 0 { search.join(row) }
    groups = (0..<set.count).map { set.numbers[search.group(of: $0)] }
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
}

/// 256 bits of a row, each of which its terms turn over: two rows differ in at least as many terms as bits.
private struct ParitySketch {
  private var words = InlineArray<4, UInt64>(repeating: 0)

  init(_ set: TrainingSet, row: Int) {
    for entry in set.rows.range(row) { turn(set.rows.columns[entry]) }
    for entry in set.rareRows.range(row) { turn(~set.rareRows.columns[entry]) }
  }

  private mutating func turn(_ term: UInt32) {
    let hash = (term &* 0x9E37_79B1) >> 24
    words[Int(hash >> 6)] ^= 1 << UInt64(hash & 63)
  }

  func distance(_ other: ParitySketch) -> Int {
    var bits = 0
    for index in words.indices { bits += (words[index] ^ other.words[index]).nonzeroBitCount }
    return bits
  }
}

/// Joins rows one after the other, from the smallest to the largest, with those like them.
private struct SimilaritySearch {
  /// A row that has a term among its rarest, and how many of the row's are rarer still.
  private struct Posting {
    var row: UInt32
    var place: UInt32
    /// The next posting of the same term, or −1.
    var next: Int32
  }

  private let set: TrainingSet
  private var parent: [Int]
  /// The newest posting of each term, or −1: of the features by column, then of the rare terms.
  private var newest: [Int32]
  private var postings: [Posting] = []
  private var rarest: [UInt32] = []
  private let sketches: [ParitySketch]

  init(_ set: TrainingSet) {
    self.set = set
    parent = [Int](0..<set.count)
    newest = [Int32](repeating: -1, count: set.vocabulary.count + set.rareTerms.count)
    sketches = (0..<set.count).map { ParitySketch(set, row: $0) }
  }

  /// How many terms a row has.
  func size(_ row: Int) -> Int { set.rows.range(row).count + set.rareRows.range(row).count }

  /// The smallest row of a row's group.
  func group(of row: Int) -> Int {
    var row = row
    while parent[row] != row { row = parent[row] }
    return row
  }

  /// Joins a row with those like it among the rows before it, which are no larger.
  mutating func join(_ row: Int) {
    let size = size(row)
    // A smaller set that is similar has nine tenths of these terms, so one of so many; and of the rarest that
    // two sets share, neither has more terms that are rarer than it can do without.
    takeRarest(size - (size * 9 + 9) / 10 + 1, of: row)
    for (place, term) in rarest.enumerated() {
      var posting = newest[Int(term)]
      while posting >= 0 {
        let other = postings[Int(posting)]
        posting = other.next
        let otherSize = self.size(Int(other.row))
        let fewest = Self.fewest(size, otherSize)
        guard min(size - place, otherSize - Int(other.place)) >= fewest,
          sketches[row].distance(sketches[Int(other.row)]) <= size + otherSize - 2 * fewest
        else { continue }
        let (mine, theirs) = (root(row), root(Int(other.row)))
        if mine != theirs, shares(fewest, row, Int(other.row)) {
          parent[max(mine, theirs)] = min(mine, theirs)
        }
      }
    }
    // A larger set that is similar shares more, and so one of fewer.
    for (place, term) in rarest.prefix(size - Self.fewest(size, size) + 1).enumerated() {
      postings.append(
        Posting(row: UInt32(row), place: UInt32(place), next: newest[Int(term)]))
      newest[Int(term)] = Int32(postings.count - 1)
    }
  }

  /// How many terms two similar sets have in common at least: 19 · common ≥ 9 · sum, since the union is what is
  /// left of the sum without the common part.
  private static func fewest(_ size: Int, _ other: Int) -> Int { (9 * (size + other) + 18) / 19 }

  /// Puts the first terms of a row into `rarest`: the rare ones, then the features from the rarest, whose
  /// columns are the highest.
  private mutating func takeRarest(_ count: Int, of row: Int) {
    rarest.removeAll(keepingCapacity: true)
    for entry in set.rareRows.range(row).prefix(count) {
      rarest.append(set.rareRows.columns[entry] + UInt32(set.vocabulary.count))
    }
    let first = rarest.count
    guard first < count else { return }
    for entry in set.rows.range(row) {
      let column = set.rows.columns[entry]
      if rarest.count < count {
        rarest.append(column)
      } else if column > rarest[count - 1] {
        rarest[count - 1] = column
      } else {
        continue
      }
      var place = rarest.count - 1
      while place > first, rarest[place - 1] < column {
        rarest[place] = rarest[place - 1]
        place -= 1
      }
      rarest[place] = column
    }
  }

  private mutating func root(_ row: Int) -> Int {
    var row = row
    while parent[row] != row {
      parent[row] = parent[parent[row]]
      row = parent[row]
    }
    return row
  }

  /// Whether two rows have so many terms in common.
  private func shares(_ fewest: Int, _ row: Int, _ other: Int) -> Bool {
    // Whatever they share of the rare terms counts as if it were all, until that alone decides.
    let (rare, otherRare) = (set.rareRows.range(row), set.rareRows.range(other))
    let most = min(rare.count, otherRare.count)
    let common = Self.common(
      set.rows.columns, set.rows.range(row), set.rows.range(other), atLeast: fewest - most
    ) { set.terms[Int($0)] }
    guard let common else { return false }
    return Self.common(
      set.rareRows.columns, rare, otherRare, atLeast: fewest - common
    ) { $0 } != nil
  }

  /// How many entries two ascending stretches have in common; `nil` when fewer than so many.
  @inline(__always)
  private static func common(
    _ columns: [UInt32], _ left: Range<Int>, _ right: Range<Int>, atLeast fewest: Int,
    _ place: (UInt32) -> UInt32
  ) -> Int? {
    var (i, j, common) = (left.lowerBound, right.lowerBound, 0)
    // Most pairs are told apart by their first terms, which leave too few to come.
    while i < left.upperBound, j < right.upperBound {
      guard common + min(left.upperBound - i, right.upperBound - j) >= fewest else { return nil }
      if columns[i] == columns[j] {
        common += 1
        i += 1
        j += 1
      } else if place(columns[i]) < place(columns[j]) {
        i += 1
      } else {
        j += 1
      }
    }
    return common >= fewest ? common : nil
  }
}
