import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, a what-if blames words that had no part in it, or miscounts who would be placed otherwise.
@Suite struct ReplayFiguresTests {
  private let opening: Opening

  init() throws { opening = try Opening("engineer") }

  /// The parts of a score by word, with its bias and sum, as the explanation of a recorded screening tells them.
  private func explained(
    _ office: Office, _ number: ApplicantNumber
  ) async throws -> (parts: [String: Double], bias: Double, score: Double) {
    let why = try await office.why(number, by: .commandLine).explanation
    return (
      Dictionary(uniqueKeysWithValues: why.contributions.map { ($0.term, $0.valueDecimal) }),
      try #require(why.biasDecimal), try #require(why.scoreDecimal)
    )
  }

  @Test func theWordsOfAChangeAreTheDifferenceOfTwoExplanations() async throws {
    try await withOffice { office in
      for index in 0..<40 {
        let registration = try await office.register(
          Application(
            name: "応募者\(index)", opening: opening,
            // A third is labelled against the words, so that models differ.
            documents: [.init(bytes: Array(resume(skilled: index % 2 == 0, index).utf8))]),
          by: .commandLine)
        _ = try await office.label(
          ApplicantNumber(registration.applicant), (index % 2 == 0) == (index % 5 != 0) ? .ok : .ng,
          by: .commandLine)
      }
      _ = try await office.train(
        opening: opening, TrainRequest(c: 0.0625, representation: "binary"), by: .commandLine)
      _ = try await office.screen(by: .commandLine)
      var before: [ApplicantNumber: (parts: [String: Double], bias: Double, score: Double)] = [:]
      for number in 1...40 {
        let number = ApplicantNumber(UInt64(number))
        before[number] = try await explained(office, number)
      }
      _ = try await office.train(
        opening: opening, TrainRequest(c: 4, representation: "log-tf"), by: .commandLine)
      _ = try await office.promote(ModelNumber(2), by: .commandLine)
      _ = try await office.screen(by: .commandLine)

      let report = try await office.replay(
        ReplayRequest(
          opening: opening, candidate: .model(ModelNumber(2)), against: ModelNumber(1),
          threshold: 5_500))
      #expect(!report.changes.isEmpty)
      let placed = report.changes.filter {
        Set([$0.from, $0.to]).isSubset(of: [.review, .secondLook])
      }
      #expect(!placed.isEmpty)
      #expect(report.toReview == placed.count { $0.to == .review })
      #expect(report.toSecondLook == placed.count { $0.to == .secondLook })
      #expect(
        report.bothReview + report.bothSecondLook + report.toReview + report.toSecondLook
          + report.other == report.applicants)
      for change in report.changes {
        let number = ApplicantNumber(change.applicant)
        let (old, new) = (try #require(before[number]), try await explained(office, number))
        var differences = new.parts
        for (term, part) in old.parts { differences[term, default: 0] -= part }
        // All words together are what the score changed by, but for the bias.
        let sum = differences.values.reduce(0, +)
        #expect(abs(sum - (new.score - old.score) + (new.bias - old.bias)) < 1e-9)
        let largest = differences.sorted {
          (abs($1.value), $0.key) < (abs($0.value), $1.key)
        }.prefix(5).filter { $0.value != 0 }
        #expect(change.words.map(\.term) == largest.map(\.key))
        for (word, difference) in zip(change.words, largest) {
          #expect(abs(word.difference - difference.value) < 1e-12)
        }
      }
    }
  }

  /// Registers résumés that teach little, so that percentages lie on both sides of most thresholds.
  private func teachVaguely(_ office: Office) async throws {
    for index in 0..<40 {
      let number = try await office.register(index)
      _ = try await office.label(
        number, (index % 2 == 0) == (index % 5 != 0) ? .ok : .ng, by: .commandLine)
    }
  }

  /// Otherwise whoever tries a threshold is told how another one did.
  @Test func thoseHeldOutAreCountedAtTheThresholdThatIsTold() async throws {
    try await withOffice { office in
      try await teachVaguely(office)
      _ = try await office.train(opening: opening, by: .commandLine)
      var counts: [Int] = []
      for threshold in [100, 5_000, 6_500, 9_900] {
        let tried = try await office.replay(ReplayRequest(opening: opening, threshold: threshold))
        let heldOut = try #require(tried.heldOut)
        #expect(heldOut.threshold == threshold && heldOut.count == 40)
        counts.append(heldOut.aboveThreshold)
        // A recorded model's figures were counted once, and say at which threshold.
        let recorded = try await office.replay(
          ReplayRequest(
            opening: opening, candidate: .model(ModelNumber(1)), threshold: threshold))
        #expect(recorded.heldOut?.threshold == 6_500)
        #expect(recorded.heldOut?.logLoss == heldOut.logLoss)
        if threshold == 6_500 {
          #expect(recorded.heldOut?.aboveThreshold == heldOut.aboveThreshold)
          #expect(recorded.heldOut?.aboveThresholdOK == heldOut.aboveThresholdOK)
        }
        #expect(tried.digest == recorded.digest, "the threshold is no part of the model")
      }
      #expect(counts.first == 40 && counts == counts.sorted(by: >), "\(counts)")
      #expect(counts[1] > counts[3])
    }
  }

  /// Otherwise two models are compared on different people, and the one that was asked less looks better.
  @Test func bothModelsAreMeasuredOnTheSameLabels() async throws {
    try await withOffice { office in
      try await teachVaguely(office)
      let until = try office.log.head
      // Words that only the model of all labels knows: the earlier one cannot judge who writes nothing else.
      for index in 0..<24 {
        let text =
          "珪藻の顕微鏡の観察。気象と潮汐の予報。海流と塩分の測定。採水と船舶と航海。\n" + "港湾\(index)。"
        let registration = try await office.register(
          Application(
            name: "応募者\(index)", opening: opening,
            documents: [.init(bytes: Array(text.utf8))]),
          by: .commandLine)
        _ = try await office.label(
          ApplicantNumber(registration.applicant), index % 2 == 0 ? .ok : .ng, by: .commandLine)
      }
      for index in 100..<112 {
        let number = try await office.register(index)
        _ = try await office.label(number, index % 2 == 0 ? .ok : .ng, by: .commandLine)
      }
      _ = try await office.train(opening: opening, by: .commandLine)
      let report = try await office.replay(
        ReplayRequest(opening: opening, training: TrainRequest(until: .position(until))))
      let unseen = try #require(report.unseen)
      #expect(unseen.whatIf?.count == 12, "the what-if judges whom it knows no word of")
      #expect(unseen.present?.count == unseen.whatIf?.count)
      #expect(unseen.present?.ok == unseen.whatIf?.ok)
      #expect(unseen.presentLearnt == 12)
    }
  }

  @Test func aTimeDividesTheLabelsThatTeachFromThoseTheyAreTriedOn() async throws {
    try await withTemporaryDirectory { folder in
      let lines = try (0..<40).map { index in
        try resume(skilled: index % 2 == 0, index)
          .write(toFile: folder + "/\(index).txt", atomically: true, encoding: .utf8)
        // Three quarters are last year's; they come in no order.
        let year = index % 4 == 3 || index % 8 == 0 ? "2026" : "2025"
        let label = index % 2 == 0 ? "ok" : "ng"
        return
          #"{"key":"\#(index)","name":"応募者\#(index)","opening":"engineer","documents":["\#(index).txt"],"#
          + #""label":"\#(label)","labelledBy":"a@example.jp","labelledAt":"\#(year)-04-01"}"#
      }
      let manifest = folder + "/manifest.jsonl"
      try lines.joined(separator: "\n").write(toFile: manifest, atomically: true, encoding: .utf8)
      try await withOffice { office in
        _ = try await office.addUser(
          email: "a@example.jp", name: "A", role: .reviewer, password: "long enough",
          by: .commandLine)
        let imported = try await office.importManifest(
          manifest, by: Origin(actor: .operator, channel: .import))
        #expect(imported.imported == 40)
        _ = try await office.train(by: .commandLine)
        let time = try #require(Timestamp(parsing: "2026-01-01"))
        let before = try await office.replay(
          ReplayRequest(opening: opening, training: TrainRequest(labelledBefore: time)))
        #expect(before.labels.ok == 15)
        #expect(before.labels.ng == 10)
        #expect(before.unseen?.whatIf?.count == 15)
        #expect(before.unseen?.whatIf?.ok == 5)
        #expect(before.unseen?.presentLearnt == 15)
        // The moment itself counts as after it.
        let exact = try #require(Timestamp(parsing: "2026-04-01"))
        let same = try await office.replay(
          ReplayRequest(opening: opening, training: TrainRequest(labelledBefore: exact)))
        #expect(same.digest == before.digest)
        await #expect(throws: ScreeningError.self, "five are too few to learn from") {
          try await office.replay(
            ReplayRequest(
              opening: opening,
              training: TrainRequest(labelledSince: exact, labelledBefore: exact)))
        }
      }
    }
  }
}
