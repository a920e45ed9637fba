import EventStore
import Projections
import Synchronization
import TestSupport
import Testing

@testable import Screening

/// If these fail, somebody is answered and another process, or the same one, goes on telling what was before.
@Suite struct PresentTests {
  /// A document that is read at once.
  private let document = DocumentFile(bytes: Array("システム開発の経験".utf8))

  @Test func whatIsAnsweredForIsFolded() async throws {
    try await withOffice { office in
      func expectFolded(_ command: String) throws {
        #expect(try office.views.folded() == office.log.head, "\(command)")
        #expect(try office.present == office.log.head, "\(command)")
      }
      let user = try await office.addUser(
        email: "sato@example.jp", name: "佐藤", role: .reviewer, password: "password",
        by: .commandLine)
      try expectFolded("user add")
      let number = ApplicantNumber(
        try await office.register(
          Application(name: "応募", documents: [document]), by: .commandLine
        ).applicant)
      try expectFolded("register")
      let origin = Origin(actor: .user(user), channel: .http)
      _ = try await office.label(number, .ok, by: origin)
      try expectFolded("label")
      _ = try await office.applicants(by: origin)
      try expectFolded("looking at a list")
      _ = try await office.rotateSigningKey(by: .commandLine)
      try expectFolded("rotate-key")
      _ = try await office.erase([number], reason: "request", by: .commandLine)
      try expectFolded("erase")
    }
  }

  @Test func aPortionOfAnImportIsFoldedBeforeItIsCounted() async throws {
    try await withOffice { office in
      let prepared = try await [
        office.prepare(Application(name: "応募一", documents: [document]), lesson: nil),
        office.prepare(Application(name: "応募二", documents: [document]), lesson: nil),
      ]
      #expect(await office.record(prepared, by: .commandLine).count == 2)
      #expect(try office.views.folded() == office.log.head)
    }
  }

  @Test func thePresentStaysWhileViewsAreFoldedAnew() async throws {
    try await withOffice { office in
      let number = ApplicantNumber(
        try await office.register(
          Application(name: "応募", documents: [document]), by: .commandLine
        ).applicant)
      let present = try office.present
      // Every erasure outdates what hangs on a key; here nobody has folded it anew.
      let subject = try #require(try office.newestRow(number)).subject
      let erased = ApplicantErased(
        applicant: number, subject: subject, reason: "request", request: .zero, models: [])
      _ = try await office.log.erase(
        [subject], recording: Origin.commandLine.append([erased.draft()]))
      #expect(try office.views.folded() == .zero)
      #expect(try office.present >= present)
      #expect(try office.resolve(.now, seen: office.present) >= present)
      #expect(try office.views.folded() >= present)
    }
  }

  @Test func whatWasAppendedAndNotFoldedIsToldAtTheNextStartAndAtTheSecondLook() async throws {
    try await withTemporaryDirectory { folder in
      let configuration = OfficeConfiguration(
        directory: folder + "/data", worker: product("senko-worker"))
      try Office.open(configuration, create: true).close()
      do {
        // As a process that was killed between the two.
        let log = try EventLog.open(folder + "/data")
        defer { log.close() }
        let policy = PolicyAdopted(threshold: 7000, scores: .always)
        _ = try await log.append(Origin.commandLine.append([policy.draft()]))
      }
      let office = try Office.open(configuration)
      defer { office.close() }
      #expect(try office.present == office.log.head)
      // An office that was open before knows nothing of it.
      office.told.withLock { $0 = .zero }
      #expect(try office.present == .zero)
      try office.settle()
      try office.settle()
      #expect(try office.present == office.log.head)
      #expect(try office.views.folded() == office.log.head)
      #expect(try office.policy(asOf: .resolved(office.present)).threshold == 7000)
    }
  }
}
