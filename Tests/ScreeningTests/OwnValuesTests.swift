import EventStore
import Foundation
import TestSupport
import Testing

@testable import DocumentReader
@testable import Screening

/// If these fail, a model learns and judges by what only one person has, or a person is not told all that is held.
@Suite struct OwnValuesTests {
  private static let kana = "ネコノヒゲ ハナ"
  private static let address = "霧島県白波市3-2-1 有明ハイツ"
  private static let text = """
    ねこのひげと申します。有明ハイツにおります。
    データベースの設計と開発を担当しました。催しの企画も経験。
    """

  private func register(
    _ office: Office, kana: String? = nil, address: String? = nil, key: String? = nil
  ) async throws -> ApplicantNumber {
    let registration = try await office.register(
      Application(
        name: "猫髭 花", kana: kana, address: address, opening: try Opening("engineer"),
        documents: [DocumentFile(bytes: Array(Self.text.utf8))], idempotencyKey: key),
      by: .commandLine)
    return ApplicantNumber(registration.applicant)
  }

  /// The nouns that are left of what somebody wrote where nothing is excluded but what is their own.
  private func nouns(of number: ApplicantNumber, _ office: Office) throws -> Set<String> {
    let row = try #require(try office.newestRow(number))
    let nouns = try office.nouns(
      of: row, row.newestReadings.map(\.position),
      without: ExclusionLexicon.standard.withoutStatements)
    return Set(nouns.terms.map { String(decoding: $0.term, as: UTF8.self) })
  }

  @Test func kanaAndAddressAreNoNouns() async throws {
    try await withOffice { office in
      let without = try nouns(of: try await register(office), office)
      let number = try await register(office, kana: Self.kana, address: Self.address)
      let with = try nouns(of: number, office)
      let work: Set = ["データベース", "設計", "開発", "企画", "経験"]
      #expect(with.isSuperset(of: work) && without.isSuperset(of: with))
      let own = without.subtracting(with)
      #expect(own.contains { "有明ハイツ".contains($0) }, "\(own)")
      #expect(own.contains { "ねこのひげ".contains($0) }, "\(own)")
      // Whoever asks what was excluded is shown the same.
      let row = try #require(try office.newestRow(number))
      let unfiltered = try office.unfilteredNouns(
        of: row, row.newestReadings.map(\.position), less: ExclusionLexicon.standard)
      #expect(
        unfiltered.terms.allSatisfy { !own.contains(String(decoding: $0.term, as: UTF8.self)) })
    }
  }

  @Test func whatIsCorrectedCountsFromThenOn() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<24)
      _ = try await office.train(by: .commandLine)
      let number = try await register(office)
      let before = try nouns(of: number, office)
      let screened = try #require(try office.newestRow(number)?.screening?.position)
      _ = try await office.correct(
        number, Correction(kana: Self.kana, address: Self.address), by: .commandLine)
      #expect(try nouns(of: number, office).isStrictSubset(of: before))
      let again = try #require(try office.newestRow(number)?.screening?.position)
      #expect(again > screened)
      _ = try await office.screen([number], by: .commandLine)
      #expect(try office.newestRow(number)?.screening?.position == again)
      // As of then, they were nobody's own.
      let row = try office.applicantRow(number, asOf: screened)
      #expect(row.further.isEmpty)
      #expect(try await office.verify(retrain: true).problems == [])
    }
  }

  @Test func theyAreToldToThePersonAndEndWithThem() async throws {
    try await withTemporaryDirectory { directory in
      let office = try Office.open(
        OfficeConfiguration(directory: directory + "/data", worker: product("senko-worker")),
        create: true)
      defer { office.close() }
      let number = try await register(office, kana: Self.kana, address: Self.address, key: "1")
      let detail = try await office.applicant(number, by: .commandLine)
      #expect(detail.kana == Self.kana && detail.address == Self.address)
      let told = try await office.disclose(number, by: .commandLine)
      for language in CardLanguage.allCases {
        let text = told.text(in: language)
        #expect(text.contains(Self.kana) && text.contains(Self.address))
      }
      let dossier = try await office.dossier(of: number, by: .commandLine)
      #expect(dossier.opened.first { $0.member == "kana" }?.text == Self.kana)
      #expect(dossier.opened.first { $0.member == "address" }?.text == Self.address)
      #expect(dossier.html(in: .ja).contains(Self.address))

      // A second try says the same; with another address it is another registration.
      #expect(
        try await register(office, kana: Self.kana, address: Self.address, key: "1") == number)
      let other = await #expect(throws: ScreeningError.self) {
        try await register(office, kana: Self.kana, address: "別の住所", key: "1")
      }
      #expect(other?.kind == .conflict)

      // In clear they are nowhere, and an erasure leaves nothing that opens them.
      for path in try FileManager.default.subpathsOfDirectory(atPath: directory) {
        guard let data = FileManager.default.contents(atPath: directory + "/" + path) else {
          continue
        }
        for secret in [Self.kana, Self.address] {
          #expect(data.range(of: Data(secret.utf8)) == nil, "\(path)")
        }
      }
      let registered = try ApplicantRegistered(
        try office.event(try #require(try office.newestRow(number)).registered))
      _ = try await office.erase([number], reason: "request", by: .commandLine)
      for sealed in [registered.kana, registered.address] {
        let sealed = try #require(sealed)
        #expect(throws: EventLogError.self) {
          try office.log.open(sealed, purpose: SealedPurpose.kana.rawValue)
        }
      }
    }
  }

  @Test func anImportBringsThem() async throws {
    try await withTemporaryDirectory { folder in
      try Data(Self.text.utf8).write(to: URL(fileURLWithPath: folder + "/a.txt"))
      let line =
        #"{"key":"1","name":"猫髭 花","kana":"\#(Self.kana)","address":"\#(Self.address)","documents":["a.txt"]}"#
      try Data(line.utf8).write(to: URL(fileURLWithPath: folder + "/manifest.jsonl"))
      try await withOffice { office in
        let report = try await office.importManifest(
          folder + "/manifest.jsonl", by: Origin(actor: .operator, channel: .import))
        #expect(report.imported == 1, "\(report.failed)")
        let detail = try await office.applicant(ApplicantNumber(1), by: .commandLine)
        #expect(detail.kana == Self.kana && detail.address == Self.address)
      }
    }
  }

  @Test func whatIsEmptyOrTooLongIsRefused() async throws {
    try await withOffice { office in
      for (kana, address) in [(" ", nil), (nil, ""), (nil, String(repeating: "あ", count: 400))] {
        let refusal = await #expect(throws: ScreeningError.self) {
          try await register(office, kana: kana, address: address)
        }
        #expect(refusal?.kind == .invalid)
      }
    }
  }
}
