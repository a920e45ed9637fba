import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, an import records other names than were sent, waits for ever, or leaves people unscreened.
@Suite struct ImportTests {
  private func write(_ lines: [Data], in folder: String) throws -> String {
    let manifest = folder + "/manifest.jsonl"
    try Data(lines.joined(separator: Data("\n".utf8))).write(to: URL(fileURLWithPath: manifest))
    return manifest
  }

  private static let origin = Origin(actor: .operator, channel: .import)

  @Test func aLineInAnotherEncodingIsRefusedAndAByteOrderMarkIsNot() async throws {
    try await withTemporaryDirectory { folder in
      try Data(resume(skilled: true, 1).utf8).write(to: URL(fileURLWithPath: folder + "/a.txt"))
      let manifest = try write(
        [
          Data("\u{FEFF}{\"key\":\"1\",\"name\":\"山田\",\"documents\":[\"a.txt\"]}\r".utf8),
          // 山田 in Shift_JIS.
          Data("{\"key\":\"2\",\"name\":\"".utf8) + Data([0x8E, 0x52, 0x93, 0x63])
            + Data("\",\"documents\":[\"a.txt\"]}".utf8),
          Data("[1]".utf8),
        ], in: folder)
      try await withOffice { office in
        let report = try await office.importManifest(manifest, by: Self.origin)
        #expect(report.imported == 1)
        #expect(report.failed.map(\.line) == [2, 3])
        #expect(report.failed.first?.reason.contains("UTF-8") == true)
        #expect(try await office.applicants(by: .commandLine).map(\.name) == ["山田"])
      }
    }
  }

  @Test func aLineIsReadAsItWasMeantOrNotAtAll() async throws {
    try await withTemporaryDirectory { folder in
      try Data(resume(skilled: true, 1).utf8).write(to: URL(fileURLWithPath: folder + "/a.txt"))
      let rest = #""name":"山田","documents":["a.txt"]"#
      let manifest = try write(
        [
          #"{"key":"1","lable":"ok",\#(rest)}"#, #"{"key":"2","name":"佐藤",\#(rest)}"#,
          #"{"key":"3","label":"ok","labelledBy":"sato@example.jp","labelledAt":"2999-01-01",\#(rest)}"#,
          #"{"key":"4",\#(rest)}"#, #"{"key":"5","receivedAt":"2999-01-01",\#(rest)}"#,
        ].map { Data($0.utf8) }, in: folder)
      try await withOffice { office in
        _ = try await office.addUser(
          email: "sato@example.jp", name: "佐藤", role: .reviewer, password: "long enough",
          by: .commandLine)
        let report = try await office.importManifest(manifest, by: Self.origin)
        #expect(report.failed.map(\.line) == [1, 2, 3, 5])
        for (failure, told) in zip(report.failed, ["labelledBy", "twice", "future", "future"]) {
          #expect(failure.reason.contains(told), "\(failure.reason)")
        }
        #expect(report.imported == 1)
      }
    }
  }

  /// Lines are recorded together: one that is refused takes no number, and none behind it loses its place.
  @Test func refusedAndRepeatedLinesLeaveNoNumberOut() async throws {
    try await withTemporaryDirectory { folder in
      try Data(resume(skilled: true, 1).utf8).write(to: URL(fileURLWithPath: folder + "/a.txt"))
      var lines = (1...60).map { number in
        Data("{\"key\":\"\(number)\",\"name\":\"\(number)\",\"documents\":[\"a.txt\"]}".utf8)
      }
      lines[5] = Data("{\"key\":\"4\",\"name\":\"other\",\"documents\":[\"a.txt\"]}".utf8)
      lines[9] = lines[8]
      lines[12] = Data("{\"key\":\"13\",\"name\":\"13\",\"documents\":[\"b.txt\"]}".utf8)
      lines[40] = lines[2]
      let manifest = try write(lines, in: folder)
      try await withOffice { office in
        let report = try await office.importManifest(manifest, by: Self.origin)
        #expect(report.failed.map(\.line) == [6, 13])
        #expect(report.imported == 56)
        #expect(report.repeated == 2)
        let applicants = try await office.applicants(by: .commandLine)
        #expect(applicants.map(\.applicant) == Array((1...56).reversed()))
        let names = (1...60).filter { ![6, 10, 13, 41].contains($0) }.map { String($0) }
        #expect(applicants.map(\.name) == names.reversed().map(Optional.some))
      }
    }
  }

  @Test func onlyPlainFilesAreOpened() async throws {
    try await withTemporaryDirectory { folder in
      let paths = ["/dev/zero", ".", "missing.pdf"]
      let lines = paths.map { path in
        Data("{\"key\":\"\(path)\",\"name\":\"A\",\"documents\":[\"\(path)\"]}".utf8)
      }
      let manifest = try write(lines, in: folder)
      try await withOffice { office in
        let report = try await office.importManifest(manifest, by: Self.origin)
        #expect(report.failed.map(\.line) == [1, 2, 3])
        for (failure, path) in zip(report.failed, paths) {
          #expect(failure.reason.contains("Document 1 cannot be read"))
          #expect(path == "." || !failure.reason.contains(path), "a file's name may be a person's")
        }
      }
    }
  }

  /// A list from elsewhere must not make the operator's keys an applicant's document.
  @Test func nothingOfTheDataFolderIsADocument() async throws {
    try await withTemporaryDirectory { folder in
      try await withOffice { office in
        let key = office.configuration.directory + "/signing-key"
        try FileManager.default.createSymbolicLink(
          atPath: folder + "/cv.txt", withDestinationPath: key)
        let lines = [key, "cv.txt"].map { path in
          Data("{\"key\":\"\(path)\",\"name\":\"A\",\"documents\":[\"\(path)\"]}".utf8)
        }
        let report = try await office.importManifest(try write(lines, in: folder), by: Self.origin)
        #expect(report.failed.count == 2)
        #expect(report.failed.allSatisfy { $0.reason.contains("lies in the data folder") })
      }
    }
  }

  /// An import killed between a registration and its screening is mended by importing again.
  @Test func importingAgainScreensWhomNobodyAskedAbout() async throws {
    try await withTemporaryDirectory { folder in
      let lines = try (0..<31).map { index in
        let text = resume(skilled: index % 2 == 0, index)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(index).txt"))
        let label =
          index < 30
          ? ",\"label\":\"\(index % 2 == 0 ? "ok" : "ng")\",\"labelledBy\":\"a@example.jp\"" : ""
        return Data(
          "{\"key\":\"\(index)\",\"name\":\"A\",\"documents\":[\"\(index).txt\"]\(label)}".utf8)
      }
      let manifest = try write(lines, in: folder)
      try await withOffice { office in
        _ = try await office.addUser(
          email: "a@example.jp", name: "A", role: .reviewer, password: "long enough",
          by: .commandLine)
        _ = try await office.importManifest(manifest, by: Self.origin)
        _ = try await office.train(opening: nil, TrainRequest(), by: .commandLine)
        let report = try await office.importManifest(manifest, by: Self.origin)
        #expect(report.repeated == 31)
        let newest = try await office.applicants(limit: 1, by: .commandLine).first
        #expect(newest?.outcome != nil)
        let head = try office.log.head
        _ = try await office.importManifest(manifest, by: Self.origin)
        #expect(try office.log.head == head, "a third time records nothing")
      }
    }
  }

  @Test func aPositionThatIsNoScreeningIsNotCalledDamage() async throws {
    try await withOffice { office in
      let registration = try await office.register(
        Application(name: "A", documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))]),
        by: .commandLine)
      for position: UInt64 in [1, 99, 1 << 63] {
        let refusal = await #expect(throws: ScreeningError.self) {
          try await office.why(
            ApplicantNumber(registration.applicant), screening: Position(rawValue: position),
            by: .commandLine)
        }
        #expect(refusal?.kind == (position == 1 ? .invalid : .notFound))
      }
    }
  }
}
