import DocumentReader
import EventStore
import Projections
import TestSupport
import Testing

@testable import Screening

/// If these fail, the pages of a vocabulary are of different states, or each costs as much as all of them.
@Suite struct VocabularyTests {
  private static let pool = ["設計", "開発", "試験", "監視", "接客", "販売", "清掃", "調理", "配送"]

  private func register(
    _ office: Office, _ number: Int, _ random: inout SplitMix64
  ) async throws {
    let words = Self.pool.shuffled(using: &random).prefix(4).joined(separator: " ")
    let opening = try Opening(Bool.random(using: &random) ? "engineer" : "sales")
    _ = try await office.register(
      Application(
        name: "応募者\(number)", opening: opening,
        documents: [.init(bytes: Array("\(words)\n番号は\(number)です。".utf8))]),
      by: .commandLine)
  }

  private func told(_ entries: [VocabularyEntry]) -> [String] {
    entries.map { "\($0.term) \($0.applicants) \($0.openings.sorted { $0.key < $1.key })" }
  }

  @Test func whatWasCountedLatelyIsWhatWouldBeCountedNow() async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    try await withOffice { office in
      for number in 1...24 {
        try await register(office, number, &random)
        if number == 15 {
          _ = try await office.erase([ApplicantNumber(3)], reason: "request", by: .commandLine)
        }
        let head = try office.log.head.rawValue
        for _ in 0..<3 {
          let moment = AsOf.position(Position(rawValue: .random(in: 0...head, using: &random)))
          let asked = try await office.vocabulary(asOf: moment).entries
          office.counted.removeAll()
          let counted = try await office.vocabulary(asOf: moment).entries
          #expect(told(asked) == told(counted), "\(moment) of \(head), seed \(seed)")
        }
        let other = try Opening(Bool.random(using: &random) ? "engineer" : "sales")
        let whom = ApplicantNumber(.random(in: 4...max(4, UInt64(number)), using: &random))
        if number >= 4 {
          _ = try await office.correct(whom, Correction(opening: other), by: .commandLine)
        }
        // What else is recorded is not the vocabulary's concern.
        _ = try await office.label(ApplicantNumber(UInt64(number)), .hold, by: .commandLine)
        let now = try await office.vocabulary().entries
        office.counted.removeAll()
        let counted = try await office.vocabulary().entries
        #expect(told(now) == told(counted), "seed \(seed)")
      }
    }
  }

  /// Who was put under another opening counts there, from then on.
  @Test func aNounCountsUnderTheOpeningOfTheMoment() async throws {
    try await withOffice { office in
      for seed in 0..<6 {
        _ = try await office.register(seed, adding: "設計図の管理。\n")
      }
      let before = try office.log.head
      _ = try await office.correct(
        ApplicantNumber(2), Correction(opening: try Opening("sales")), by: .commandLine)
      func openings(_ moment: AsOf) async throws -> [String: Int] {
        let entries = try await office.vocabulary(asOf: moment).entries
        return try #require(entries.first { $0.term.contains("設計図") }).openings
      }
      #expect(try await openings(.now) == ["engineer": 5, "sales": 1])
      #expect(try await openings(.position(before)) == ["engineer": 6])
    }
  }

  @Test func pagesAreOfOneCounting() async throws {
    var random = SplitMix64(seed: 7)
    try await withOffice { office in
      for number in 1...12 { try await register(office, number, &random) }
      func counting(at position: Position) throws -> CountedVocabulary.Counting? {
        office.counted.counting(
          at: position, try office.log.generation,
          folded: try office.views.count(of: VocabularyProjection.occurrences))
      }
      let position = try office.log.head
      #expect(try counting(at: position) == nil)
      let whole = try await office.vocabulary(asOf: .position(position)).entries
      #expect(whole.count > 3)
      let first = try #require(try counting(at: position))
      // Labels move the log on, and not what is counted; a registration does, and not what was counted before it.
      _ = try await office.label(ApplicantNumber(1), .hold, by: .commandLine)
      #expect(try counting(at: try office.log.head) != nil)
      try await register(office, 13, &random)
      _ = try await office.vocabulary()
      for start in whole.indices {
        let page = try await office.vocabulary(
          asOf: .position(position), from: start, limit: 1)
        #expect(told(page.entries) == told([whole[start]]) && page.total == whole.count)
      }
      #expect(try counting(at: position)?.folded == first.folded, "it was counted again")
      // After an erasure nothing that was counted before it is left.
      _ = try await office.erase([ApplicantNumber(2)], reason: "request", by: .commandLine)
      #expect(try counting(at: position) == nil)
    }
  }

  /// Whoever asks for a word as it stands in the documents finds those who wrote it.
  @Test func aWordIsFoundAsItIsWritten() async throws {
    try await withOffice { office in
      for (seed, text) in ["サーバー", "ｻｰﾊﾞｰ", "サーバ"].enumerated() {
        _ = try await office.register(seed, adding: "\n\(text)を設計した。\n")
      }
      for word in ["サーバー", "サーバ", "ｻｰﾊﾞｰ"] {
        for order in [ApplicantOrder.newest, .oldest] {
          var filter = ApplicantFilter()
          filter.word = word
          let found = try await office.applicants(filter: filter, order: order, by: .commandLine)
          #expect(found.map(\.applicant) == (order == .newest ? [3, 2, 1] : [1, 2, 3]), "\(word)")
        }
        let entries = try await office.vocabulary(prefix: word).entries
        #expect(entries.contains { $0.term == "サーバ" }, "\(word)")
      }
    }
    #expect(TermSpelling.spellings(of: "ﾚｰﾀﾞｰ") == ["レーダ", "レーダー"])
    #expect(TermSpelling.spellings(of: "Ｊａｖａ") == ["java"])
  }

  @Test func aListOfOneOpeningHasTheWeightsOfItsModelAlone() async throws {
    try await withOffice { office in
      for opening in ["engineer", "sales"] {
        for index in 0..<24 {
          let skilled = index % 2 == 0
          let registration = try await office.register(
            Application(
              name: "応募者\(index)", opening: try Opening(opening),
              documents: [.init(bytes: Array(resume(skilled: skilled, index).utf8))]),
            by: .commandLine)
          _ = try await office.label(
            ApplicantNumber(registration.applicant), skilled ? .ok : .ng, by: .commandLine)
        }
      }
      _ = try await office.train(by: .commandLine)
      let whole = try await office.vocabulary().entries
      #expect(whole.contains { Set($0.weights.keys) == ["engineer", "sales"] })
      let sales = try await office.vocabulary(opening: try Opening("sales")).entries
      #expect(sales.contains { !$0.weights.isEmpty })
      for entry in sales {
        let same = try #require(whole.first { $0.term == entry.term })
        #expect(entry.openings == same.openings)
        #expect(entry.weights == same.weights.filter { $0.key == "sales" })
      }
    }
  }
}
