import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore
@testable import Screening

/// Whoever takes the disk away after an erasure must find nothing of the erased on it.
@Suite struct ForensicsTests {
  /// What only one person supplied, each thing with a mark of its own.
  private struct Marks {
    /// Unlike what stands in any source or other run.
    private let run = UInt32.random(in: 100_000_000...999_999_999)

    var name: String { "犀川鷹之進\(run)" }
    var mail: String { "saikawa.takanoshin.\(run)" }
    var text: String { "螺鈿蒔絵漆器修復\(run)" }
    var file: String { "履歴書_鷹之進_極秘\(run)" }
    var reason: String { "面談時の遅刻癖\(run)" }
    var large: String { "深山幽谷観測所\(run)" }
    /// A single word, as models and vocabularies hold them.
    var noun: String {
      "zqx"
        + String(run).map { String("bcdfghjklm".map(\.self)[$0.wholeNumberValue ?? 0]) }.joined()
    }
    /// As above, in a PDF.
    var drawn: String { noun.replacing("zqx", with: "vwq") }

    var all: [String: String] {
      [
        "name": name, "mail": mail, "text": text, "file": file, "reason": reason, "large": large,
        "noun": noun, "noun in the PDF": drawn,
      ]
    }
  }

  private let marks = Marks()
  private let begun = Date()

  private func application(large: Bool) throws -> Application {
    var text = resume(skilled: true, 1) + "趣味は\(marks.text)です。\n\(marks.noun)を用いた開発。\n"
    if large {
      text += (0..<6000).map { "第\($0)回、\(marks.large)で測定した。\n" }.joined()
    }
    let drawn = SamplePDF.page(SamplePDF.lines(["\(marks.drawn)を用いた設計と試験", "要件定義と運用"]))
    return Application(
      name: marks.name, email: "\(marks.mail)@example.jp", opening: try Opening("engineer"),
      documents: [
        .init(bytes: Array(text.utf8), name: "\(marks.file).txt"),
        .init(bytes: drawn, name: "\(marks.file).pdf"),
      ],
      idempotencyKey: "key of \(marks.name)")
  }

  /// Does all that reads the person, so that whatever it leaves is left.
  private func use(_ number: ApplicantNumber, in office: Office) async throws {
    _ = try await office.label(number, .ng, reason: marks.reason, by: .commandLine)
    _ = try await office.train(by: .commandLine)
    let screening = try #require(try await office.screen([number], by: .commandLine).first)
    _ = try await office.openApplicant(number, by: .commandLine)
    _ = try await office.applicants(by: .commandLine)
    _ = try await office.why(number, by: .commandLine)
    _ = try await office.vocabulary()
    _ = try await office.declare(number, ["sex": "female"], by: .commandLine)
    _ = try await office.disclose(number, by: .commandLine)
    _ = try await office.dossier(of: number, by: .commandLine)
    #expect(try await office.verify(retrain: true).problems == [])

    // That nothing holds the two words afterwards says something only where they were nouns before.
    let row = try #require(try office.newestRow(number))
    let position = Position(rawValue: screening.position)
    let screened = try ApplicantScreened(try office.event(position))
    let nouns = try office.nouns(
      of: row, screened.readings, without: office.lexiconInForce(asOf: position))
    for noun in [marks.noun, marks.drawn] {
      #expect(nouns.terms.contains { $0.term == Array(noun.utf8) }, "\(noun) is no noun")
    }
  }

  @Test(arguments: [false, true])
  func noFileYieldsAnythingOfTheErased(large: Bool) async throws {
    try await withTemporaryDirectory { directory in
      let configuration = OfficeConfiguration(
        directory: directory + "/data", worker: product("senko-worker"))
      var secrets: [String: Data] = marks.all.mapValues { Data($0.utf8) }
      do {
        let office = try Office.open(configuration, create: true)
        defer { office.close() }
        try await office.registerLabelled(2..<26)
        let number = ApplicantNumber(
          try await office.register(application(large: large), by: .commandLine).applicant)
        try await use(number, in: office)
        try await office.keepEscrow(at: directory + "/escrow")
        _ = try await office.backup(to: directory + "/before")
        let row = try #require(try office.newestRow(number))
        add(try office.log.subject(row.subject).key.bytes, "key", to: &secrets)
        let wrapping = try #require(
          FileManager.default.contents(atPath: directory + "/data/wrapping-key"))
        let digits = try #require(
          String(decoding: wrapping, as: UTF8.self).split(separator: "\n").last)
        add(try #require(bytes(hexadecimal: digits)), "wrapping key", to: &secrets)
        _ = try await office.erase([number], reason: "request", by: .commandLine)
        _ = try await office.train(by: .commandLine)
        _ = try await office.backup(to: directory + "/after")
        _ = try await office.export(to: directory + "/export")
      }
      for backup in ["before", "after"] {
        _ = try await Office.restore(
          backup: directory + "/" + backup, escrow: directory + "/escrow",
          OfficeConfiguration(
            directory: directory + "/restored-" + backup, worker: product("senko-worker")))
      }
      try expect(secrets, in: directory, among: 20)
      try expectOnlySurvivorsDocuments(in: directory)
      // Whatever was put down beside the folder for a moment.
      try expect(secrets, in: NSTemporaryDirectory(), among: 0)
    }
  }

  /// Adds a key in each of the spellings that a file may hold it in.
  private func add(_ key: [UInt8], _ name: String, to secrets: inout [String: Data]) {
    secrets[name] = Data(key)
    secrets["\(name) in hexadecimal"] = Data(hexadecimal(key).utf8)
    secrets["\(name) in Base64"] = Data(Data(key).base64EncodedString().utf8.prefix(43))
  }

  /// Expects that no file below `folder` that was written since the test began holds one of the secrets, in its
  /// content or name.
  private func expect(_ secrets: [String: Data], in folder: String, among least: Int) throws {
    let manager = FileManager.default
    let paths = try #require(manager.enumerator(atPath: folder))
    var seen = 0
    while let path = paths.nextObject() as? String {
      // What another test removes meanwhile, and what is no file, is passed over.
      let attributes = try? manager.attributesOfItem(atPath: folder + "/" + path)
      if least == 0, isAnothers(path, attributes) { paths.skipDescendants() }
      guard attributes?[.type] as? FileAttributeType == .typeRegular,
        let changed = attributes?[.modificationDate] as? Date,
        changed >= begun.addingTimeInterval(-1),
        let bytes = manager.contents(atPath: folder + "/" + path)
      else { continue }
      seen += 1
      for (what, secret) in secrets {
        #expect(bytes.range(of: secret) == nil, "\(path) holds the \(what)")
        #expect(Data(path.utf8).range(of: secret) == nil, "\(path) is called after the \(what)")
      }
    }
    #expect(seen >= least)
  }

  /// Whether a folder is one that a test made for itself, this one's included, or lies deeper than anything would be
  /// put that is only for a moment.
  private func isAnothers(_ path: String, _ attributes: [FileAttributeKey: Any]?) -> Bool {
    guard attributes?[.type] as? FileAttributeType == .typeDirectory else { return false }
    return path.hasPrefix("senko-") || path.split(separator: "/").count > 3
  }

  /// Only the survivors' documents are left in the folders that know of the erasure.
  private func expectOnlySurvivorsDocuments(in directory: String) throws {
    for folder in ["data", "after", "restored-after"] {
      let paths =
        FileManager.default.enumerator(atPath: directory + "/" + folder + "/documents")?
        .compactMap { $0 as? String } ?? []
      #expect(paths.filter { $0.contains("/") }.count == 24, "\(folder)")
    }
  }
}
