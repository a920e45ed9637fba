import EventStore
import TestSupport
import Testing

@testable import Screening

/// If these fail, whoever holds a group audit against the lists of applicants finds out who declared what.
@Suite struct KnownClassesTests {
  private typealias Member = GroupTables.Member

  /// What an audit of these people tells.
  private func record(
    _ members: [Member], words: [Set<[UInt8]>]? = nil
  ) throws -> [GroupRecord.Table] {
    try GroupTables(members).tables(LongWork()) {
      words ?? [Set<[UInt8]>](repeating: [], count: members.count)
    }
  }

  private func member(_ isOK: Bool, placed: Bool? = nil, _ value: String?) -> Member {
    Member(
      isOK: isOK, isPlaced: placed ?? isOK, probability: isOK ? 7_000 : 3_000,
      attributes: value.map { ["disability": $0] } ?? [:])
  }

  /// Goes through all the ways in which the people of some classes could have declared yes, no or nothing: in no
  /// class may all ways that give the same report agree that everybody declared the same.
  ///
  /// - Parameters:
  ///   - classes: how many people a class has, and whether they were labelled OK and placed for review.
  ///   - silent: whether some may have declared nothing.
  private func checkThatNobodyIsNamed(
    _ classes: [(size: Int, isOK: Bool, isPlaced: Bool)], silent: Bool
  ) throws {
    typealias World = [(yes: Int, no: Int)]
    var worlds: [World] = [[]]
    for class_ in classes {
      worlds = worlds.flatMap { world in
        (0...class_.size).flatMap { yes in
          let rest = class_.size - yes
          return (silent ? 0...rest : rest...rest).map { world + [(yes, $0)] }
        }
      }
    }
    /// By what is told, in each class the fewest that declared yes, and no.
    var fewest: [[UInt8]: [(yes: Int, no: Int)]] = [:]
    var told = 0
    for world in worlds {
      var members: [Member] = []
      for (class_, count) in zip(classes, world) {
        for index in 0..<class_.size {
          let value = index < count.yes ? "yes" : index < count.yes + count.no ? "no" : nil
          members.append(member(class_.isOK, placed: class_.isPlaced, value))
        }
      }
      let tables = try record(members)
      if !tables.isEmpty { told += 1 }
      let report = GroupRecord(applicants: members.count, waiting: 0, median: 0, tables: tables)
        .json.encoded()
      fewest[report] = zip(fewest[report] ?? world, world).map {
        (min($0.yes, $1.yes), min($0.no, $1.no))
      }
    }
    #expect(told > 0, "nothing is ever told")
    for fewest in fewest.values {
      for (class_, count) in zip(classes, fewest) {
        #expect(count.yes < class_.size && count.no < class_.size, "a whole class is named")
      }
    }
  }

  @Test func nobodyIsNamedWhateverWasDeclared() throws {
    try checkThatNobodyIsNamed([(11, true, true), (11, false, false)], silent: true)
    try checkThatNobodyIsNamed(
      [(10, true, true), (10, true, false), (20, false, false)], silent: false)
  }

  @Test func whereAllOfOneOutcomeBelongToAGroupNothingIsTold() throws {
    // Of thirty all who declared yes are NG, or all NG declared yes: lists name who is NG.
    #expect(try record((0..<30).map { member($0 >= 10, $0 < 7 ? "yes" : "no") }).isEmpty)
    #expect(try record((0..<30).map { member($0 >= 10, $0 < 10 ? "yes" : "no") }).isEmpty)
    #expect(try record((0..<30).map { member($0 >= 10, $0 % 10 < 8 ? "yes" : "no") }).isEmpty)
    let mixed = try record((0..<30).map { member($0 >= 10, $0 % 2 == 0 ? "yes" : "no") })
    #expect(mixed.map { $0.rows.map(\.group) } == [["no", "yes"]])
    #expect(mixed[0].rows.map { $0.selected[.people] } == [10, 10])
  }

  @Test func aSecondOutcomeThatDiffersByOnePersonIsNotTold() throws {
    func told(_ differ: Int) throws -> [Set<GroupRecord.Selection>] {
      let people = (0..<80).map { index in
        let isOK = index % 2 == 0
        // The first so many of those labelled NG were placed for review.
        return member(
          isOK, placed: isOK || index < 2 * differ, (index / 2) % 2 == 0 ? "yes" : "no")
      }
      return try record(people).map { Set($0.rows[0].selected.keys) }
    }
    #expect(try told(0) == [[.people, .model, .scoring]])
    #expect(try told(1) == [[.people, .scoring]], "one person's group is a difference")
    #expect(try told(9) == [[.people, .scoring]])
    #expect(try told(20) == [[.people, .model, .scoring]])
  }

  @Test func aGroupOfFewStandsAmongOthers() throws {
    // Three declared a third value; were both other rows told, those three would be what is missing.
    let few = try record(
      (0..<60).map { member($0 % 2 == 0, $0 < 3 ? "rare" : $0 % 3 == 0 ? "yes" : "no") })
    #expect(few.map { $0.rows.map(\.group) } == [["no", GroupFigures.others]])
    #expect(few[0].rows.map(\.count).reduce(0, +) == 60)
    // Ten did, of whom none was labelled OK.
    let uneven = try record(
      (0..<80).map {
        $0 % 2 == 1 && $0 < 20
          ? member(false, "rare") : member($0 % 2 == 0, $0 % 3 == 0 ? "yes" : "no")
      })
    #expect(uneven.map { $0.rows.map(\.group) } == [["no", GroupFigures.others]])
    let silent = try record(
      (0..<60).map { member($0 % 2 == 0, $0 % 3 == 0 ? "yes" : $0 % 3 == 1 ? "no" : nil) })
    #expect(silent.map { $0.rows.map(\.group) } == [["no", "yes", GroupFigures.unknown]])
    // Whoever declares 'unknown' has declared something.
    let spelt = try record(
      (0..<60).map { member($0 % 2 == 0, $0 % 3 == 0 ? "yes" : $0 % 3 == 1 ? "unknown" : nil) })
    #expect(spelt.map { $0.rows.map(\.group) } == [["unknown", "yes", "(unknown)"]])
    #expect(spelt[0].rows.map(\.count) == [20, 20, 20])
  }

  @Test func aTableOfTwoAttributesNeedsBothOfTheirOwn() throws {
    func people(_ sex: (Int) -> String) -> [Member] {
      (0..<120).map { index in
        var member = member(index % 2 == 0, (index / 2) % 2 == 0 ? "yes" : "no")
        member.attributes["sex"] = sex(index)
        return member
      }
    }
    #expect(
      try record(people { ($0 / 4) % 2 == 0 ? "female" : "male" }).map(\.attribute)
        == ["disability", "sex", "disability × sex"])
    // Nearly all labelled OK are women, among those with and without a disability alike: their sum would tell it.
    let women = people { $0 % 2 == 0 && $0 > 2 || [1, 3].contains($0 % 8) ? "female" : "male" }
    #expect(try record(women).map(\.attribute) == ["disability"])
  }

  private func words(_ people: Int, _ words: [(String, (Int) -> Bool)]) -> [Set<[UInt8]>] {
    (0..<people).map { index in Set(words.filter { $0.1(index) }.map { Array($0.0.utf8) }) }
  }

  @Test func wordsTellOfNobodyWhoHasThemOrLacksThem() throws {
    let people = (0..<120).map { member($0 % 2 == 0, $0 % 3 == 0 ? "yes" : "no") }
    let told = try record(
      people,
      words: words(
        120,
        [
          // Lists of a word name who lacks 業務: seven, all of whom declared yes.
          ("業務", { $0 % 3 != 0 || $0 >= 21 }),
          ("経験", { $0 % 4 < 2 }),
          // Who has this one and lacks the one before is one person.
          ("経歴", { $0 % 4 < 2 || $0 == 6 }),
        ]))
    #expect(told.flatMap(\.words).map(\.term) == ["経験", "経験"])
    #expect(told.flatMap(\.words).map(\.have) == [40, 20])
    #expect(told.flatMap(\.words).map(\.others) == [20, 40])
  }

  @Test func aWordThatAGroupNeverLacksIsNotTold() throws {
    let sets = words(
      120, [("溶接", { $0 % 2 == 0 }), ("経験", { $0 % 4 < 2 })])
    let classes = KnownClasses(people: 120)
    let yes = (0..<120).filter { $0 % 4 == 0 }
    let mixed = (0..<120).filter { $0 % 5 == 0 }
    #expect(toldWords(sets, classes, mixing: [mixed]).map(\.term).count == 2)
    #expect(toldWords(sets, classes, mixing: [yes]).isEmpty)
    // Of fifty, each word would leave a class of fewer than thirty.
    let some = KnownClasses(people: 50)
    #expect(toldWords(Array(sets[..<50]), some, mixing: [mixed.filter { $0 < 50 }]).isEmpty)
  }
}
