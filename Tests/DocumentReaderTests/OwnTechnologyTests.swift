import TestSupport
import Testing

@testable import DocumentReader

/// What a user adds to the technology lexicon: without it, the words of a company's own field fall apart.
@Suite struct OwnTechnologyTests {
  private let worker = product("senko-worker")

  @Test func ownNamesStayWholeAndCountAsTheirTerms() async throws {
    let own = try OwnTechnologies(parsing: "# ours\nzaiko-kun\nNodeJS\tNode.js\n\n電験三種\n")
    let pool = ReaderPool(worker: worker, workers: 1, technologies: own)
    defer { pool.shutdown() }
    guard case .read(let reading) = try await pool.read(Array("Zaiko-Kun、NodeJS、電験三種を持つ".utf8))
    else { return #expect(Bool(false), "unreadable") }
    #expect(Set(reading.nouns.map(\.term)).isSuperset(of: ["zaiko-kun", "node.js", "電験三種"]))
  }

  @Test func ownNamesAreAnotherAnalysis() async throws {
    var ids: [String] = []
    for text in ["", "zaiko-kun", "zaiko-kun\tzaiko"] {
      let pool = ReaderPool(
        worker: worker, workers: 1, technologies: try OwnTechnologies(parsing: text))
      defer { pool.shutdown() }
      guard case .read(let reading) = try await pool.read(Array("開発".utf8)) else { continue }
      ids.append(reading.fingerprint.id)
    }
    #expect(Set(ids).count == 3)
  }

  /// Names in katakana share their first byte, and all that are compared at a place cost every document.
  @Test func fewOfManyNamesInKatakanaAreComparedAtAPlace() throws {
    let kana = (0x30A2...0x30F3).compactMap { Unicode.Scalar(UInt32($0)) }
    let names = kana.flatMap { first in kana.prefix(40).map { "\(first)\($0)ン" } }
    let technologies = TechnologyLexicon(
      adding: try OwnTechnologies(parsing: names.joined(separator: "\n")))
    #expect(technologies.mostCandidates <= 64)
    let found = technologies.matches(in: Array("設計 アイン、ロアン、C言語とJava".utf8))
    #expect(found.map(\.term) == ["アイン", "ロアン", "c"])
  }

  @Test(arguments: ["a", "12", "x\ty\tz", "ab\nAB", String(repeating: "長", count: 101)])
  func aBadLineIsRefused(text: String) {
    #expect(throws: CodingError.self) { try OwnTechnologies(parsing: text) }
  }
}
