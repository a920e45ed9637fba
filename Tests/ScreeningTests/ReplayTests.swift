import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, a what-if says other things than the training that it stands for would.
@Suite struct ReplayTests {
  private let opening: Opening

  init() throws { opening = try Opening("engineer") }

  /// Registers and labels `range`, every other one OK, in turns by two readers.
  private func teach(
    _ office: Office, _ range: Range<Int>, readers: [UserNumber]
  ) async throws {
    for index in range {
      let skilled = index % 2 == 0
      let registration = try await office.register(
        Application(
          name: "応募者\(index)", opening: opening,
          documents: [.init(bytes: Array(resume(skilled: skilled, index).utf8))]),
        by: .commandLine)
      _ = try await office.label(
        ApplicantNumber(registration.applicant), skilled ? .ok : .ng,
        by: Origin(
          actor: .operator, channel: .cli, onBehalfOf: readers[index / 2 % readers.count]))
    }
  }

  private func readers(_ office: Office) async throws -> [UserNumber] {
    var readers: [UserNumber] = []
    for name in ["a", "b"] {
      readers.append(
        try await office.addUser(
          email: "\(name)@example.jp", name: name, role: .reviewer, password: "long enough",
          by: .commandLine))
    }
    return readers
  }

  @Test func aReplayGivesTheModelThatATrainingGivesAndCanBecomeOne() async throws {
    try await withOffice { office in
      let readers = try await readers(office)
      try await teach(office, 0..<40, readers: readers)
      let model = try #require(try await office.train(by: .commandLine).first)
      let head = try office.log.head

      let same = try await office.replay(ReplayRequest(opening: opening))
      #expect(same.digest == model.digest)
      #expect(same.changes.isEmpty)
      #expect(same.bothReview + same.bothSecondLook + same.other == 40)
      #expect(same.unseen == nil)
      #expect(same.shifts.map(\.count).reduce(0, +) == 40 - same.other)

      let other = try await office.replay(
        ReplayRequest(
          opening: opening, training: TrainRequest(c: 4, representation: "log-tf"),
          threshold: 6_000))
      #expect(other.digest != model.digest)
      #expect(other.toReview + other.toSecondLook <= other.changes.count)
      for change in other.changes {
        #expect(change.from != change.to)
        #expect(change.words.count <= 5)
      }
      #expect(try office.log.head == head, "a replay appended something")

      let parameters = try #require(other.parameters)
      let encoded = try JSONEncoder().encode(parameters)
      let decoded = try JSONDecoder().decode(ReplayParameters.self, from: encoded)
      #expect(decoded == parameters)
      let recorded = try await office.train(
        like: decoded, digest: other.digest, by: .commandLine)
      #expect(recorded.digest == other.digest)
      let compared = try await office.replay(
        ReplayRequest(
          opening: opening, candidate: .model(ModelNumber(recorded.model)), threshold: 6_000))
      #expect(compared.digest == other.digest)
      #expect(compared.changes.map(\.applicant) == other.changes.map(\.applicant))

      // Without somebody it learnt from, it is another model, and that is said rather than recorded.
      _ = try await office.erase([ApplicantNumber(1)], reason: "request", by: .commandLine)
      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.train(like: decoded, digest: other.digest, by: .commandLine)
      }
      #expect(refusal?.kind == .conflict)
    }
  }

  /// Each of a grid answers as it does alone.
  @Test func aGridGivesWhatItsPartsGive() async throws {
    try await withOffice { office in
      try await teach(office, 0..<40, readers: try await readers(office))
      _ = try await office.train(by: .commandLine)
      let requests = [0.25, 4].flatMap { c in
        ["binary", "naive-bayes"].map { representation in
          ReplayRequest(
            opening: opening, training: TrainRequest(c: c, representation: representation))
        }
      }
      let grid = try await office.replay(requests)
      #expect(grid.count == 4)
      for (request, report) in zip(requests, grid) {
        #expect(try await office.replay(request).digest == report.digest)
      }
      #expect(Set(grid.map(\.digest)).count == 4)
    }
  }

  @Test func subsetsTeachOnlyTheirLabelsAndAreTriedOnTheRest() async throws {
    try await withOffice { office in
      let readers = try await readers(office)
      try await teach(office, 0..<40, readers: readers)
      let until = try office.log.head
      try await teach(office, 40..<60, readers: readers)
      _ = try await office.train(by: .commandLine)

      let early = try await office.replay(
        ReplayRequest(opening: opening, training: TrainRequest(until: .position(until))))
      #expect(early.labels.ok == 20)
      #expect(early.unseen?.whatIf?.count == 20)
      #expect(early.unseen?.whatIf?.ok == 10)
      #expect(early.unseen?.presentLearnt == 20)
      #expect(early.applicants == 60)

      // A range of the log, by positions or by times.
      let middle = try await office.replay(
        ReplayRequest(
          opening: opening,
          training: TrainRequest(
            from: .position(until.next), until: .position(try office.log.head))))
      #expect(middle.labels.ok == 10 && middle.labels.ng == 10)
      #expect(middle.unseen?.whatIf?.count == 40, "older labels taught")
      let parameters = try #require(middle.parameters)
      #expect(parameters.from == until.rawValue + 1)
      #expect(
        try await office.train(like: parameters, digest: middle.digest, by: .commandLine).labels.ok
          == 10)
      let boundary = try #require(try office.log.event(at: until.next)).at
      let first = try office.beginning(of: .time(boundary))
      #expect(try #require(try office.log.event(at: first)).at == boundary)
      #expect(
        try #require(try office.log.event(at: Position(rawValue: first.rawValue - 1))).at < boundary
      )
      #expect(try office.end(of: .time(boundary)) >= until.next)
      for (from, end, kind) in [
        (until.next, until, .conflict), (try office.log.head.next, nil, .conflict),
        (.zero, nil, .invalid), (until.next, .zero, .invalid),
      ] as [(Position, Position?, ScreeningError.Kind)] {
        let training = TrainRequest(
          from: .position(from), until: end.map { .position($0) })
        let refusal = await #expect(throws: ScreeningError.self) {
          try await office.replay(ReplayRequest(opening: opening, training: training))
        }
        #expect(refusal?.kind == kind)
      }
      var fromNothing = parameters
      fromNothing.from = 0
      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.train(like: fromNothing, digest: middle.digest, by: .commandLine)
      }
      #expect(refusal?.kind == .invalid)

      let byOne = try await office.replay(
        ReplayRequest(opening: opening, training: TrainRequest(reader: readers[0])))
      #expect(byOne.labels.ok + byOne.labels.ng == 30)

      let distant: Timestamp = try #require(Timestamp(parsing: "2999-01-01"))
      let later = try await office.replay(
        ReplayRequest(
          opening: opening,
          training: TrainRequest(labelledBefore: distant)))
      #expect(later.labels.ok == 30)
      await #expect(throws: ScreeningError.self) {
        try await office.replay(
          ReplayRequest(
            opening: opening,
            training: TrainRequest(labelledSince: distant)))
      }

      // Who taught the what-if and is labelled once more is not unseen for that.
      for number in 1...4 {
        _ = try await office.label(ApplicantNumber(UInt64(number)), .ok, by: .commandLine)
      }
      let again = try await office.replay(
        ReplayRequest(opening: opening, training: TrainRequest(until: .position(until))))
      #expect(again.unseen?.whatIf?.count == 20)
    }
  }

  /// What is no longer excluded, or newly so, counts or no longer does.
  @Test func anotherLexiconIsAnotherModel() async throws {
    try await withOffice { office in
      try await teach(office, 0..<40, readers: try await readers(office))
      let model = try #require(try await office.train(by: .commandLine).first)
      let text = try office.lexicon().text + "\nexclude own-rule 設計\n"
      let report = try await office.replay(
        ReplayRequest(opening: opening, training: TrainRequest(lexicon: text)))
      #expect(report.digest != model.digest)
      _ = try await office.adoptLexicon(text, by: .commandLine)
      #expect(
        try await office.replay(ReplayRequest(opening: opening)).digest == report.digest,
        "the what-if is not what the adopted lexicon gives")
    }
  }

  @Test func aCancelledReplayEnds() async throws {
    try await withOffice { office in
      try await teach(office, 0..<24, readers: try await readers(office))
      _ = try await office.train(by: .commandLine)
      let opening = opening
      let task = Task {
        try await office.replay(
          (0..<200).map {
            ReplayRequest(opening: opening, training: TrainRequest(c: 1 + Double($0)))
          })
      }
      task.cancel()
      let result = await task.result
      let error = #expect(throws: ScreeningError.self) { try result.get() }
      #expect(error?.kind == .cancelled)
    }
  }
}
