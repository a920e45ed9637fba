import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// What an auditor is told of one screening, beside its score.
@Suite struct WhyTests {
  /// An office with a model and an applicant of number 25 whom it screened.
  private func withScreened(
    _ body: (Office, ApplicantNumber, UserNumber) async throws -> Void
  ) async throws {
    try await withOffice { office in
      let reviewer = try await office.addReviewer()
      try await office.registerLabelled(0..<24)
      _ = try await office.train(by: .commandLine)
      try await body(office, try await office.register(24, adding: "灯台守の経験。\n"), reviewer)
    }
  }

  @Test func theNounsAreThoseOfTheScoreAndThoseThatTheModelLacks() async throws {
    try await withScreened { office, number, _ in
      let why = try await office.why(number, by: .commandLine)
      let known = why.nouns.filter(\.known)
      #expect(known.map(\.term) == why.explanation.contributions.map(\.term))
      #expect(why.nouns.count - known.count == why.explanation.unknown)
      #expect(why.nouns.contains { $0.term == "灯台守" && !$0.known && $0.count == 1 })
      let certificate = try #require(why.certificate)
      #expect(certificate.primal - certificate.dual == certificate.gap)
      #expect(certificate.gap == why.explanation.training?.gapDecimal)
      #expect(why.lexicon == (try office.lexicon().digest))
    }
  }

  @Test func nobodyWhoAskedWhyDecidesBlind() async throws {
    try await withScreened { office, number, reviewer in
      let origin = Origin(actor: .user(reviewer), channel: .http)
      let screening = try await office.why(number, by: origin).explanation.screening
      let refused = await #expect(throws: ScreeningError.self) {
        try await office.label(number, .ng, shown: .zero, by: origin)
      }
      #expect(refused?.kind == .conflict)
      _ = try await office.label(number, .ng, by: origin)
      #expect(try await office.why(number, by: .commandLine).decision?.screening == screening)
      let other = Origin(
        actor: .user(try await office.addReviewer("suzuki@example.jp")), channel: .http)
      _ = try await office.label(number, .ng, shown: .zero, by: other)
    }
  }

  @Test func whoOpenedItAndWhatWasInViewIsToldAsOfTheMoment() async throws {
    try await withScreened { office, number, reviewer in
      let screening = try await office.why(number, by: .commandLine).explanation.screening
      let before = try office.log.head
      let origin = Origin(actor: .user(reviewer), channel: .http)
      let opened = try await office.openApplicant(number, by: origin)
      _ = try await office.adoptPolicy(threshold: 7_000, by: .commandLine)
      let label = try await office.label(number, .ok, by: origin)

      let now = try await office.why(number, by: .commandLine)
      #expect(now.opened.map(\.position) == [opened.position])
      #expect(now.opened.map(\.by) == ["sato@example.jp"])
      #expect(now.decision?.position == label.position)
      #expect(now.decision?.screening == screening)
      // The policy is the one that the screening was made under.
      #expect(now.policy.threshold == now.explanation.threshold)
      #expect(now.policy.position == 0)
      #expect(now.explanation.scoreInView)
      // Another score afterwards was not in view.
      _ = try await office.screen([number], by: .commandLine)
      let later = try await office.why(number, by: .commandLine)
      #expect(later.explanation.screening != screening && later.decision?.screening == screening)
      #expect(!later.explanation.scoreInView)

      let then = try await office.why(number, asOf: .position(before), by: .commandLine)
      #expect(then.opened.isEmpty)
      #expect(then.decision == nil)
    }
  }

  @Test func aScreeningAfterTheMomentAskedAboutIsNotThereYet() async throws {
    try await withScreened { office, number, _ in
      let first = try await office.why(number, by: .commandLine).explanation.screening
      let early = await #expect(throws: ScreeningError.self) {
        try await office.why(
          number, asOf: .position(Position(rawValue: first - 1)), by: .commandLine)
      }
      #expect("\(try #require(early))".contains("was not screened by then"))
      let unscreened = ApplicantNumber(number.rawValue - 1)
      let never = await #expect(throws: ScreeningError.self) {
        try await office.why(unscreened, by: .commandLine)
      }
      #expect("\(try #require(never))".contains("was never screened"))
      _ = try await office.adoptPolicy(threshold: 7_000, by: .commandLine)
      let before = try office.log.head
      let later = try #require(
        try await office.screen([number], by: .commandLine).first?.position)
      #expect(later > first)
      let error = await #expect(throws: ScreeningError.self) {
        try await office.why(
          number, screening: Position(rawValue: later), asOf: .position(before), by: .commandLine)
      }
      #expect(error?.kind == .notFound)
      let words = await #expect(throws: ScreeningError.self) {
        try await office.excludedWords(
          of: number, screening: Position(rawValue: later), asOf: .position(before),
          by: .commandLine)
      }
      #expect(words?.kind == .notFound)
    }
  }

  /// Whether a score was in view is a part of what the person decided.
  @Test func aLabelsKeyCoversWhichScoreWasInView() async throws {
    try await withScreened { office, number, reviewer in
      let screening = try await office.why(number, by: .commandLine).explanation.screening
      let origin = Origin(actor: .user(reviewer), channel: .http, terms: Terms(key: "once"))
      let first = try await office.label(number, .ok, shown: .zero, by: origin)
      let again = try await office.label(number, .ok, shown: .zero, by: origin)
      #expect(again.position == first.position)
      let error = await #expect(throws: ScreeningError.self) {
        try await office.label(
          number, .ok, shown: Position(rawValue: screening), by: origin)
      }
      #expect(error?.kind == .conflict)
    }
  }
}

/// What a model learnt from, and what of it lists show.
@Suite struct ModelRecordTests {
  @Test func theManifestNamesEveryLabelAndTheVocabularyItsWeights() async throws {
    try await withOffice { office in
      let reviewer = try await office.addReviewer()
      let labels = try await office.registerLabelled(
        0..<24, by: Origin(actor: .operator, channel: .cli, onBehalfOf: reviewer))
      let model = ModelNumber(try await office.train(by: .commandLine)[0].model)
      let manifest = try office.manifest(of: model)
      #expect(manifest.sources.map(\.applicant) == Array(1...24))
      #expect(manifest.sources.map(\.position) == labels)
      #expect(manifest.sources.count { $0.label == .ok } == 12)
      #expect(manifest.sources.allSatisfy { $0.blind && $0.claimed && !$0.erased })
      #expect(Set(manifest.sources.map(\.labelledBy)) == ["sato@example.jp"])

      let weights = Dictionary(
        uniqueKeysWithValues: try #require(try office.model(model).weights).map {
          ($0.term, $0.weight)
        })
      let vocabulary = try await office.vocabulary().entries
      #expect(vocabulary.contains { !$0.weights.isEmpty })
      for entry in vocabulary {
        #expect(entry.weights["engineer"] == weights[entry.term], "\(entry.term)")
      }
      let first = try #require(vocabulary.first)
      let narrowed = try await office.vocabulary(prefix: String(first.term.prefix(1))).entries
      #expect(
        narrowed.map(\.term) == vocabulary.map(\.term).filter { $0.hasPrefix(first.term.prefix(1)) }
      )

      let filter = ApplicantFilter(label: .ok)
      #expect(try await office.applicantCount(asOf: .now, filter: filter, by: .commandLine) == 12)
      _ = try await office.erase([ApplicantNumber(1)], reason: "request", by: .commandLine)
      #expect(try office.manifest(of: model).sources.map(\.erased).filter { $0 }.count == 1)
    }
  }
}
