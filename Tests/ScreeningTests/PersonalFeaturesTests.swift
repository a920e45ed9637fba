import DocumentReader
import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If this fails, a model looks at who somebody is, or where they live.
@Suite struct PersonalFeaturesTests {
  private static let sample: String = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root.appending(path: "tools/sample").path
  }()

  /// What the made-up résumés say of a person, beside name and mail: behind these labels or below them.
  private static let labels = ["生年月日", "現住所"]

  /// A manifest of the first of the made-up applicants.
  private func manifest(in folder: String, count: Int) throws -> String {
    let lines = try String(contentsOfFile: Self.sample + "/manifest.jsonl", encoding: .utf8)
      .split(separator: "\n").prefix(count)
      .map { $0.replacing("\"pdf/", with: "\"\(Self.sample)/pdf/") }
    let manifest = folder + "/manifest.jsonl"
    try lines.joined(separator: "\n").write(toFile: manifest, atomically: true, encoding: .utf8)
    return manifest
  }

  /// Names, mails, dates of birth and addresses of all applicants, and the other lines of their documents.
  private func lines(
    of office: Office
  ) async throws -> (personal: Set<String>, addresses: Int, others: [Set<Substring>]) {
    var (personal, addresses): (Set<String>, Int) = ([], 0)
    var others: [Set<Substring>] = []
    for applicant in try await office.applicants(by: .commandLine) {
      let detail = try await office.applicant(
        ApplicantNumber(applicant.applicant), by: .commandLine)
      let name = try #require(detail.summary.name).filter { !$0.isWhitespace }
      personal.formUnion([name, try #require(detail.email)])
      let lines = detail.documents.compactMap(\.text).flatMap { $0.split(separator: "\n") }
      var rest = Set(lines.filter { !$0.contains(name) })
      for (line, next) in zip(lines, lines.dropFirst()) {
        guard let label = Self.labels.first(where: { line.hasPrefix($0) }) else { continue }
        let own = line.dropFirst(label.count).drop { $0.isWhitespace }
        personal.insert(String(own.isEmpty ? next : own))
        rest.remove(own.isEmpty ? next : line)
        if label == "現住所" { addresses += 1 }
      }
      others.append(rest)
    }
    return (personal, addresses, others)
  }

  /// The terms that the models learn of all openings.
  private func features(of office: Office, _ request: TrainRequest) async throws -> Set<String> {
    var terms: Set<String> = []
    for model in try await office.train(request, by: .commandLine) {
      let detail = try office.model(ModelNumber(model.model))
      terms.formUnion(try #require(detail.weights).map(\.term))
    }
    return terms
  }

  /// How many applicants wrote each noun other than as the name of a person or a place, or a number.
  private func commonTerms(of office: Office) throws -> [String: Int] {
    let personal = ["人名", "地域", "-数", "助数詞"]
    var counts: [String: Int] = [:]
    for number in 1...(try office.applicantCount()) {
      let row = try #require(try office.newestRow(ApplicantNumber(number)))
      var terms: Set<String> = []
      for reading in row.newestReadings {
        let tokens = try office.tokens(of: try DocumentRead(try office.event(reading.position)))
        for token in tokens.tokens
        where !personal.contains(where: token.partOfSpeech.contains) { terms.insert(token.term) }
      }
      for term in terms { counts[term, default: 0] += 1 }
    }
    return counts
  }

  /// Terms that state a matter of the lexicon or a number, or that hardly anybody wrote but as a name.
  private func forbidden(in terms: Set<String>, _ common: [String: Int]) -> Set<String> {
    let lexicon = ExclusionLexicon.standard
    let phrases = Set(lexicon.phrases.map(\.text))
    return terms.filter { term in
      phrases.contains(term) || phrases.contains { $0.count > 2 && term.contains($0) }
        || !term.contains { $0.isLetter && !$0.isNumber }
        || common[term, default: 0] < 3 && !lexicon.allowed.contains(term)
    }
  }

  @Test func nothingPersonalOfTheMadeUpApplicantsIsAFeature() async throws {
    try await withTemporaryDirectory { folder in
      let manifest = try manifest(in: folder, count: 100)
      try await withOffice { office in
        for name in ["sato", "suzuki"] {
          _ = try await office.addUser(
            email: "\(name)@example.jp", name: name, role: .reviewer, password: "long enough",
            by: .commandLine)
        }
        let report = try await office.importManifest(
          manifest, by: Origin(actor: .operator, channel: .import))
        #expect(report.imported == 100)
        let (personal, addresses, others) = try await lines(of: office)
        #expect(addresses > 20, "the documents tell no addresses")
        let terms = try await features(of: office, TrainRequest())
        #expect(terms.count > 100)
        let common = try commonTerms(of: office)
        #expect(forbidden(in: terms, common) == [])
        // What would be found if no lexicon forbade it, so that nothing found says something.
        let places = ["青葉", "白浜", "桜川", "若草"]
        let allowing = "name none\n" + places.map { "allow \($0)\n" }.joined()
        let free = try await features(of: office, TrainRequest(lexicon: allowing))
        let found = forbidden(in: free, common)
        #expect(!found.isDisjoint(with: places) && found.contains { common[$0] != nil })
        for term in terms where personal.contains(where: { $0.contains(term) }) {
          // 中央 is a part of a school's name as well: that alone would make it a feature.
          let elsewhere = others.count { lines in lines.contains { $0.contains(term) } }
          #expect(elsewhere >= 3, "\(term) is a feature for standing in what is personal")
        }
      }
    }
  }

  /// A log whose models learnt under the former built-in lexicon keeps it; a new one begins with the present one.
  @Test func aLogKeepsTheLexiconThatItsModelsLearntUnder() async throws {
    try await withOffice { office in
      let present = try office.lexicon()
      #expect(present.name == "standard-5")
    }
    try await withTemporaryDirectory { folder in
      let kept = URL(fileURLWithPath: Self.sample).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "snapshots/replay/v1/data").path
      try FileManager.default.copyItem(atPath: kept, toPath: folder + "/data")
      let office = try Office.open(
        OfficeConfiguration(directory: folder + "/data", worker: product("senko-worker")))
      defer { office.close() }
      let former = try office.lexicon(asOf: .position(1))
      #expect(former.name == "standard-1")
      // What is shown of it is the same one when it is given back, though a new text would be matched in the newest way.
      let again = try ExclusionLexicon(given: former.text)
      #expect(again.id == former.digest)
      let difference = try office.lexiconDifference(former.text, asOf: .position(1))
      #expect(difference.added.isEmpty && difference.removed.isEmpty)
    }
  }
}
