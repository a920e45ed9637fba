import Foundation
import Testing

/// If this fails, something other than a person's command can decide about an applicant.
@Suite struct LabelTests {
  /// An event that labels is made where a person labels and where a register of people's labels is taken in, and
  /// nowhere else; who trains, screens, replays or promotes has no way to make one.
  @Test func onlyAPersonsCommandMakesALabel() throws {
    let makers = try HouseTests.files(under: "Sources", ".swift").filter { file in
      let text = try String(contentsOf: file, encoding: .utf8)
      let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return words.contains("ApplicantLabelled( applicant:")
        || words.contains("ApplicantLabelled(applicant:")
        || words.contains("ApplicantLabelled.init")
    }
    #expect(
      makers.map(\.lastPathComponent).sorted() == ["Office+Label.swift", "Office+Register.swift"])
    let named = try HouseTests.files(under: "Sources", ".swift").filter { file in
      try String(contentsOf: file, encoding: .utf8).contains("\"applicant.labelled\"")
    }
    // The type's own name, and the shorter way in which the fold reads it.
    #expect(
      named.map(\.lastPathComponent).sorted() == ["ApplicantEvents.swift", "BriefReading.swift"])
  }
}
