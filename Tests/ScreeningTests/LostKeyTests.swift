import Cryptography
import LMDB
import TestSupport
import Testing

@testable import EventStore
@testable import Screening

/// If these fail, one applicant whose key a disk has lost stops every training and every what-if of the opening.
@Suite struct LostKeyTests {
  private func loseKey(of number: ApplicantNumber, in office: Office) throws {
    let subject = try #require(try office.newestRow(number)).subject
    let log = office.log
    try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
      _ = try transaction.delete(subject.bytes, in: log.tables.keys)
    }
  }

  @Test func whoseKeyIsLostTeachesNothingAndHoldsUpNobody() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<26)
      let whole = try #require(try await office.train(by: .commandLine).first)
      #expect(whole.leftOut == LeftOut())
      try loseKey(of: ApplicantNumber(3), in: office)
      // The first one finds rows that were kept of everybody, the second one none.
      let model = try #require(try await office.train(by: .commandLine).first)
      _ = try office.rebuild()
      let again = try #require(try await office.train(by: .commandLine).first)
      #expect(model.digest == again.digest && model.digest != whole.digest)
      #expect(model.labels.ok + model.labels.ng == 25)
      let leftOut = try #require(model.leftOut)
      #expect((leftOut.lostKey, leftOut.total) == (1, 1))
      #expect(leftOut.sentence?.en.contains("senko repair") == true)
      let card = try await office.card(of: ModelNumber(model.model))
      #expect(card.data.leftOut == leftOut)
      #expect(card.warnings.contains { $0.text == leftOut.sentence })

      let replay = try await office.replay(ReplayRequest(opening: try Opening("engineer")))
      #expect(replay.digest == model.digest)
      #expect(try await office.verify(retrain: false).problems != [])
    }
  }

  /// If this fails, after an update of poppler one lost key or file keeps everybody's documents from being read again.
  @Test func aRereadPassesOverWhatADiskHasLostAndReadsTheRest() async throws {
    try await withOffice { office in
      let file = DocumentFile(bytes: Array("<html>これは文書ではない".utf8))
      for name in ["山田 花子", "佐藤 次郎", "高橋 三郎", "鈴木 四郎"] {
        _ = try await office.register(
          Application(name: name, documents: [file, file]), by: .commandLine)
      }
      try loseKey(of: ApplicantNumber(2), in: office)
      let row = try #require(try office.newestRow(ApplicantNumber(3)))
      let paths = try row.documents.map { (document) in
        let file = try DocumentAdded(try office.event(document.added)).file
        return office.log.folder.document(file.sealed)
      }
      try Files.remove(paths[0])
      try Files.write([1, 2, 3], to: paths[1])
      let report = try await office.reread(by: .commandLine)
      #expect(
        report.unopened.map { "\($0.applicant).\($0.document) \($0.reason)" }
          == ["2.1 lost-key", "2.2 lost-key", "3.1 file-missing", "3.2 file-damaged"])
      #expect(report.unreadable == 8 && report.inVain == ["not-a-document": 4])
    }
  }

  /// Whoever has to erase somebody is named by an address, which is sought among everybody's.
  @Test func oneUsersDamagedKeyKeepsNoOtherOneOut() async throws {
    try await withTemporaryDirectory { directory in
      let configuration = OfficeConfiguration(
        directory: directory + "/data", worker: product("senko-worker"))
      do {
        let office = try await Office.reopened(configuration)
        defer { office.close() }
        for name in ["a", "b"] {
          _ = try await office.addUser(
            email: "\(name)@example.jp", name: name, role: .admin, password: "long enough",
            by: .commandLine)
        }
        let subject = try #require(try office.userRows().first).email.subject
        let log = office.log
        try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          let row = [UInt8](repeating: 7, count: 60)
          try transaction.put(row, at: subject.bytes, in: log.tables.keys)
        }
      }
      let office = try await Office.reopened(configuration)
      defer { office.close() }
      #expect(try office.findUser(email: "B@example.jp")?.number == UserNumber(2))
      #expect(try office.addresses().count == 1)
      let users = try office.users()
      #expect(users.map(\.email) == [nil, "b@example.jp"])
      #expect(users.map(\.role) == [.admin, .admin])
      #expect(users.first?.damage?.contains("senko repair") == true && users.last?.damage == nil)
      let unknown = #expect(throws: ScreeningError.self) {
        try office.findUser(email: "a@example.jp")
      }
      #expect(unknown?.kind == .damaged)
    }
  }

  /// What is damaged otherwise is not passed over in silence.
  @Test func damageThatIsNoLostKeyStopsATraining() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<24)
      let row = try #require(try office.newestRow(ApplicantNumber(3)))
      let position = try #require(row.documents.first?.readings.last?.position)
      let tokens = try DocumentRead(try office.event(position)).tokens
      let log = office.log
      try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        let key = tokens.subject.bytes + tokens.sealed.bytes
        _ = try transaction.delete(key, in: log.tables.sealed)
      }
      await #expect(throws: ScreeningError.self) { try await office.train(by: .commandLine) }
    }
  }
}
