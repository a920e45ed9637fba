import EventStore
import TestSupport
import Testing

@testable import Screening

/// If these fail, a group is treated otherwise and the audit does not show it, or shows it of the wrong one.
@Suite struct GroupAuditTests {
  @Test func aGroupUnderTwoPercentIsTooFewForARatio() {
    let figures = GroupFigures.table([("a", 394, 200), ("b", 6, 6)])
    #expect(figures[1].selected == 6, "five people upward are told of")
    #expect(figures.map(\.impactRatio) == [1, nil], "six of four hundred set the best rate")
    #expect(figures.map(\.small) == [false, true])
    #expect(GroupFigures.table([("a", 392, 196), ("b", 8, 8)])[1].impactRatio == 1)
  }

  /// Sixty people: every third a woman, every fourth in the thirties, one of a sex of their own; half are skilled.
  ///
  /// All women and a few men write 溶接.
  private func populate(_ office: Office) async throws {
    let reader = try await office.addUser(
      email: "a@example.jp", name: "A", role: .reviewer, password: "long enough", by: .commandLine)
    for index in 0..<60 {
      let skilled = index % 2 == 0
      let planted = index % 3 == 0 || index % 15 == 1
      let registration = try await office.register(
        Application(
          name: "応募者\(index)", opening: try Opening("engineer"),
          documents: [
            .init(
              bytes: Array(
                (resume(skilled: skilled, index) + (planted ? "溶接を経験しました。\n" : "")).utf8))
          ]), by: .commandLine)
      let number = ApplicantNumber(registration.applicant)
      _ = try await office.label(
        number, skilled || index % 3 == 1 ? .ok : .ng,
        by: Origin(actor: .operator, channel: .cli, onBehalfOf: reader))
      let sex = index == 59 ? "other" : index % 3 == 0 ? "female" : "male"
      _ = try await office.declare(
        number,
        ["sex": sex, "age": index % 4 == 0 ? "thirties" : "twenties", "origin": "x"],
        by: .commandLine)
    }
    _ = try await office.train(by: .commandLine)
    _ = try await office.screen(by: .commandLine)
  }

  @Test func everyTableCountsWhatTheListShowsAndNobodyIsFound() async throws {
    try await withOffice { office in
      try await populate(office)
      let audit = try await office.auditGroups(of: try Opening("engineer"), by: .commandLine)
      #expect(
        audit.tables.map(\.attribute) == [
          "age", "origin", "sex", "age × origin", "age × sex", "origin × sex", "age × origin × sex",
        ])
      let sexes = try #require(audit.tables.first { $0.attribute == "sex" })

      let words = sexes.words.filter { $0.group == "female" }
      #expect(words.first?.term == "溶接")
      #expect(words.first?.share == 1)
      #expect(words.first?.others == 4.0 / 40)
      #expect(!sexes.words.contains { $0.group == "other" }, "words are told of one person")

      let listed = try await office.applicants(by: .commandLine)
      let median = try #require(audit.median)
      let ages = try #require(audit.tables.first { $0.attribute == "age" })
      /// How many of every third from the second, or of every fourth from the first, were selected.
      func counts(_ isSelected: (ApplicantSummary) -> Bool) -> [Int?] {
        [
          listed.filter { $0.applicant % 3 != 1 && $0.applicant < 60 }.count(where: isSelected),
          listed.filter { $0.applicant % 4 == 1 }.count(where: isSelected),
        ]
      }
      for (sex, age, selected) in [
        (sexes.scoring, ages.scoring, counts { ($0.probability ?? 0) > median }),
        (sexes.model, ages.model, counts { $0.outcome == .review }),
        (sexes.people, ages.people, counts { $0.label == .ok }),
      ] {
        #expect(sex.map(\.group) == ["female", "male", "other"])
        #expect(sex.map(\.count) == [20, 39, 1])
        #expect([sex[1].selected, age[0].selected] == selected)
        #expect(age[0].rate == age[0].selected.map { Double($0) / 15 })
        // Were the women's outcomes told beside the men's, the one person's would be what is missing.
        #expect(sex.map(\.withheld) == [.derivable, nil, .few])
        #expect(sex[0].selected == nil && sex[0].rate == nil && sex[0].impactRatio == nil)
      }
      #expect(sexes.scoring[1].selected != sexes.model[1].selected, "two tables are one")
    }
  }
}
