import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, a filtered list leaves somebody out, or shows somebody twice.
@Suite struct ApplicantListTests {
  private func prepare(_ office: Office, _ random: inout SplitMix64) async throws {
    for index in 1...30 {
      let registration = try await office.register(
        Application(
          name: index % 3 == 0 ? "田中 \(index)" : "鈴木 \(index)",
          opening: try Opening(index % 5 == 0 ? "sales" : "engineer"),
          received: "2026-0\(index % 9 + 1)-01T09:00:00+09:00",
          documents: [.init(bytes: Array(resume(skilled: index % 2 == 0, index).utf8))]),
        by: .commandLine)
      let number = ApplicantNumber(registration.applicant)
      if index < 25 {
        _ = try await office.label(number, index % 2 == 0 ? .ok : .ng, by: .commandLine)
      }
    }
    _ = try await office.train(TrainRequest(c: 1), by: .commandLine)
    _ = try await office.screen(by: .commandLine)
    for number in 1...30 where Bool.random(using: &random) {
      _ = try await office.openApplicant(ApplicantNumber(UInt64(number)), by: .commandLine)
    }
    _ = try await office.setState(ApplicantNumber(7), .withdrawn, by: .commandLine)
    _ = try await office.erase([ApplicantNumber(8)], reason: "request", by: .commandLine)
  }

  private func filters() throws -> [ApplicantFilter] {
    var filters = [
      ApplicantFilter(), ApplicantFilter(opening: try Opening("engineer")),
      ApplicantFilter(state: .withdrawn), ApplicantFilter(label: .ok),
      ApplicantFilter(unlabelled: true), ApplicantFilter(outcome: .secondLook, unread: true),
      ApplicantFilter(opening: try Opening("sales"), label: .ng, unread: false),
    ]
    var narrowed = ApplicantFilter(unlabelled: false)
    narrowed.probability = 3000...8000
    filters.append(narrowed)
    narrowed = ApplicantFilter()
    narrowed.probability = 0...4000
    filters.append(narrowed)
    narrowed = ApplicantFilter()
    narrowed.receivedFrom = Timestamp(parsing: "2026-03-01T00:00:00+09:00")
    narrowed.receivedBefore = Timestamp(parsing: "2026-06-01T00:00:00+09:00")
    filters.append(narrowed)
    narrowed = ApplicantFilter()
    narrowed.name = "田中1"
    filters.append(narrowed)
    narrowed = ApplicantFilter()
    narrowed.flag = .nearThreshold
    filters.append(narrowed)
    filters += Queue.allCases.map { ApplicantFilter(queue: $0) }
    return filters
  }

  @Test func theIndexGivesWhatAFullScanGives() async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    try await withOffice { office in
      try await prepare(office, &random)
      let everybody = try await office.applicants(by: .commandLine)
      #expect(everybody.count == 30)
      // One look at lists is recorded an hour: from here on the log stands still.
      let moment = AsOf.position(try office.resolve(.now))
      var lists: [[[UInt64]]] = []
      for filter in try filters() {
        for order in ApplicantOrder.allCases {
          let whole = try await office.applicants(
            asOf: moment, filter: filter, order: order, by: .commandLine)
          lists.append([whole.map(\.applicant)])
          var pages: [UInt64] = []
          while true {
            let page = try await office.applicants(
              asOf: moment, filter: filter, order: order, limit: 4,
              after: pages.last.map { ApplicantNumber($0) }, by: .commandLine)
            pages += page.map(\.applicant)
            if page.count < 4 { break }
          }
          #expect(pages == whole.map(\.applicant), "seed \(seed), \(filter), \(order)")
          func expectSorted<Value: Comparable>(_ values: [Value]) {
            #expect(values == (order.falls ? values.sorted(by: >) : values.sorted()))
          }
          switch order.rank {
          case .number: expectSorted(whole.map(\.applicant))
          case .probability: expectSorted(whole.map { $0.probability ?? -1 })
          case .received:
            // Some told when they came, in one zone; the others came now.
            expectSorted(whole.map { Timestamp(parsing: $0.received)?.milliseconds ?? -1 })
          }
        }
      }
      #expect(lists.filter { !$0[0].isEmpty }.count > 30, "the filters let nobody through")
      try await change(office, &random)
      var next = lists.makeIterator()
      for filter in try filters() {
        for order in ApplicantOrder.allCases {
          let expected = next.next()?.first
          for reach: UInt64 in [0, .max] {
            #expect(
              try numbers(office, filter, order, at: moment, indexReach: reach) == expected,
              "seed \(seed), \(filter), \(order), reach \(reach)")
          }
          let veiled = try [0, UInt64.max].map { reach in
            try numbers(office, filter, order, at: moment, indexReach: reach, veiled: true)
          }
          #expect(veiled[0] == veiled[1], "seed \(seed), \(filter), \(order), veiled")
        }
      }
    }
  }

  /// Gives about every third applicant another place in the lists.
  private func change(_ office: Office, _ random: inout SplitMix64) async throws {
    for number in 1...30 where number != 8 && Int.random(in: 0..<3, using: &random) == 0 {
      let applicant = ApplicantNumber(UInt64(number))
      switch Int.random(in: 0..<4, using: &random) {
      case 0: _ = try await office.openApplicant(applicant, by: .commandLine)
      case 1: _ = try await office.label(applicant, .hold, by: .commandLine)
      case 2: _ = try await office.setState(applicant, .duplicate, by: .commandLine)
      default:
        _ = try await office.correct(
          applicant, Correction(opening: try Opening("sales")), by: .commandLine)
      }
    }
    _ = try await office.register(
      Application(
        name: "遅れて 来た", opening: try Opening("engineer"),
        documents: [.init(bytes: Array(resume(skilled: true, 31).utf8))]), by: .commandLine)
  }

  private func numbers(
    _ office: Office, _ filter: ApplicantFilter, _ order: ApplicantOrder, at moment: AsOf,
    indexReach: UInt64, veiled: Bool = false
  ) throws -> [UInt64] {
    let position = try office.resolve(moment)
    var walk = try ApplicantWalk(
      office, filter, order, at: position, ScoreVeil(hidesUndecided: veiled))
    walk.indexReach = indexReach
    let context = try Office.SummaryContext(office, at: position)
    var numbers: [UInt64] = []
    try walk.forEach(after: nil) { (row) throws(ScreeningError) in
      let summary = try office.summary(of: row, in: context)
      if filter.flag.map(summary.flags.contains) ?? true { numbers.append(summary.applicant) }
      return true
    }
    return numbers
  }

  @Test func openingsCountWhatTheListsShow() async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    try await withOffice { office in
      try await prepare(office, &random)
      let moment = AsOf.position(try office.resolve(.now))
      let byIndex = try office.openingSummaries(asOf: moment, by: .commandLine)
      try await change(office, &random)
      let byRows = try office.openingSummaries(asOf: moment, by: .commandLine)
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      #expect(try encoder.encode(byIndex) == encoder.encode(byRows), "seed \(seed)")
      #expect(byIndex.map(\.opening) == ["engineer", "sales"])
      #expect(byIndex.map(\.applicants).reduce(0, +) == 30)
      for summary in byIndex {
        let opening = try Opening(summary.opening)
        for queue in Queue.allCases {
          let waiting = try await office.applicants(
            asOf: moment, filter: ApplicantFilter(queue: queue, opening: opening),
            by: .commandLine)
          #expect(summary.queues[queue.rawValue] == waiting.count, "seed \(seed), \(queue)")
        }
        let wanted = try await office.applicants(
          asOf: moment, filter: ApplicantFilter(opening: opening, label: .ok), by: .commandLine)
        #expect(summary.labels.ok == wanted.count, "seed \(seed)")
      }
    }
  }

  @Test func onlyALabelTakesAnybodyOutOfAQueue() async throws {
    var random = SplitMix64(seed: 2)
    try await withOffice { office in
      try await prepare(office, &random)
      func waiting() async throws -> [ApplicantNumber] {
        var numbers: [ApplicantNumber] = []
        for queue in Queue.allCases where queue != .hold {
          numbers += try await office.applicants(
            filter: ApplicantFilter(queue: queue), by: .commandLine
          ).map { ApplicantNumber($0.applicant) }
        }
        return numbers.sorted()
      }
      let before = try await waiting()
      #expect(before == (25...30).map { ApplicantNumber($0) })
      _ = try await office.train(TrainRequest(c: 0.01), by: .commandLine)
      _ = try await office.adoptPolicy(threshold: 9_999, by: .commandLine)
      _ = try await office.screen(by: .commandLine)
      for number in before { _ = try await office.openApplicant(number, by: .commandLine) }
      #expect(try await waiting() == before)
      _ = try await office.label(before[0], .ng, by: .commandLine)
      #expect(try await waiting() == Array(before.dropFirst()))
    }
  }

  @Test func aWordFindsThoseWhoseDocumentsHaveIt() async throws {
    var random = SplitMix64(seed: 1)
    try await withOffice { office in
      try await prepare(office, &random)
      let common = try #require(try await office.vocabulary().entries.first { $0.applicants < 29 })
      var filter = ApplicantFilter()
      filter.word = common.term
      for order in ApplicantOrder.allCases {
        let found = try await office.applicants(filter: filter, order: order, by: .commandLine)
        #expect(found.count == common.applicants, "\(common.term), \(order)")
      }
      // However it is spelt: a noun is recorded normalised.
      for index in 1...3 {
        _ = try await office.register(
          Application(
            name: "ＣＬＩ子\(index)", opening: try Opening("engineer"),
            documents: [.init(bytes: Array("Kubernetesの運用を\(index)年担当しました。".utf8))]),
          by: .commandLine)
      }
      for spelling in ["kubernetes", "Kubernetes", "ＫＵＢＥＲＮＥＴＥＳ"] {
        filter.word = spelling
        #expect(try await office.applicants(filter: filter, by: .commandLine).count == 3)
        #expect(try await office.vocabulary(prefix: spelling).entries.map(\.term) == ["kubernetes"])
      }
      var named = ApplicantFilter()
      named.name = "cli"
      #expect(try await office.applicants(filter: named, by: .commandLine).count == 3)
      filter.word = "どこにもない語"
      #expect(try await office.applicants(filter: filter, by: .commandLine).isEmpty)
    }
  }

  @Test func everyFacetIsReadAsItWasWritten() {
    for byte in UInt8.min...UInt8.max {
      if let facet = Facet(byte) { #expect(facet.byte == byte) }
    }
  }
}
