import Foundation
import TestSupport
import Testing

/// If these fail, who looks into what is read, or changes what may decide, is shown another state of it than the one
/// that models learn from.
@Suite struct ReadingCommandsTests {
  /// What `senko read --json` prints.
  private struct Report: Decodable {
    struct Noun: Decodable {
      var term: String
      var count: Int
    }
    struct Word: Decodable {
      var offset: Int
      var length: Int
      var term: String
      var kind: String
      var partOfSpeech: String
      var noun: Bool
      var excluded: String?
      var phrase: String?
    }
    var file: String
    var status: String
    var raw: String
    var text: String
    var nouns: [Noun]
    var tokens: [Word]
    var lexicon: String
    var flags: [String]
    var quality: [String: Int]
    var fingerprint: String
    var analysis: [String: String]
    var wallMicroseconds: Int
    var processorMicroseconds: Int
    var peakMemoryBytes: Int
  }

  private func decoded<Value: Decodable>(
    _ type: Value.Type, _ result: Program.Result
  ) throws -> Value {
    #expect(result.status == 0, "\(result.errors)")
    return try JSONDecoder().decode(type, from: Data(result.output.utf8))
  }

  private func write(_ text: some StringProtocol, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// More words than are printed at once.
  private static let lines = 600

  /// On a command line others of the machine would see it.
  @Test func aPasswordIsTakenFromAFile() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: nil)
      let (document, password) = try #require(SamplePDF.locked.last)
      let path = folder + "/locked.pdf"
      try Data(document).write(to: URL(fileURLWithPath: path))
      let without = try senko("read", path)
      #expect(without.output.hasPrefix("unreadable: encrypted\n"))
      #expect(without.errors.contains("--password-file"))
      let explained = try senko("read", path, "--explain")
      #expect(explained.errors.contains("--password-file"))
      #expect(!explained.errors.contains("Ask the applicant"))
      let given = try senko("read", path, "--password-file", "/dev/stdin", input: password + "\n")
      #expect(given.output.contains("Java billing service"), "\(given)")
      #expect(!given.errors.contains("encrypted"))
      try write("wrong", to: folder + "/password")
      let wrong = try senko("read", path, "--password-file", folder + "/password")
      #expect(wrong.output.hasPrefix("unreadable: encrypted\n"))
      #expect(wrong.errors.contains("does not open"), "\(wrong.errors)")
      #expect(!wrong.errors.contains("wrong"))
    }
  }

  @Test func readShowsAllThatAReadingRecords() async throws {
    try await withTemporaryDirectory { folder in
      let line = "ＳＱＬによる設計と開発を担当。本籍は\"tokens\":[の欄。\n"
      try write(String(repeating: line, count: Self.lines), to: folder + "/a.txt")
      let result = try Program(data: nil)("read", folder + "/a.txt", "--json", "--own", "開発")
      #expect(result.output.hasSuffix("}\n") && result.output.count { $0 == "\n" } == 1)
      let report = try decoded(Report.self, result)
      #expect(report.status == "read" && report.file.hasSuffix("/a.txt"))
      #expect(report.raw.contains("ＳＱＬ") && !report.text.contains("ＳＱＬ"))
      let text = Array(report.text.utf8)
      #expect(report.tokens.count > 3_000 && report.tokens.count % Self.lines == 0)
      var last = 0
      for (term, surface) in [("設計", "設計"), ("sql", "SQL"), ("本籍", "本籍"), ("開発", "開発")] {
        let words = report.tokens.filter { $0.term == term && $0.kind == "word" }
        #expect(words.count == Self.lines, "\(term)")
        #expect(
          words.allSatisfy { Array(text[$0.offset..<$0.offset + $0.length]) == Array(surface.utf8) }
        )
      }
      for word in report.tokens {
        #expect(word.offset >= last && word.offset + word.length <= text.count)
        last = word.offset
      }
      func excluded(_ category: String) -> Set<String> {
        Set(report.tokens.filter { $0.excluded == category }.map(\.term))
      }
      #expect(excluded("birthplace") == ["本籍"] && excluded("own") == ["開発"])
      #expect(report.tokens.first { $0.term == "本籍" }?.phrase == "本籍")
      #expect(report.tokens.contains { !$0.noun && $0.partOfSpeech.hasPrefix("助詞") })
      #expect(report.nouns.first { $0.term == "設計" }?.count == Self.lines)
      #expect(!report.nouns.contains { ["本籍", "開発"].contains($0.term) })
      #expect(report.flags.isEmpty && report.quality["nouns", default: 0] > 3)
      for digest in [report.lexicon, report.fingerprint, report.analysis["probe"] ?? ""] {
        #expect(digest.wholeMatch(of: /[0-9a-f]{64}/) != nil)
      }
      #expect(report.wallMicroseconds > 0 && report.processorMicroseconds > 0)
      #expect(report.peakMemoryBytes > 1 << 20)

      let plain = try Program(data: nil)("read", folder + "/a.txt").output
      for part in ["設計 \(Self.lines)", "本籍 (birthplace)", "quality: ", "fingerprint: "] {
        #expect(plain.contains(part), "\(part)")
      }
    }
  }

  @Test func explainShowsTheBoxesInReadingOrder() async throws {
    struct Page: Decodable {
      struct Box: Decodable {
        var kind: String
        var left: Int
        var top: Int
        var text: String
      }
      var page: Int
      var orientation: String
      var boxes: [Box]
    }
    try await withTemporaryDirectory { folder in
      // Drawn from the bottom to the top.
      let content =
        SamplePDF.show("開発を担当", x: 50, y: 700) + SamplePDF.show("設計を担当", x: 50, y: 740)
        + SamplePDF.show("職務経歴書", x: 50, y: 780)
      let path = folder + "/a.pdf"
      try Data(SamplePDF.page(content)).write(to: URL(fileURLWithPath: path))
      let page = try decoded(
        Page.self, try Program(data: nil)("read", path, "--explain", "--json"))
      #expect(page.page == 1 && page.orientation == "horizontal")
      #expect(page.boxes.map(\.text) == ["職務経歴書", "設計を担当", "開発を担当"])
      #expect(page.boxes.map(\.top) == page.boxes.map(\.top).sorted())
      #expect(page.boxes.allSatisfy { $0.kind == "line" && abs($0.left - 50) <= 1 })
      let table = try Program(data: nil)("read", path, "--explain").output
      let places = page.boxes.compactMap { table.firstRange(of: $0.text)?.lowerBound }
      #expect(table.hasPrefix("page 1: horizontal\n"))
      #expect(places.count == 3 && places == places.sorted())
    }
  }

  /// Nothing at all would look like a page without a word.
  @Test func explainSaysWhyItShowsNothing() async throws {
    try await withTemporaryDirectory { folder in
      try write("設計を担当", to: folder + "/a.txt")
      try write("%PDF-1.4 no more", to: folder + "/b.pdf")
      try write("no beginning of one", to: folder + "/c.PDF")
      for (name, reason) in [("a.txt", "plain text"), ("b.pdf", "damaged"), ("c.PDF", "damaged")] {
        let said = try Program(data: nil)("read", folder + "/" + name, "--explain")
        #expect(said.output.isEmpty && said.status == 0)
        #expect(said.errors.contains(reason), "\(said.errors)")
      }
    }
  }

  /// A store with labelled applicants.
  private func store(in folder: String, _ numbers: Range<Int> = 0..<24) throws -> Program {
    let senko = Program(data: folder + "/data")
    if numbers.lowerBound == 0 {
      let added = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      #expect(added.status == 0, "\(added.errors)")
    }
    var lines = ""
    for number in numbers {
      let skilled = number % 2 == 0
      try write(resume(skilled: skilled, number), to: "\(folder)/\(number).txt")
      lines +=
        #"{"key":"\#(number)","name":"応募\#(number)","documents":["\#(number).txt"],"#
        + #""label":"\#(skilled ? "ok" : "ng")","labelledBy":"a@example.jp"}"# + "\n"
    }
    try write(lines, to: folder + "/manifest.jsonl")
    let imported = try senko("import", folder + "/manifest.jsonl")
    #expect(imported.status == 0, "\(imported.errors)")
    return senko
  }

  private func terms(ofModel number: Int, _ senko: Program) throws -> Set<String> {
    struct Model: Decodable {
      struct Weight: Decodable { var term: String }
      var weights: [Weight]
    }
    let model = try decoded(Model.self, try senko("model", String(number), "--json"))
    return Set(model.weights.map(\.term))
  }

  @Test func aLexiconIsShownChangedComparedAdoptedAndLearntUnder() async throws {
    struct Difference: Decodable, Equatable {
      var added: [String]
      var removed: [String]
    }
    try await withTemporaryDirectory { folder in
      let senko = try store(in: folder)
      #expect(try senko("train").status == 0)
      #expect(try terms(ofModel: 1, senko).contains("設計"))
      let shown = try senko("lexicon", "show").output
      let path = folder + "/lexicon"
      try write(shown, to: path)
      #expect(try senko("lexicon", "diff", path) == .init(status: 0, output: "", errors: ""))

      // Notes, order, spacing and width state nothing; two statements are others.
      var statements = shown.split(separator: "\n").map(String.init)
      let removed = try #require(statements.first { $0 == "exclude birthplace 本籍" })
      statements.removeAll { $0 == removed }
      let spaced = statements.reversed().map { $0.replacing(" ", with: "  ") + " " }
      try write(
        "# own rules\n\n" + spaced.joined(separator: "\n") + "\nexclude own-rule ＳＱＬ\n"
          + "exclude own-rule 設計\n", to: path)
      let compared = try senko("lexicon", "diff", path)
      #expect(
        compared.output
          == "- \(removed)\n+ exclude own-rule SQL\n+ exclude own-rule 設計\n")
      let difference = try decoded(
        Difference.self, try senko("lexicon", "diff", path, "--json"))
      #expect(
        difference
          == Difference(
            added: ["exclude own-rule SQL", "exclude own-rule 設計"], removed: [removed]))

      #expect(try senko("lexicon", "adopt", path, "--by", "a@example.jp").status == 0)
      #expect(try senko("lexicon", "diff", path).output.isEmpty)
      #expect(try senko("lexicon", "diff", path, "--as-of", "1").output == compared.output)
      #expect(try senko("lexicon", "show").output.contains("exclude own-rule 設計\n"))
      #expect(try senko("train").status == 0)
      let learnt = try terms(ofModel: 2, senko)
      #expect(!learnt.contains("設計") && learnt.contains("開発"))

      try write("exclude\n", to: path)
      for command in ["diff", "adopt"] {
        let refused = try senko("lexicon", command, path)
        #expect(refused.status == 1 && refused.errors.contains("Line 1"), "\(refused)")
      }
    }
  }

  @Test func documentsAreReadAgainUnderAnotherTechnologyLexicon() async throws {
    struct Reread: Decodable {
      var analysis: String
      var current: Int
      var outdated: Int
      var appended: Int
    }
    try await withTemporaryDirectory { folder in
      _ = try store(in: folder)
      try write("在庫君\n", to: folder + "/data/technology-lexicon.tsv")
      let senko = try store(in: folder, 24..<25)
      #expect(try senko("reread").status == 64)
      let mixed = try senko("train")
      #expect(mixed.status == 1 && mixed.errors.contains("--analysis"), "\(mixed)")
      let rehearsed = try decoded(
        Reread.self, try senko("reread", "--all", "--dry-run", "--json"))
      #expect(
        (rehearsed.current, rehearsed.outdated, rehearsed.appended) == (1, 24, 0))
      let few = try senko("train", "--analysis", rehearsed.analysis)
      #expect(few.status == 1, "a training mixed analyses: \(few)")
      let done = try decoded(Reread.self, try senko("reread", "--all", "--json"))
      #expect((done.outdated, done.appended) == (24, 24))
      #expect(try senko("train").status == 0)
      let again = try senko("reread", "--all").output
      #expect(again.contains(/up to date +25,/) && again.contains(/read again +0\n/), "\(again)")
      try write("<html>", to: folder + "/none.txt")
      #expect(try senko("register", folder + "/none.txt", "--name", "佐藤 次郎").status == 0)
      let tried = try senko("reread", "--all").output
      #expect(tried.contains(/unreadable +1\n/), "\(tried)")
      #expect(tried.contains(/in vain +1: 1 not-a-document\n/), "\(tried)")
      let left = try senko("reread", "--all").output
      #expect(left.contains(/unreadable +1, of which 1 were tried/), "\(left)")
      #expect(left.contains(/in vain +0\n/), "\(left)")
      #expect(try senko("reread", "--all", "--retry").output.contains("1 not-a-document"))
    }
  }
}
