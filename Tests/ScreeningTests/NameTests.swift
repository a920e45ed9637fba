import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If this fails, applicants find another name than their own in what is held of them.
@Suite struct NameTests {
  /// Normal forms would change the third, and leave out what tells the fourth from its common shape.
  private static let name = "髙橋 﨑\u{FA19}葛\u{E0100}"

  /// Whether a text is or holds the name to the byte: texts are equal as well where only a normal form is.
  private func holds(_ text: String?) -> Bool {
    guard let text else { return false }
    return Array(text.utf8).firstRange(of: Array(Self.name.utf8)) != nil
  }

  @Test func aNameIsKeptToTheByte() async throws {
    let folded = Self.name.precomposedStringWithCanonicalMapping
    try #require(folded == Self.name && !holds(folded))
    try await withOffice { office in
      let file = DocumentFile(bytes: Array("設計を担当".utf8))
      _ = try await office.register(
        Application(name: Self.name, documents: [file]), by: .commandLine)
      _ = try await office.register(
        Application(name: "山田 花子", documents: [file]), by: .commandLine)
      _ = try await office.correct(
        ApplicantNumber(2), Correction(name: Self.name), by: .commandLine)
      try await withTemporaryDirectory { folder in
        try Data(file.bytes).write(to: URL(fileURLWithPath: folder + "/a.txt"))
        let line = #"{"key":"3","name":"\#(Self.name)","documents":["a.txt"]}"#
        try Data(line.utf8).write(to: URL(fileURLWithPath: folder + "/manifest.jsonl"))
        let report = try await office.importManifest(
          folder + "/manifest.jsonl", by: Origin(actor: .operator, channel: .import))
        #expect(report.imported == 1)
      }
      let listed = try await office.applicants(by: .commandLine)
      #expect(listed.count == 3 && listed.allSatisfy { holds($0.name) })
      for number in 1...3 {
        let number = ApplicantNumber(UInt64(number))
        #expect(holds(try await office.applicant(number, by: .commandLine).summary.name))
        let told = try await office.disclose(number, by: .commandLine)
        #expect(holds(told.applicant.summary.name) && holds(told.text(in: .ja)))
      }
    }
  }
}
