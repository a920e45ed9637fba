import Cryptography
import DocumentReader
import EventStore
import Foundation
import LinearSVM
import Synchronization
import TestSupport
import Testing

@testable import Screening

@Suite struct ModelCardTests {
  /// Registers `count` applicants; those of even index are skilled and labelled OK.
  static func fill(
    _ office: Office, _ count: Int, from first: Int = 0, year: Int = 2024, labelled: Bool = true,
    adding text: (Int) -> String = { _ in "" }
  ) async throws {
    let reviewer: UserNumber
    if let known = try office.user(email: "sato@example.jp") {
      reviewer = known.number
    } else {
      reviewer = try await office.addUser(
        email: "sato@example.jp", name: "佐藤", role: .reviewer, password: "long enough",
        by: .commandLine)
    }
    let by = Origin(actor: .operator, channel: .cli, onBehalfOf: reviewer)
    for index in first..<(first + count) {
      let document = resume(skilled: index % 2 == 0, index) + text(index)
      let registration = try await office.register(
        Application(
          name: "応募者\(index)", opening: try Opening("engineer"),
          received: "\(year)-0\(1 + index % 9)-01",
          documents: [.init(bytes: Array(document.utf8))]),
        by: .commandLine)
      guard labelled else { continue }
      _ = try await office.label(
        ApplicantNumber(registration.applicant), index % 2 == 0 ? .ok : .ng, reason: nil,
        shown: .zero, by: by)
    }
  }

  @Test func aCardSaysWhatStandsBehindTheModel() async throws {
    try await withOffice { office in
      // Every OK applicant writes a word that the lexicon excludes, and one writes a word of their own.
      try await Self.fill(office, 40) {
        ($0 % 2 == 0 ? "本籍について。\n" : "") + ($0 == 0 ? "尊敬する人物は犀川鷹之進。\n" : "")
      }
      _ = try await office.train(by: .commandLine)
      let card = try await office.card(of: ModelNumber(1))
      #expect(
        card.data.labels.ok == 20 && card.data.labels.ng == 20 && card.data.labels.blind == 40)
      #expect(card.inForce && card.withheld == nil)
      let metrics = try #require(card.metrics)
      #expect(metrics.nested && metrics.count == 40)
      #expect(metrics.reliability.reduce(0) { $0 + $1.ok } == 20)
      #expect(metrics.plot.hasPrefix("<svg "))
      let birthplace = try #require(card.excluded?.first { $0.category == "birthplace" })
      // Which words they are is told to auditors; how many, to everybody.
      let counted = try #require(
        card.withoutExcludedWords.excluded?.first { $0.category == "birthplace" })
      #expect(!birthplace.terms.isEmpty && counted.terms.isEmpty)
      #expect(counted.rare == birthplace.rare + birthplace.terms.count)
      #expect(birthplace.applicants == 20)
      let term = try #require(birthplace.terms.first { $0.term == "本籍" }, "\(birthplace)")
      #expect(term.applicants == 20)
      #expect(try #require(term.weight) > 0, "the shadow must hear what the model must not")
      #expect(
        !(try #require(try office.model(ModelNumber(1)).weights).contains { $0.term == "本籍" }))

      let page = card.html(in: .ja) + card.html(in: .en)
      #expect(page.contains("本籍") && page.contains("<svg ") && !page.contains("犀川"))
      #expect(page.contains(/[0-9]+年[0-9]+月[0-9]+日 [0-9]{2}:/) && !page.contains(/[0-9]T[0-9]{2}:/))
      #expect(page.contains("<td>本籍・出生地</td>") && page.contains("<td>birthplace</td>"))
      #expect(page.contains("名詞は話題だけを伝え") && page.contains("Nouns convey topics"))
      let json = String(decoding: try JSONEncoder().encode(card), as: UTF8.self)
      #expect(!json.contains("犀川") && json.contains("\"withheld\":null"))
    }
  }

  @Test func aCardIsDrawnEvenAfterAnErasureAndSaysWhatIsMissing() async throws {
    try await withOffice { office in
      try await Self.fill(office, 40)
      _ = try await office.train(by: .commandLine)
      _ = try await office.erase([ApplicantNumber(3)], reason: "request", by: .commandLine)
      let card = try await office.card(of: ModelNumber(1))
      #expect(card.data.erased == 1 && card.excluded == nil && card.overTime.reason == "erased")
      #expect(card.metrics != nil)
      // Why half of it is missing stands before what is missing.
      #expect(card.warnings.map(\.slug) == ["erased"])
      let page = card.html(in: .en)
      let (why, missing) = (
        page.firstRange(of: "cannot be trained again"), page.firstRange(of: "Given from – to")
      )
      #expect(try #require(why).lowerBound < #require(missing).lowerBound)
      #expect(!page.contains("— – —"))
      let drift = try await office.drift(of: ModelNumber(1))
      #expect(drift.reference == nil && drift.warnings.map(\.slug) == ["erased"])
    }
  }

  @Test func aModelWorseThanGuessingIsSaidToBe() throws {
    func metrics(_ probability: Double) -> CardMetrics {
      CardMetrics(
        Metrics(
          probabilities: [probability, 1 - probability], labels: [true, false], threshold: 6_500))
    }
    func slugs(_ heldOut: CardMetrics?) -> [String] {
      ModelCard.warnings(erased: 0, leftOut: LeftOut(), heldOut: heldOut).map(\.slug)
    }
    let bad = metrics(0.4)
    #expect(slugs(metrics(0.6)) == [] && slugs(nil) == [])
    #expect(slugs(bad) == ["worse-than-base-rate"])
    // Telling the base rate itself is no worse than telling it.
    #expect(slugs(metrics(0.5)) == [])
    let text = try #require(ModelCard.warnings(erased: 0, leftOut: nil, heldOut: bad).first).text
    #expect(text.ja.contains("0.9163") && text.en.contains("above the 0.6931"))
  }

  @Test func everyMatterOfALexiconHasAName() {
    let lexicons = ExclusionLexicon.formerStandards + [.standard]
    // What these two drop is the applicant's own, which no card shows.
    let classes = Set(ExclusionLexicon.WordClass.allCases).subtracting([.name, .furigana])
    let matters = Set(lexicons.flatMap { $0.phrases.map(\.category) })
      .union(classes.map(\.rawValue))
    #expect(matters == Set(ModelCard.ExcludedMatter.japanese.keys))
  }

  @Test func laterLabelsAreHeldAgainstAModelOfTheEarlierOnes() throws {
    let start = try #require(Timestamp(parsing: "2024-01-01T00:00:00Z"))
    func lessons(_ times: [Int64], copies: [Int: Int]) throws -> TimedLessons {
      var lessons = Lessons(
        opening: try Opening("engineer"), through: .zero, analysis: "",
        analysisDigest: SHA256.hash([]), lexicon: .standard, sources: [], blind: 0)
      var nouns = TermRows()
      for index in times.indices {
        var random = SplitMix64(seed: UInt64(copies[index] ?? index))
        lessons.sources.append(
          LessonSource(
            applicant: ApplicantNumber(UInt64(index + 1)), label: .zero, readings: []))
        lessons.labels.append(index % 2 == 0)
        nouns.beginRow()
        for _ in 0..<8 {
          let word = "\(index % 2 == 0 ? "良" : "悪")\(Int.random(in: 0..<30, using: &random))"
          nouns.add(Array(word.utf8).span, count: 1)
        }
      }
      nouns.sort()
      return TimedLessons(
        lessons: lessons, nouns: nouns,
        given: times.map { Timestamp(milliseconds: start.milliseconds + $0 * 86_400_000) })
    }
    func split(_ times: [Int64], copies: [Int: Int] = [:]) throws -> TimeSplit {
      let lessons = try lessons(times, copies: copies)
      let set = try lessons.set()
      let groups = zip(set.numbers, DuplicateGroups(set).groups)
      return try TimeSplit(
        lessons, TrainRequest(), apart: Dictionary(uniqueKeysWithValues: Array(groups)),
        threshold: 6_500, LongWork())
    }
    let measured = try split((0..<60).map { Int64($0) })
    #expect(measured.earlier == 42 && measured.metrics?.count == 18 && measured.reason == nil)
    // What was given at one time is never on both sides.
    let lumped = try split((0..<60).map { $0 < 40 ? Int64($0) : 40 })
    #expect(lumped.earlier == 40 && lumped.metrics?.count == 20)
    #expect(try split([Int64](repeating: 1, count: 60)).reason == "same-time")
    // Whoever hands in the same again is not judged by a model that learnt from it.
    let again = try split((0..<60).map { Int64($0) }, copies: [44: 2, 45: 3, 50: 0, 58: 2])
    #expect(again.earlier == 42 && again.duplicates == 4 && again.metrics?.count == 14)
    #expect(measured.duplicates == 0)
    // At most three tenths are later, whatever the number.
    #expect(try split((0..<11).map { Int64($0) }).earlier == 8)
    #expect(try split((0..<24).map { Int64($0) }).reason == "too-few-labels")
  }

  @Test func otherPeopleThanThoseTaughtAreWarnedOf() async throws {
    let now = Mutex(WallClock.system.now())
    try await withOffice(clock: WallClock { now.withLock(\.self) }) { office in
      try await Self.fill(office, 40)
      _ = try await office.train(by: .commandLine)
      let later = try #require(Timestamp(parsing: "2099-12-01"))
      now.withLock { $0 = later }
      try await Self.fill(office, 24, from: 100, year: 2099, labelled: false) { index in
        "珪藻\(index)の顕微鏡。気象。潮汐。海流。塩分。採水。船舶。航海。\n"
      }
      // The evening in London is the next day in Japan, and here the next month.
      _ = try await office.register(
        Application(
          name: "応募者", opening: try Opening("engineer"), received: "2099-10-31T20:00:00Z",
          documents: [.init(bytes: Array(resume(skilled: true, 200).utf8))]),
        by: .commandLine)
      let drift = try await office.drift(of: ModelNumber(1))
      #expect(drift.reference?.applicants == 40)
      let all = try #require(drift.all)
      #expect(all.applicants == 25 && all.tenths?.reduce(0, +) == 25)
      #expect(drift.periods.reduce(0) { $0 + $1.applicants } == 25)
      #expect(drift.periods.last?.month == "2099-11")
      #expect(all.stabilityIndex != nil && all.chanceIndex ?? 0 > 0.25)
      #expect(drift.periods.allSatisfy { $0.stabilityIndex == nil }, "a few say nothing")
      #expect(all.unknownShare > (drift.reference?.unknownShare ?? 1))
      #expect(drift.warnings.map(\.slug).contains("other-year"))
      #expect(drift.warnings.map(\.slug).contains("unknown-words"))
    }
  }

  /// Otherwise everybody is warned each January, and nobody of labels that are eleven months older.
  @Test func aYearIsCountedFromTheLastLabel() {
    func warns(_ label: String, _ newest: String) -> Bool {
      let reference = ModelDrift.Reference(
        applicants: 40, first: "", last: "", unknownShare: 0, forms: [:])
      var tally = PeriodTally(comparedWith: nil)
      tally.applicants = ModelDrift.fewest
      return ModelDrift.warnings(
        reference, tally.period("all"), lastLabel: Timestamp(parsing: label),
        newest: Timestamp(parsing: newest)
      ).contains { $0.slug == "other-year" }
    }
    #expect(!warns("2025-12-28", "2026-01-05"))
    #expect(!warns("2025-01-10", "2025-12-20"))
    #expect(!warns("2025-03-01", "2026-03-01"))
    #expect(warns("2025-03-01", "2026-03-02"))
    #expect(warns("2025-03-01", "2026-03-01T23:00:00Z"), "the second of March in Japan")
    #expect(warns("2025-11-30", "2027-01-01"))
  }

  /// Otherwise scores are blamed that nobody ever had.
  @Test func aMissedGapIsNamedAsTheReason() {
    func told(_ outcomes: [Candidate.Outcome]) -> String? {
      Withholding.told("no-signal", ok: 20, ng: 20) { outcomes }
    }
    #expect(told([.gapNotReached, .gapNotReached]) == "gap-not-reached")
    #expect(told([.gapNotReached, .withoutSignal]) == "no-signal")
    #expect(told([]) == "no-signal")
  }

  /// Whoever labels more copies of a form letter is told that these are not the people that are missing.
  @Test func duplicatesAreNamedWhereTheyAreWhatIsMissing() async throws {
    try await withOffice { office in
      let opening = try Opening("engineer")
      // Twelve of a kind, and of the OK all but four handed in the same.
      for seed in 0..<24 {
        let isOK = seed.isMultiple(of: 2)
        let text = resume(skilled: isOK, isOK && seed >= 8 ? 8 : seed)
        let registration = try await office.register(
          Application(
            name: "応募者\(seed)", opening: opening, documents: [.init(bytes: Array(text.utf8))]),
          by: .commandLine)
        _ = try await office.label(
          ApplicantNumber(registration.applicant), isOK ? .ok : .ng, by: .commandLine)
      }
      let model = try #require(try await office.train(by: .commandLine).first)
      #expect(model.labels.ok == 12 && model.labels.ng == 12)
      #expect(model.withheld == "too-few-distinct")
      let card = try await office.card(of: ModelNumber(model.model))
      #expect(card.data.duplicates ?? 0 >= 8)
      #expect(card.html(in: .en).contains("Near duplicates counting as one"))
      // What was recorded is what every version records.
      let event = try #require(
        try office.log.event(at: Position(rawValue: model.position)))
      #expect(try ModelTrained(event).withheld == "too-few-labels")
      #expect(try await office.verify(retrain: true).problems == [])
    }
  }

  @Test func everyReasonForNoPercentageHasASentence() {
    let slugs =
      Withheld.allCases.map(\.slug) + [Withholding.duplicates] + Trust.undecidableFlags
      + ["no-model", "too-few-known-nouns", "unreadable", "other-analysis"]
      + ["shown-after-label", "no-percentage", "gap-not-reached", "same-time", "erased"]
    for slug in slugs { #expect(Withholding.sentence(for: slug) != nil, "\(slug)") }
  }

  @Test func whatTheLexiconKeptOutIsShownWithTheWeightItWouldHaveHad() async throws {
    try await withOffice { office in
      try await Self.fill(office, 40) { $0 % 2 == 0 ? "本籍について。\n" : "" }
      _ = try await office.train(by: .commandLine)
      _ = try await office.screen(by: .commandLine)
      let before = try office.log.head
      let excluded = try await office.excludedWords(of: ApplicantNumber(1), by: .commandLine)
      let word = try #require(excluded.words.first { $0.term == "本籍" }, "\(excluded)")
      #expect(word.category == "birthplace" && (word.contribution ?? 0) > 0)
      #expect(excluded.model == 1)
      #expect(excluded.unknownShare >= 0 && excluded.unknownShare < 1)
      #expect(excluded.shadowScore != nil && excluded.shadowReason == nil)
      // Every term was dropped at least once, and their number is the one that the screening recorded.
      let why = try await office.why(ApplicantNumber(1), by: .commandLine)
      #expect(excluded.occurrences == why.explanation.excluded)
      #expect(excluded.occurrences >= excluded.words.count)
      let other = try await office.excludedWords(of: ApplicantNumber(2), by: .commandLine)
      #expect(!other.words.contains { $0.term == "本籍" })
      // The looks are recorded, the shadow is not.
      let types = try office.log.events(from: before, limit: 100).dropFirst().map(\.type)
      #expect(types == [String](repeating: "personal.accessed", count: 3))

      // Without all teachers there is no shadow; what was dropped is in the applicant's own reading.
      _ = try await office.erase([ApplicantNumber(3)], reason: "request", by: .commandLine)
      let later = try await office.excludedWords(of: ApplicantNumber(1), by: .commandLine)
      #expect(Set(later.words.map(\.term)) == Set(excluded.words.map(\.term)))
      #expect(later.shadowScore == nil && later.shadowReason == "erased")
      #expect(later.words.allSatisfy { $0.contribution == nil })
    }
  }
}
