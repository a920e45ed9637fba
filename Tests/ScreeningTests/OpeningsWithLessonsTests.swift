import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// A training of every opening must leave none out that somebody was labelled for, and ask for none that teaches
/// nothing.
@Suite struct OpeningsWithLessonsTests {
  @Test func theIndexTellsTheOpeningsThatTeach() async throws {
    try await withOffice { office in
      func register(_ opening: String) async throws -> ApplicantNumber {
        let registration = try await office.register(
          Application(
            name: "応募者", opening: try Opening(opening),
            documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))]),
          by: .commandLine)
        return ApplicantNumber(registration.applicant)
      }
      func label(_ applicant: ApplicantNumber, _ labels: Label...) async throws {
        for label in labels { _ = try await office.label(applicant, label, by: .commandLine) }
      }
      try await label(register("labelled"), .ok)
      try await label(register("labelled"), .hold)
      _ = try await register("unlabelled")
      try await label(register("on-hold"), .hold)
      // A hold takes a label's place on the list; what was learnt from it stays.
      try await label(register("on-hold-again"), .hold)
      try await label(register("on-hold-again"), .ng, .hold)
      let erased = try await register("erased")
      try await label(erased, .ok)
      _ = try await office.erase([erased], reason: "request", by: .commandLine)
      let withdrawn = try await register("withdrawn")
      try await label(withdrawn, .ng)
      _ = try await office.setState(withdrawn, .withdrawn, by: .commandLine)
      try office.catchUp()
      #expect(
        try office.openingsWithLessons().map(\.slug) == ["labelled", "on-hold-again", "withdrawn"])
    }
  }
}
