import Cryptography
import EventStore
import Foundation
import TestSupport
import Testing

@testable import DocumentReader
@testable import Screening

/// If these fail, what is trained, replayed and audited is not what was read, or nobody can tell what read it.
@Suite struct RecordedReadingTests {
  private func reading(_ pool: ReaderPool, _ text: String) async throws -> Reading {
    guard case .read(let reading) = try await pool.read(Array(text.utf8)) else {
      throw CodingError(description: "The text is unreadable.")
    }
    return reading
  }

  private func register(_ office: Office, _ texts: String...) async throws -> ApplicantRow {
    let registration = try await office.register(
      Application(
        name: "山田 花子", documents: texts.map { DocumentFile(bytes: Array($0.utf8)) }),
      by: .commandLine)
    return try #require(try office.newestRow(ApplicantNumber(registration.applicant)))
  }

  @Test func theRecordHoldsTheWholeReading() async throws {
    try await withOffice { office in
      let text = "㈱﨑田にてＮｏｄｅ.ｊｓの要件定義を３年、これを担当しました。\n"
      let reading = try await reading(office.readers, text)
      try #require(reading.rawText != reading.text)
      try #require(reading.tokens.contains { !$0.kept } && reading.tokens.contains(where: \.kept))
      let row = try await register(office, text)
      let position = try #require(row.documents.first?.readings.last?.position)
      let read = try DocumentRead(try office.event(position))
      func open(_ value: SealedReference, _ purpose: SealedPurpose) throws -> [UInt8] {
        try office.log.open(value, purpose: purpose.rawValue)
      }
      #expect(try open(read.raw, .raw) == Array(reading.rawText.utf8))
      #expect(try open(read.text, .text) == Array(reading.text.utf8))
      #expect(try open(read.tokens, .tokens) == reading.encodedTokens)
      #expect(try office.tokens(of: read).tokens == reading.tokens)
      #expect(read.flags == reading.flags && read.quality == reading.quality)
      #expect(read.analysis.hex == reading.fingerprint.analysis)
      #expect(try office.blob(read.fingerprint) == Array(reading.fingerprint.canonicalText.utf8))
    }
  }

  @Test func anApplicantsNounsAreThoseOfAllDocumentsTogether() async throws {
    try await withOffice { office in
      let row = try await register(office, "設計を担当。", "設計と設計の試験を担当。", "<html>")
      let readings = row.newestReadings
      try #require(readings.count == 2)
      let nouns = try office.nouns(of: row, readings.map(\.position), without: .standard)
      let counts = Dictionary(
        uniqueKeysWithValues: nouns.terms.map {
          (String(decoding: $0.term, as: UTF8.self), $0.count)
        })
      #expect(counts["設計"] == 3 && counts["担当"] == 2 && counts["試験"] == 1, "\(counts)")
    }
  }

  @Test func aReadingNamesWhatReadIt() async throws {
    let pool = ReaderPool(worker: product("senko-worker"), workers: 1)
    defer { pool.shutdown() }
    let details = try await reading(pool, "設計を担当").fingerprint.details
    let files = ["char.bin", "dicrc", "matrix.bin", "sys.dic", "unk.dic"]
    #expect(
      Set(details.keys)
        == Set(files.map { "dictionary/\($0)" }).union([
          "glib", "layout", "library/libpoppler-glib.so", "library/libpoppler.so", "mask", "mecab",
          "normaliser", "nouns", "poppler", "poppler-data", "probe", "quality", "technologies",
        ]))
    for name in ["library/libpoppler.so", "poppler-data", "probe", "technologies"] {
      #expect(details[name]?.wholeMatch(of: /[0-9a-f]{64}/) != nil, "\(name)")
    }
    for name in files {
      let file = URL(fileURLWithPath: Analyser.dictionary).appendingPathComponent(name)
      let digest = SHA256.hash([UInt8](try Data(contentsOf: file))).hex
      #expect(details["dictionary/\(name)"] == digest, "\(name)")
    }
  }

  /// Two machines are said to read alike by nothing but this.
  @Test func theProbeTellsOfAWordThatIsCutOtherwise() async throws {
    #expect(BehaviourProbe.sentences.count >= 200)
    #expect(Set(BehaviourProbe.sentences).count == BehaviourProbe.sentences.count)
    func details(_ technology: String) async throws -> [String: String] {
      let pool = ReaderPool(
        worker: product("senko-worker"), workers: 1,
        technologies: try OwnTechnologies(parsing: technology))
      defer { pool.shutdown() }
      return try await reading(pool, "設計を担当").fingerprint.details
    }
    let (none, absent) = (try await details(""), try await details("在庫君\n"))
    // What no sentence holds changes the lexicon, and nothing of how they are cut.
    try #require(!BehaviourProbe.sentences.contains { $0.contains("在庫君") })
    #expect(absent["technologies"] != none["technologies"] && absent["probe"] == none["probe"])
    let present = try await details("通関書類の作成\n")
    try #require(BehaviourProbe.sentences.contains { $0.contains("通関書類の作成") })
    #expect(present["probe"] != none["probe"])
  }

  @Test func aFileThatChangesHasAnotherDigest() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/sys.dic"
      func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      }
      func digest(_ text: String) -> String { SHA256.hash(Array(text.utf8)).hex }
      var cache = DigestCache(known: [:])
      #expect(cache.digest(ofFile: path) == "missing")
      try write("one")
      #expect(cache.digest(ofFile: path) == digest("one"))
      // Two workers share what one has computed.
      var other = DigestCache(
        known: cache.known.mapValues { $0.replacing(digest("one"), with: "x") })
      #expect(other.digest(ofFile: path) == "x")
      try write("two")
      #expect(cache.digest(ofFile: path) == digest("two"))
      #expect(other.digest(ofFile: path) == digest("two"))
    }
  }
}
