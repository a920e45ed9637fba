/// Which fold holds each applicant out, as a pure function of the applicants' numbers, labels and groups.
struct Folds: Sendable {
  /// The fold of each row.
  let fold: [UInt8]
  let count: Int
  /// How many groups of each kind there are.
  let groups: (ok: Int, ng: Int)

  /// Deals the groups of each kind out to the folds, in the order of a mix of their numbers.
  ///
  /// Every fold holds as many groups of a kind as any other, but for one. A group is of the kind of its
  /// majority; a draw counts as OK.
  ///
  /// - Parameters:
  ///   - groups: for each row the smallest applicant number of its group.
  ///   - count: how many folds there are, at most 16.
  init(_ set: TrainingSet, groups: [UInt64], count: Int) {
    self.count = count
    var members = [Int](groups.indices)
    members.sort { (groups[$0], $0) < (groups[$1], $1) }
    var kinds: [[(mix: UInt64, first: Int, end: Int)]] = [[], []]
    var first = 0
    while first < members.count {
      var end = first
      var ok = 0
      while end < members.count, groups[members[end]] == groups[members[first]] {
        ok += set.labels[members[end]] ? 1 : -1
        end += 1
      }
      let mix = SplitMix64.mix(groups[members[first]] ^ 0x666f_6c64_2d73_616c)
      kinds[ok >= 0 ? 0 : 1].append((mix, first, end))
      first = end
    }
    var fold = [UInt8](repeating: 0, count: groups.count)
    var rank = 0
    for kind in kinds {
      // The second kind is dealt on from where the first ended, so the folds stay of one size.
      for group in kind.sorted(by: { $0.mix < $1.mix }) {
        for position in group.first..<group.end { fold[members[position]] = UInt8(rank % count) }
        rank += 1
      }
    }
    self.fold = fold
    self.groups = (kinds[0].count, kinds[1].count)
  }

  /// The rows that a solve learns from when it does without some folds, ascending.
  func training(without held: FoldMask) -> [UInt32] { rows { !held.contains(.init(fold: $0)) } }

  /// The rows that such a solve scores, ascending.
  func held(_ held: FoldMask) -> [UInt32] { rows { held.contains(.init(fold: $0)) } }

  private func rows(where isWanted: (Int) -> Bool) -> [UInt32] {
    fold.indices.filter { isWanted(Int(fold[$0])) }.map { UInt32($0) }
  }
}
