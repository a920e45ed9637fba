import Testing

@testable import LinearSVM

@Suite struct FoldTests {
  @Test(arguments: [81 as UInt64, 82])
  func `every fold holds as many of each kind, but for one`(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    let set = try TrainingSet(generator.examples(73, okShare: 0.3))
    let folds = Folds(set, groups: set.numbers, count: 10)
    for kind in [true, false] {
      let sizes = (0..<10).map { fold in
        folds.held(.init(fold: fold)).count { set.labels[Int($0)] == kind }
      }
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "seed \(seed), \(sizes)")
    }
    for fold in 0..<10 {
      let all = (folds.held(.init(fold: fold)) + folds.training(without: .init(fold: fold)))
        .sorted()
      #expect(all == [UInt32](0..<73))
    }
  }

  @Test(arguments: [83 as UInt64, 84, 85])
  func `groups are those of comparing everybody with everybody, and stay together`(
    seed: UInt64
  ) throws {
    var generator = Generator(seed: seed)
    var examples = generator.examples(60, vocabulary: 200, length: 30)
    for _ in 0..<25 {
      let (from, to) = (generator.below(60), generator.below(60))
      examples[to].terms = examples[from].terms
      if generator.below(2) == 0 { examples[to].terms[0].term = [UInt8]("別\(to)".utf8) }
    }
    let set = try TrainingSet(examples)
    let groups = DuplicateGroups(set)
    let sets = examples.map { Set($0.terms.map(\.term)) }
    var expected = set.numbers
    var changed = true
    while changed {
      changed = false
      for i in 0..<60 {
        for j in 0..<60 where expected[i] < expected[j] {
          let common = sets[i].intersection(sets[j]).count
          if common * 10 >= sets[i].union(sets[j]).count * 9 {
            expected[j] = expected[i]
            changed = true
          }
        }
      }
    }
    #expect(groups.groups == expected, "seed \(seed)")
    let folds = Folds(set, groups: groups.groups, count: 5)
    for (row, group) in groups.groups.enumerated() {
      let first = try #require(groups.groups.firstIndex(of: group))
      #expect(folds.fold[row] == folds.fold[first], "seed \(seed)")
    }
    #expect(Set(groups.shared(in: set).map(\.count)).isDisjoint(with: [0, 1]))
  }

  /// A percentage that saw its own label would promise more than it keeps.
  @Test(arguments: [5, 10]) func `no solve behind a percentage saw the label`(count: Int) {
    let plan = HoldOutPlan(folds: count, labels: 100)
    #expect(plan.isNested && Set(plan.masks).count == plan.masks.count)
    for fold in 0..<count {
      let part = plan.part(of: fold)
      #expect(plan.masks[fold] == FoldMask(fold: fold))
      #expect(plan.masks[plan.outer(part)].contains(FoldMask(fold: fold)))
      for other in 0..<plan.parts where other != part {
        let mask = plan.masks[plan.inner(part, other)]
        for held in 0..<count {
          let isHeld = [part, other].contains(plan.part(of: held))
          #expect(mask.contains(FoldMask(fold: held)) == isHeld)
        }
      }
    }
    #expect(!HoldOutPlan(folds: 10, labels: 10_001).isNested)
  }
}
