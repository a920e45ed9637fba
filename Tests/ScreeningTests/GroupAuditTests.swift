import EventStore
import TestSupport
import Testing

@testable import Screening

/// If these fail, a group is treated otherwise and the audit does not show it, or an audit tells who declared what.
@Suite struct GroupAuditTests {
  private let engineer: Opening

  init() throws { engineer = try Opening("engineer") }

  @Test func aGroupUnderTwoPercentIsTooFewForARatio() {
    let figures = GroupFigures.table([("a", 394, 200), ("b", 6, 6)])
    #expect(figures.map(\.impactRatio) == [1, nil], "six of four hundred set the best rate")
    #expect(figures.map(\.small) == [false, true])
    #expect(GroupFigures.table([("a", 392, 196), ("b", 8, 8)])[1].impactRatio == 1)
    let rest = GroupFigures.table([("a", 40, 20), (GroupFigures.others, 40, 40)])
    #expect(rest.map(\.impactRatio) == [1, nil], "a mixture counts as a group")
  }

  /// Registers and labels people, has the model learn once, and screens all; every third, as they come, declares yes.
  ///
  /// Of those labelled alike some declared yes and some no.
  private func add(_ seeds: Range<Int>, to office: Office, declaring: Bool = true) async throws {
    try await office.registerLabelled(seeds)
    for seed in seeds where declaring { try await declare(seed, office) }
    if seeds.lowerBound == 0 { _ = try await office.train(by: .commandLine) }
    _ = try await office.screen(by: .commandLine)
  }

  private func declare(_ seed: Int, _ office: Office) async throws {
    _ = try await office.declare(
      ApplicantNumber(UInt64(seed) + 1), ["disability": seed % 3 == 0 ? "yes" : "no"],
      by: .commandLine)
  }

  /// People that whoever reads lists knows by number, and how many of them belong to a group.
  private struct Told {
    var people: Set<UInt64>
    var members: Int
  }

  /// What reports tell of how many declared yes: of everybody counted, of those labelled OK, and of the others.
  private func told(_ audit: GroupAudit, of counted: Set<UInt64>, _ ok: Set<UInt64>) -> [Told] {
    guard let row = audit.tables.first?.people.first(where: { $0.group == "yes" }) else {
      return []
    }
    return [
      Told(people: counted, members: row.count),
      Told(people: counted.intersection(ok), members: row.selected),
      Told(people: counted.subtracting(ok), members: row.count - row.selected),
    ]
  }

  /// Who must belong to the group, or must not, as one set told takes another's members away.
  private func named(by told: [Told]) -> Set<UInt64> {
    var named: Set<UInt64> = []
    for one in told + [Told(people: [], members: 0)] {
      for other in told + [Told(people: [], members: 0)] {
        let more = one.people.subtracting(other.people)
        if one.members - other.members == more.count { named.formUnion(more) }
        if one.members == other.members, one.people.isSuperset(of: other.people) {
          named.formUnion(more)
        }
      }
    }
    return named
  }

  private func labelledOK(_ office: Office) async throws -> Set<UInt64> {
    Set(
      try await office.applicants(filter: ApplicantFilter(label: .ok), by: .commandLine)
        .map(\.applicant))
  }

  @Test func everybodyIsCountedOnceAndToldAgainFromTheRecord() async throws {
    try await withOffice { office in
      try await add(0..<40, to: office)
      let first = try await office.auditGroups(of: engineer, by: .commandLine)
      #expect(first.applicants == 40)
      #expect(first.tables.map { $0.people.map(\.group) } == [["no", "yes"]])

      // One more of each, and one less: the figures of then are told, to the last digit.
      try await add(40..<42, to: office)
      _ = try await office.erase([ApplicantNumber(4)], reason: "request", by: .commandLine)
      _ = try await office.label(ApplicantNumber(5), .ng, by: .commandLine)
      let again = try await office.auditGroups(of: engineer, by: .commandLine)
      #expect(again.through == first.through && again.applicants == 40)
      #expect(again.position > first.position)
      func counts(_ audit: GroupAudit) -> [[Int]] {
        audit.tables.flatMap { $0.people.map { [$0.count, $0.selected] } }
      }
      #expect(counts(again) == counts(first))

      // The next report is about others only.
      try await add(42..<75, to: office)
      let second = try await office.auditGroups(of: engineer, by: .commandLine)
      #expect(second.applicants == 35 && second.through > first.through)
      let ok = try await labelledOK(office)
      let then = Set<UInt64>(1...40)
      let sets =
        told(first, of: then, ok.union([5])) + told(second, of: Set(41...75), ok)
        + told(again, of: then.subtracting([4]), ok.union([5]))
      #expect(sets.count == 9, "a report tells nothing")
      #expect(named(by: Array(sets.prefix(6))).isEmpty, "somebody follows from two reports")
      // Had the figures moved with the erasure, that person would be what is missing.
      #expect(sets[6].members == sets[0].members)

      let past = try await office.auditGroups(
        of: engineer, asOf: .position(Position(rawValue: second.through - 1)), by: .commandLine)
      #expect(past.through == first.through && counts(past) == counts(first))
      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.auditGroups(
          of: engineer, asOf: .position(Position(rawValue: first.through - 1)), by: .commandLine)
      }
      #expect(refusal?.kind == .conflict)
      #expect(try await office.verify(retrain: false).problems == [])
    }
  }

  @Test func nothingIsLookedAtAnewForOneMorePerson() async throws {
    try await withOffice { office in
      try await add(0..<30, to: office, declaring: false)
      let nothing = try await office.auditGroups(of: engineer, by: .commandLine)
      #expect(nothing.tables.isEmpty && nothing.applicants == 30)
      for seed in 0..<30 { try await declare(seed, office) }
      try await add(30..<31, to: office)
      let again = try await office.auditGroups(of: engineer, by: .commandLine)
      #expect(again.tables.isEmpty && again.through == nothing.through)
      try await add(31..<60, to: office)
      let all = try await office.auditGroups(of: engineer, by: .commandLine)
      #expect(all.applicants == 60 && !all.tables.isEmpty, "whom nothing was told of are lost")
    }
  }

  @Test func undecidedCorrectedAndHiddenPeopleDoNotFollow() async throws {
    try await withOffice { office in
      try await add(0..<40, to: office)
      _ = try await office.register(40)
      try await declare(40, office)
      _ = try await office.screen(by: .commandLine)
      _ = try await office.adoptPolicy(scores: .afterLabel, by: .commandLine)
      let admin = try await office.addUser(
        email: "a@example.jp", name: "A", role: .admin, password: "long enough", by: .commandLine)
      let asked = Origin(actor: .user(admin), channel: .http)
      let audit = try await office.auditGroups(of: engineer, by: asked)
      // Who has no decision is one number, and in no figure: each is about the same people.
      #expect(audit.applicants == 40 && audit.waiting == 1)
      for table in audit.tables {
        for figures in [table.people, table.model, table.scoring] where !figures.isEmpty {
          #expect(figures.map(\.count).reduce(0, +) == 40)
        }
      }
      // The median is of percentages that whoever asks may see.
      let seen = try await office.applicants(by: asked).compactMap(\.probability).sorted()
      #expect(seen.count == 40 && audit.median == (seen[19] + seen[20]) / 2)
      let sets = told(audit, of: Set(1...40), try await labelledOK(office))
      #expect(sets.count == 3 && named(by: sets).isEmpty)

      // Moving all but one to another opening makes no report without that one.
      for number in 1...40 where number != 7 {
        _ = try await office.correct(
          ApplicantNumber(UInt64(number)), Correction(opening: try Opening("sales")),
          by: .commandLine)
      }
      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.auditGroups(of: try Opening("sales"), by: asked)
      }
      #expect(refusal?.kind == .notFound)
      let again = try await office.auditGroups(of: engineer, by: asked)
      #expect(again.through == audit.through && again.applicants == 40)
    }
  }

  /// Sixty people: every third a woman, two of five in the thirties, one of a sex of their own; half are skilled.
  @Test func everyTableCountsWhatTheListShows() async throws {
    try await withOffice { office in
      var groups: [String: Set<UInt64>] = [:]
      for index in 0..<60 {
        let number = try await office.register(index)
        let isOK = index % 2 == 0 || index % 3 == 1
        _ = try await office.label(number, isOK ? .ok : .ng, by: .commandLine)
        let sex = index == 59 ? "other" : index % 3 == 0 ? "female" : "male"
        let age = index % 5 < 2 ? "thirties" : "twenties"
        _ = try await office.declare(
          number, ["sex": sex, "age": age, "origin": "x"], by: .commandLine)
        for group in [sex, age, "\(age) × \(sex)"] {
          groups[group, default: []].insert(number.rawValue)
        }
      }
      _ = try await office.train(by: .commandLine)
      _ = try await office.screen(by: .commandLine)
      let audit = try await office.auditGroups(of: engineer, by: .commandLine)
      // All are of one origin, so that a table of it, or with it, would name everybody.
      #expect(audit.tables.map(\.attribute).prefix(2) == ["age", "sex"])
      #expect(Set(audit.tables.map(\.attribute)).isSubset(of: ["age", "sex", "age × sex"]))
      let sexes = try #require(audit.tables.first { $0.attribute == "sex" })
      #expect(sexes.people.map(\.group) == ["male", GroupFigures.others])
      #expect(sexes.people.map(\.count) == [39, 21])

      let listed = try await office.applicants(by: .commandLine)
      for table in audit.tables {
        for (figures, isSelected) in [
          (table.scoring, { (row: ApplicantSummary) in (row.probability ?? 0) > audit.median }),
          (table.model, { $0.outcome == .review }), (table.people, { $0.label == .ok }),
        ] where !figures.isEmpty {
          #expect(figures.map(\.count).reduce(0, +) == 60)
          #expect(figures.map(\.selected).reduce(0, +) == listed.count(where: isSelected))
          for row in figures where row.group != GroupFigures.others {
            let own = try #require(groups[row.group])
            #expect(row.count == own.count)
            let selected = listed.count { own.contains($0.applicant) && isSelected($0) }
            #expect(row.selected == selected)
            #expect(row.rate == Double(selected) / Double(own.count))
          }
        }
      }
    }
  }
}
