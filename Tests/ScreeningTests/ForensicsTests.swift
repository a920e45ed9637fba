import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore
@testable import Screening

/// Whoever takes the disk away after an erasure must find nothing of the erased on it.
@Suite struct ForensicsTests {
  /// What only this person supplied, each thing with a mark of its own.
  private static let marks: [String: String] = {
    // Unlike what stands in any source or other run.
    let run = UInt32.random(in: 100_000_000...999_999_999)
    return [
      "name": "犀川鷹之進\(run)", "mail": "saikawa.takanoshin.\(run)", "text": "螺鈿蒔絵漆器修復\(run)",
      "file": "履歴書_鷹之進_極秘\(run)", "reason": "面談時の遅刻癖\(run)", "large": "深山幽谷観測所\(run)",
    ]
  }()

  private func application(large: Bool) -> Application {
    var text = resume(skilled: true, 1) + "趣味は\(Self.marks["text"] ?? "")です。\n"
    if large {
      text += (0..<6000).map { "第\($0)回、\(Self.marks["large"] ?? "")で測定した。\n" }.joined()
    }
    return Application(
      name: Self.marks["name"] ?? "", email: "\(Self.marks["mail"] ?? "")@example.jp",
      documents: [.init(bytes: Array(text.utf8), name: "\(Self.marks["file"] ?? "").txt")],
      idempotencyKey: "key of \(Self.marks["name"] ?? "")")
  }

  @Test(arguments: [false, true])
  func noFileYieldsAnythingOfTheErased(large: Bool) async throws {
    try await withTemporaryDirectory { directory in
      let configuration = OfficeConfiguration(
        directory: directory + "/data", worker: product("senko-worker"))
      var secrets: [String: Data] = Self.marks.mapValues { Data($0.utf8) }
      do {
        let office = try Office.open(configuration, create: true)
        defer { office.close() }
        for seed in 2...4 {
          _ = try await office.register(
            Application(
              name: "残る\(seed)", documents: [.init(bytes: Array(resume(skilled: true, seed).utf8))]),
            by: .commandLine)
        }
        let number = ApplicantNumber(
          try await office.register(application(large: large), by: .commandLine).applicant)
        _ = try await office.label(
          number, .ng, reason: Self.marks["reason"], by: .commandLine)
        // Everything that reads the person is done once, so that whatever it leaves is left.
        _ = try await office.openApplicant(number, by: .commandLine)
        _ = try await office.applicants(by: .commandLine)
        _ = try await office.vocabulary()
        try await office.keepEscrow(at: directory + "/escrow")
        _ = try await office.backup(to: directory + "/before")
        let registered = try office.log.events(from: 1, limit: .max).compactMap {
          $0.data["name"].flatMap { SealedReference($0) }
        }
        let subject = try office.log.subject(try #require(registered.last).subject)
        secrets["key"] = Data(subject.key.bytes)
        let wrapping = try #require(
          FileManager.default.contents(atPath: directory + "/data/wrapping-key"))
        secrets["wrapping key"] = Data(
          try #require(String(decoding: wrapping, as: UTF8.self).split(separator: "\n").last).utf8)
        _ = try await office.erase([number], reason: "request", by: .commandLine)
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

  /// Expects that no file below `folder` holds one of the secrets, in its content or name.
  private func expect(_ secrets: [String: Data], in folder: String, among least: Int) throws {
    let manager = FileManager.default
    let paths =
      least > 0
      ? manager.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      : try manager.contentsOfDirectory(atPath: folder)
    var seen = 0
    for path in paths {
      // What another test removes meanwhile, and what is no file, is passed over.
      let kind =
        try? manager.attributesOfItem(atPath: folder + "/" + path)[.type] as? FileAttributeType
      guard kind == .typeRegular, let bytes = manager.contents(atPath: folder + "/" + path) else {
        continue
      }
      seen += 1
      for (what, secret) in secrets {
        #expect(bytes.range(of: secret) == nil, "\(path) holds the \(what)")
        #expect(Data(path.utf8).range(of: secret) == nil, "\(path) is called after the \(what)")
      }
    }
    #expect(seen >= least)
  }

  /// Only the survivors' documents are left in the folders that know of the erasure.
  private func expectOnlySurvivorsDocuments(in directory: String) throws {
    for folder in ["data", "after", "restored-after"] {
      let paths =
        FileManager.default.enumerator(atPath: directory + "/" + folder + "/documents")?
        .compactMap { $0 as? String } ?? []
      #expect(paths.filter { $0.contains("/") }.count == 3, "\(folder)")
    }
  }
}
