/// Makes the tables of a group audit: one for each attribute, for each pair of them, and for all together.
///
/// No table, nor all of them taken together, tells the outcomes of fewer than five people.
struct GroupTables {
  /// An applicant with what they declared.
  struct Member {
    var row: ApplicantRow
    var attributes: [String: String]
  }

  /// The groups that some attributes divide the members into.
  private struct Division {
    var attribute: String
    /// Whether it is by one attribute.
    var isSingle: Bool
    /// The group of each member.
    var groups: [String]

    init(by names: [String], of members: [Member]) {
      isSingle = names.count == 1
      attribute = names.joined(separator: " × ")
      groups = members.map { member in
        let values = names.compactMap { member.attributes[$0] }
        return values.count == names.count
          ? values.joined(separator: " × ") : GroupFigures.unknown
      }
    }
  }

  /// The median percentage, in basis points; `nil` when nobody has one.
  let median: Int?
  private let members: [Member]
  private let words: [Set<[UInt8]>]
  private let divisions: [Division]

  /// Divides `members`, whose documents have `words`, by all that they declared.
  init(_ members: [Member], words: [Set<[UInt8]>]) {
    self.members = members
    self.words = words
    let scores = members.compactMap(\.row.screening?.probability).sorted()
    median = scores.isEmpty ? nil : (scores[(scores.count - 1) / 2] + scores[scores.count / 2]) / 2
    let names = Set(members.flatMap(\.attributes.keys)).sorted()
    let pairs = names.indices.flatMap { first in
      names[(first + 1)...].map { [names[first], $0] }
    }
    divisions = (names.map { [$0] } + pairs + (names.count > 2 ? [names] : [])).map {
      Division(by: $0, of: members)
    }
  }

  /// The tables, single attributes first.
  ///
  /// - Throws: `.cancelled`.
  func tables(_ work: LongWork) throws(ScreeningError) -> [GroupAudit.Table] {
    let isScored = { (row: ApplicantRow) in row.screening?.probability != nil }
    let median = median ?? 0
    let scoring = try figures(work, 0, of: isScored) { ($0.screening?.probability ?? 0) > median }
    let model = try figures(work, 1, of: isScored) { $0.screening?.outcome == .review }
    let people = try figures(work, 2, of: { $0.label?.label == .ok || $0.label?.label == .ng }) {
      $0.label?.label == .ok
    }
    return divisions.indices.map { index in
      GroupAudit.Table(
        attribute: divisions[index].attribute, scoring: scoring[index], model: model[index],
        people: people[index], words: unevenWords(in: divisions[index].groups, words))
    }
  }

  /// Up to so many combinations of groups, pairs of attributes are told of as well: what follows from them takes
  /// the square of that, for each group.
  private static let fewCells = 150
  /// Up to so many combinations there is a report at all.
  private static let mostCells = 2_000

  /// How the groups of every division fared, of those who count.
  ///
  /// - Parameter pass: which of three kinds of figures, from 0.
  /// - Throws: `.cancelled`; `.conflict` where there are too many combinations of groups.
  private func figures(
    _ work: LongWork, _ pass: Int, of counts: (ApplicantRow) -> Bool,
    selected: (ApplicantRow) -> Bool
  ) throws(ScreeningError) -> [[GroupFigures]] {
    var places: [[String]: Int] = [:]
    var cells: [CellSuppression.Cell] = []
    for (index, member) in members.enumerated() where counts(member.row) {
      let alike = divisions.map { $0.groups[index] }
      let place = places[alike] ?? cells.count
      if place == cells.count {
        places[alike] = place
        cells.append(CellSuppression.Cell())
      }
      cells[place].count += 1
      if selected(member.row) { cells[place].selected += 1 }
    }
    guard cells.count <= Self.mostCells else {
      throw .conflict(
        "These people belong to \(cells.count) combinations of groups, too many to find what could be told of "
          + "them by subtracting. Ask as of an earlier moment, or declare fewer attributes.")
    }
    var suppression = CellSuppression(cells)
    return try divisions.indices.map { (division) throws(ScreeningError) in
      var groups: [String: [Int]] = [:]
      for (alike, place) in places.sorted(by: { $0.value < $1.value }) {
        groups[alike[division], default: []].append(place)
      }
      let counts = groups.map { group, places in
        (
          group: group, count: places.map { cells[$0].count }.reduce(0, +),
          selected: places.map { cells[$0].selected }.reduce(0, +)
        )
      }.sorted { $0.group < $1.group }
      // What is lost first is what says least: those who declared nothing, then the smallest.
      let order = counts.sorted {
        ($0.group == GroupFigures.unknown ? 0 : $0.count, $1.group)
          > ($1.group == GroupFigures.unknown ? 0 : $1.count, $0.group)
      }
      var derivable: Set<String> = []
      for entry in order where entry.count >= GroupFigures.fewest {
        try work.check()
        let mayBeTold = divisions[division].isSingle || cells.count <= Self.fewCells
        if !mayBeTold || !suppression.tells(groups[entry.group, default: []]) {
          derivable.insert(entry.group)
        }
      }
      work.report(
        .tables, pass * divisions.count + division + 1, of: 3 * divisions.count)
      return GroupFigures.table(counts, derivable: derivable)
    }
  }
}
