import Cryptography
import EventStore
import Foundation
import Projections
import TestSupport
import Testing

@testable import Screening

/// If these fail, a model depends on what happened to be kept of earlier trainings, or something is kept of the erased.
@Suite struct KeptNounsTests {
  private func digest(_ office: Office) async throws -> [Digest] {
    let model = try #require(try await office.train(by: .commandLine).first)
    let event = try office.trainedModel(ModelNumber(model.model)).event
    return [event.dataDigest, event.file]
  }

  private func kept(_ office: Office) throws -> Int {
    try office.views.count(of: KeptNouns.table)
  }

  /// Whatever is recorded between two trainings, the second one learns from the record as it stands.
  @Test func whatWasKeptGivesTheModelsOfTheRecord() async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    try await withOffice { office in
      try await office.registerLabelled(0..<40)
      var (next, erased) = (40, Set<UInt64>())
      _ = try await digest(office)
      for round in 0..<8 {
        var whom = UInt64.random(in: 1...UInt64(next), using: &random)
        while erased.contains(whom) { whom = UInt64.random(in: 1...UInt64(next), using: &random) }
        let number = ApplicantNumber(whom)
        switch round % 4 {
        case 0:
          // Words of one's own name and address are no nouns.
          let correction =
            round == 0 ? Correction(name: "会議 設計") : Correction(email: "報告@example.jp")
          _ = try await office.correct(number, correction, by: .commandLine)
        case 1:
          try await office.registerLabelled(next..<(next + 2))
          next += 2
        case 2:
          let text = try office.lexicon().text + "exclude own-rule \(round == 2 ? "提案" : "研修")\n"
          _ = try await office.adoptLexicon(text, by: .commandLine)
        default:
          _ = try await office.erase([number], reason: "request", by: .commandLine)
          erased.insert(whom)
        }
        let usual = try await digest(office)
        #expect(try kept(office) == next - erased.count, "round \(round), seed \(seed)")
        _ = try office.rebuild()
        #expect(try kept(office) == 0)
        #expect(try await digest(office) == usual, "round \(round), seed \(seed)")
      }
    }
  }

  /// Audits repeat a training from the record; a training after the first one reads what was kept.
  @Test func anAuditBelievesNothingThatWasKept() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<30)
      let honest = try await digest(office)
      // Another applicant's nouns under the second one's number and key.
      let rows = try [1, 2].map { try #require(try office.newestRow(ApplicantNumber($0))) }
      let keys = rows.map { $0.number.rawValue.viewKey }
      let stored = try #require(try office.views.kept(at: keys, in: KeptNouns.table))
      func open(_ index: Int) throws -> [UInt8] {
        var opened: [UInt8] = []
        let ranges = try office.log.openAside(
          [(rows[index].subject, stored[index])], purpose: "nouns", into: &opened)
        #expect(ranges != nil)
        return opened
      }
      let (first, second) = (try open(0), try open(1))
      let basis = Int(second[0]) + 1
      let sealed = try office.log.sealAside(
        [(rows[1].subject, Array(second[..<basis] + first[basis...]))], purpose: "nouns")
      try office.views.keep([(keys[1], try #require(sealed[0]))], in: KeptNouns.table)
      #expect(try await digest(office) != honest)
      let report = try await office.verify(retrain: true)
      #expect(report.models.verified == 1 && report.models.failed == 1)
      // A row that another person's key sealed is none.
      try office.views.keep([(keys[1], stored[0])], in: KeptNouns.table)
      #expect(try await digest(office) == honest)
    }
  }

  /// Nobody reads in views what fewer than three people wrote, and an erased person's row is gone.
  @Test func spellingsAreSealed() async throws {
    try await withTemporaryDirectory { directory in
      let configuration = OfficeConfiguration(
        directory: directory + "/data", worker: product("senko-worker"))
      let office = try Office.open(configuration, create: true)
      for seed in 0..<24 {
        let number = try await office.register(seed, adding: seed < 2 ? "珪藻の研究。\n" : "")
        _ = try await office.label(number, seed % 2 == 0 ? .ok : .ng, by: .commandLine)
      }
      _ = try await digest(office)
      #expect(try kept(office) == 24)
      _ = try await office.erase([ApplicantNumber(7)], reason: "request", by: .commandLine)
      #expect(try kept(office) == 23)
      office.close()
      let file = try Data(contentsOf: URL(fileURLWithPath: directory + "/data/views/data.mdb"))
      #expect(file.range(of: Data("珪藻".utf8)) == nil, "a noun of two people stands in the views")
    }
  }
}
