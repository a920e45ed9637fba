import Cryptography
import EventStore
import TestSupport
import Testing

@testable import Screening

/// After an erasure the model has to forget: to the bit, what it would be had the person never been judged.
@Suite struct ErasureUnlearningTests {
  /// Registers thirty people, each with words of their own, and labels all but those left out, in an order
  /// that another seed gives.
  private func fill(
    _ office: Office, seed: UInt64, order: UInt64, leavingOut: Set<Int> = []
  ) async throws {
    let reviewer = try await office.addUser(
      email: "sato@example.jp", name: "佐藤", role: .reviewer, password: "long enough",
      by: .commandLine)
    for index in 0..<30 {
      let own = index % 4 == 0 ? "珪藻の研究。潮汐の観測。" : ""
      let document = resume(skilled: index % 2 == 0, Int(seed) * 100 + index) + own
      _ = try await office.register(
        Application(
          name: "応募者\(index)", opening: try Opening("engineer"),
          documents: [.init(bytes: Array(document.utf8))]), by: .commandLine)
    }
    var random = SplitMix64(seed: order)
    for index in (0..<30).shuffled(using: &random) where !leavingOut.contains(index) {
      _ = try await office.label(
        ApplicantNumber(UInt64(index + 1)), index % 2 == 0 ? .ok : .ng, reason: nil, shown: .zero,
        by: Origin(actor: .operator, channel: .cli, onBehalfOf: reviewer))
    }
  }

  /// What a model is to the bit: file, data, vocabulary, weights and dual variables.
  private func newest(_ office: Office) throws -> [Digest] {
    let model = try #require(try office.models().last)
    let event = try office.trainedModel(ModelNumber(model.model)).event
    return [
      event.file, event.dataDigest, event.vocabularyDigest, event.weightsDigest, event.alphasDigest,
    ]
  }

  @Test(arguments: [201 as UInt64, 202])
  func erasingSomebodyGivesTheModelThatNeverSawThem(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    let gone = Set((0..<30).shuffled(using: &random).prefix(2))
    let numbers = gone.sorted().map { ApplicantNumber(UInt64($0 + 1)) }
    var after: [Digest] = []
    try await withOffice { office in
      try await fill(office, seed: seed, order: 1)
      _ = try await office.train(by: .commandLine)
      let before = try newest(office)
      _ = try await office.erase(numbers, reason: "request", by: .commandLine)
      _ = try await office.train(by: .commandLine)
      after = try newest(office)
      #expect(after != before, "seed \(seed)")
      let report = try await office.verify(retrain: true)
      #expect(report.problems == [], "seed \(seed)")
      #expect(report.models.irreproducible == 1 && report.models.verified == 1, "seed \(seed)")
    }
    try await withOffice { office in
      try await fill(office, seed: seed, order: 2, leavingOut: gone)
      _ = try await office.train(by: .commandLine)
      #expect(try newest(office) == after, "seed \(seed)")
    }
  }
}
