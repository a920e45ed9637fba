/// Makes the tables of a group audit: one for each attribute, for each pair of them, and for all together, so far as
/// `KnownClasses` lets them be told.
struct GroupTables {
  /// An applicant with a decision and a percentage.
  struct Member {
    /// Whether they were labelled OK.
    var isOK: Bool
    /// Whether they were placed for review.
    var isPlaced: Bool
    /// The percentage, in basis points.
    var probability: Int
    /// What they declared.
    var attributes: [String: String]
  }

  /// The groups that some attributes divide the members into.
  private struct Division {
    var names: [String]
    /// The members of each group.
    var groups: [String: [Int]] = [:]
    var attribute: String { names.joined(separator: " × ") }
    /// Whether it is by one attribute.
    var isSingle: Bool { names.count == 1 }

    init(by names: [String], of members: [Member]) {
      self.names = names
      for (index, member) in members.enumerated() {
        let values = names.compactMap { member.attributes[$0] }
        let group =
          values.count == names.count ? values.joined(separator: " × ") : GroupFigures.unknown
        groups[group, default: []].append(index)
      }
    }
  }

  /// What members were selected by, with who was, and the classes into which that divides them.
  private struct Step {
    var selected: [GroupRecord.Selection: [Bool]]
    var classes: KnownClasses
  }

  /// The median percentage, in basis points.
  let median: Int
  private let members: [Member]
  private let divisions: [Division]

  /// Divides `members`, of whom there is at least one, by all that they declared.
  init(_ members: [Member]) {
    self.members = members
    let scores = members.map(\.probability).sorted()
    median = (scores[(scores.count - 1) / 2] + scores[scores.count / 2]) / 2
    let names = Set(members.flatMap(\.attributes.keys)).sorted()
    let pairs = names.indices.flatMap { first in
      names[(first + 1)...].map { [names[first], $0] }
    }
    divisions = (names.map { [$0] } + pairs + (names.count > 2 ? [names] : [])).map {
      Division(by: $0, of: members)
    }
  }

  /// The tables that may be told, single attributes first.
  ///
  /// - Parameter words: the nouns of each member's documents, which only a report that tells something asks for.
  /// - Throws: `.cancelled`; `.conflict` where there are too many combinations of groups.
  func tables(
    _ work: LongWork, words: () throws(ScreeningError) -> [Set<[UInt8]>]
  ) throws(ScreeningError) -> [GroupRecord.Table] {
    guard let step = finestStep else { return [] }
    let told = try told(step, work)
    guard told.contains(where: { !$0.isEmpty }) else { return [] }
    let singles = zip(divisions, told).filter { $0.0.isSingle }
    let words = toldWords(
      try words(), step.classes,
      mixing: singles.flatMap { division, told in told.map { division.groups[$0, default: []] } })
    return zip(divisions, told).compactMap { division, told in
      told.isEmpty
        ? nil
        : GroupRecord.Table(
          attribute: division.attribute, rows: rows(division, told, step.selected),
          words: division.isSingle ? counts(words, of: told, in: division) : [])
    }
  }

  /// The selections that are told, one more at each step as long as the classes stay large.
  private var steps: [Step] {
    var step = Step(selected: [:], classes: KnownClasses(people: members.count))
    return GroupRecord.Selection.allCases.compactMap { selection in
      let selected = members.map { isSelected($0, by: selection) }
      guard
        let classes = step.classes.divided(by: selected, fewest: 2 * GroupFigures.fewest)
      else { return nil }
      step.classes = classes
      step.selected[selection] = selected
      return step
    }
  }

  /// The finest step at which every attribute has its table that has one at the first; `nil` when none has.
  private var finestStep: Step? {
    func attributes(_ step: Step) -> Int {
      divisions.count { $0.isSingle && !step.classes.told($0.groups).isEmpty }
    }
    guard let first = steps.first.map(attributes), first > 0 else { return nil }
    return steps.last { attributes($0) == first }
  }

  private func isSelected(_ member: Member, by selection: GroupRecord.Selection) -> Bool {
    switch selection {
    case .people: member.isOK
    case .model: member.isPlaced
    case .scoring: member.probability > median
    }
  }

  /// Up to so many combinations of groups, pairs of attributes are told of as well: what follows from them takes
  /// the square of that, for each group.
  private static let fewCells = 150
  /// Up to so many combinations there is a report at all.
  private static let mostCells = 2_000

  /// The groups of every division that have a row of their own.
  ///
  /// - Throws: `.cancelled`; `.conflict` where there are too many combinations of groups.
  private func told(_ step: Step, _ work: LongWork) throws(ScreeningError) -> [[String]] {
    var cells = Cells(members: members.count, groups: divisions.map(\.groups))
    guard cells.count <= Self.mostCells else {
      throw .conflict(
        "These people belong to \(cells.count) combinations of groups, too many to find what could be told of "
          + "them by subtracting. Ask as of an earlier moment, or declare fewer attributes.")
    }
    cells.suppress(step.selected.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value))
    var singles: Set<String> = []
    var all: [[String]] = []
    for division in divisions {
      var told: [String] = []
      let mayBeTold =
        division.isSingle
        || cells.count <= Self.fewCells && division.names.allSatisfy(singles.contains)
      for group in mayBeTold ? step.classes.told(division.groups) : [] {
        try work.check()
        if cells.tell(division.groups[group, default: []]) { told.append(group) }
      }
      if division.isSingle && !told.isEmpty { singles.insert(division.attribute) }
      all.append(told)
      work.report(.tables, all.count, of: divisions.count)
    }
    return all
  }

  /// The rows of the groups told, by name, then those of everybody else.
  private func rows(
    _ division: Division, _ told: [String], _ selected: [GroupRecord.Selection: [Bool]]
  ) -> [GroupRecord.Row] {
    func row(_ group: String, _ people: [Int]) -> GroupRecord.Row {
      .init(
        group: group, count: people.count,
        selected: selected.mapValues { selected in people.count { selected[$0] } })
    }
    let rest = division.groups.filter { !told.contains($0.key) }
    let name =
      rest.keys.allSatisfy { $0 == GroupFigures.unknown }
      ? GroupFigures.unknown : GroupFigures.others
    return told.sorted().map { row($0, division.groups[$0, default: []]) }
      + (rest.isEmpty ? [] : [row(name, rest.flatMap(\.value))])
  }

  /// How many of each group have each word.
  private func counts(
    _ words: [(term: String, people: [Int])], of told: [String], in division: Division
  ) -> [GroupRecord.Word] {
    told.sorted().flatMap { group in
      let own = Set(division.groups[group, default: []])
      return words.map { term, people -> GroupRecord.Word in
        let have = people.count { own.contains($0) }
        return GroupRecord.Word(
          group: group, term: term, have: have,
          others: people.count - have)
      }
    }
  }
}

/// People alike in every table, and what may be told of their outcomes.
private struct Cells {
  private var places: [Int]
  private(set) var count: Int
  private var suppressions: [CellSuppression] = []

  init(members: Int, groups: [[String: [Int]]]) {
    places = [Int](repeating: 0, count: members)
    count = 1
    for groups in groups {
      var numbers: [[Int]: Int] = [:]
      for (index, group) in groups.sorted(by: { $0.key < $1.key }).enumerated() {
        for person in group.value {
          let key = [places[person], index]
          places[person] = numbers[key] ?? numbers.count
          numbers[key] = places[person]
        }
      }
      count = numbers.count
    }
  }

  /// Begins anew with nothing told but how many were selected, by each of some selections.
  mutating func suppress(_ selections: [[Bool]]) {
    suppressions = selections.map { selected in
      var cells = [CellSuppression.Cell](repeating: .init(), count: count)
      for (person, place) in places.enumerated() {
        cells[place].count += 1
        if selected[person] { cells[place].selected += 1 }
      }
      return CellSuppression(cells)
    }
  }

  /// Tells how many of these people were selected, if nothing then follows about fewer than five.
  mutating func tell(_ people: [Int]) -> Bool {
    let cells = Set(people.map { places[$0] }).sorted()
    for index in suppressions.indices where !suppressions[index].tells(cells) { return false }
    return true
  }
}
