import TestSupport
import Testing

@testable import Screening

/// If these fail, a group audit tells by its sums how somebody fared whom it promises to keep out.
@Suite struct CellSuppressionTests {
  /// People with the group they belong to in each table, and whether they were selected.
  private struct People {
    var groups: [[Int]]
    var selected: [Bool]
  }

  /// Each group of each table as a set of people, told or not.
  private struct Figure {
    var people: [Int]
    var isTold: Bool
  }

  /// What the audit would tell of every group of every table.
  private func figures(_ people: People) -> [Figure] {
    var cells: [CellSuppression.Cell] = []
    var places: [[Int]: Int] = [:]
    for (alike, selected) in zip(people.groups, people.selected) {
      let place = places[alike] ?? cells.count
      if place == cells.count {
        places[alike] = place
        cells.append(.init())
      }
      cells[place].count += 1
      if selected { cells[place].selected += 1 }
    }
    var suppression = CellSuppression(cells)
    var figures: [Figure] = []
    for table in people.groups[0].indices {
      for group in Set(people.groups.map { $0[table] }).sorted() {
        let members = people.groups.indices.filter { people.groups[$0][table] == group }
        let places = places.filter { $0.key[table] == group }.map(\.value).sorted()
        figures.append(
          Figure(people: members, isTold: members.count >= 5 && suppression.tells(places)))
      }
    }
    return figures
  }

  /// Eight to fourteen people with two attributes, in a table of each and one of the pair.
  private func people(_ random: inout SplitMix64) -> People {
    var people = People(groups: [], selected: [])
    for _ in 0..<Int.random(in: 8...14, using: &random) {
      let sex = Int.random(in: 0...1, using: &random)
      let age = Int.random(in: 0...2, using: &random)
      people.groups.append([sex, age, sex * 3 + age])
      people.selected.append(Bool.random(using: &random))
    }
    return people
  }

  /// Goes through all the ways in which as many could have been selected: whoever knows the figures told, and who
  /// belongs where, must not be able to tell how many of a smaller group were.
  @Test(arguments: 1...300)
  func whoKnowsTheFiguresCannotTellASmallGroups(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let people = people(&random)
    let figures = figures(people)
    func mask(_ members: [Int]) -> Int { members.reduce(0) { $0 | 1 << $1 } }
    let world = mask(people.selected.indices.filter { people.selected[$0] })
    let everybody = (1 << people.groups.count) - 1
    let told = figures.filter(\.isTold).map { mask($0.people) } + [everybody]
    let worlds = (0...everybody).filter { other in
      told.allSatisfy { (other & $0).nonzeroBitCount == (world & $0).nonzeroBitCount }
    }
    // Where all or none of five were selected, that is a figure like any other, and tells it of each.
    let always = worlds.reduce(everybody, &)
    let never = worlds.reduce(everybody) { $0 & ~$1 }
    for sure in [always, never].map(\.nonzeroBitCount) {
      #expect(sure == 0 || sure >= 5, "seed \(seed): the outcome of \(sure) people is certain")
    }
    for figure in figures where figure.people.count < 5 {
      let group = mask(figure.people) & ~always & ~never
      let counts = Set(worlds.map { ($0 & group).nonzeroBitCount })
      #expect(
        group == 0 || counts.count > 1, "seed \(seed): \(figure.people) follows from what is told")
    }
  }

  /// A cell and its group in each table, in people selected of how many.
  private func told(
    _ cells: [(count: Int, selected: Int)], _ groups: [[Int]]
  ) -> [Bool] {
    var suppression = CellSuppression(cells.map { .init(count: $0.count, selected: $0.selected) })
    return groups.map { suppression.tells($0) }
  }

  @Test func aSecondGroupIsWithheldWhereOneWouldFollow() {
    // Of ten, seven, one and thirty-two the one would follow, if it were not for a second blank.
    let cells = [(count: 10, selected: 4), (7, 3), (1, 0), (32, 16)]
    #expect(told(cells, [[0], [1], [3]]) == [true, true, false])
    // Two small groups hide each other only when they are five people together.
    let pair = [(count: 10, selected: 4), (2, 1), (3, 1)]
    #expect(told(pair, [[0]]) == [true])
    #expect(told([(count: 10, selected: 4), (2, 1), (2, 1)], [[0]]) == [false])
  }

  @Test func oneTableDoesNotTellWhatTheOtherWithholds() {
    // Women (cells 0 and 1) and those in their twenties (0 and 2) are told; of the pair only one cell is small.
    let cells = [(count: 8, selected: 4), (9, 4), (9, 5), (2, 1)]
    #expect(
      told(cells, [[0, 1], [2, 3], [0, 2], [1, 3], [1], [2], [0]])
        == [true, true, true, true, false, false, false])
    // Who declared one attribute and not the other is all that two groups of the unknown differ by.
    #expect(told([(count: 20, selected: 9), (1, 0), (15, 7)], [[0, 1], [0]]) == [true, false])
    // A group of whom none were selected takes its people out of the others.
    #expect(
      told([(count: 10, selected: 0), (6, 0), (2, 1), (12, 6)], [[0, 1], [1, 2]])
        == [true, false])
  }

  @Test func nothingIsLostWhereNobodyIsFew() {
    let cells = [(count: 8, selected: 4), (9, 4), (9, 5), (12, 3)]
    #expect(
      told(cells, [[0, 1], [2, 3], [0, 2], [1, 3], [0], [1], [2], [3]])
        == [Bool](repeating: true, count: 8))
  }
}
