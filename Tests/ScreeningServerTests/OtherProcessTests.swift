import EventStore
import Foundation
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, somebody who was shut out at the console goes on reading, or an answer lacks what was decided there.
  @Suite struct OtherProcessTests {
    /// Runs `body` against a server, with what runs the program on its data folder.
    private func run(
      _ body: @Sendable (TestServer, (String...) async throws -> Void) async throws -> Void
    ) async throws {
      try await withTemporaryDirectory { folder in
        let office = try Office.open(
          OfficeConfiguration(directory: folder + "/data", worker: product("senko-worker")),
          create: true)
        defer { office.close() }
        for role in Role.allCases {
          _ = try await office.addUser(
            email: TestServer.email(role), name: "利用者", role: role,
            password: TestServer.password, by: .commandLine)
        }
        try await TestServer.run(over: office) { server in
          try await body(server) { (arguments: String...) in
            let program = Process()
            program.executableURL = URL(fileURLWithPath: product("senko"))
            program.arguments = arguments + ["--data", folder + "/data"]
            program.environment = ["LANG": "C.UTF-8", "SENKO_CONFIG": ""]
            program.standardInput = FileHandle.nullDevice
            program.standardOutput = FileHandle.nullDevice
            try program.run()
            let status = try await waiting {
              program.waitUntilExit()
              return program.terminationStatus
            }
            #expect(status == 0, "\(arguments)")
          }
        }
      }
    }

    @Test func whatItHasAnsweredForIsToldAtOnce() async throws {
      try await run { server, senko in
        let reviewer = try await server.client(.reviewer)
        for threshold in [70, 60, 55] {
          try await senko("policy", "adopt", "--threshold", "\(threshold)")
          // Asked twice: the second answer is a remembered one.
          for _ in 1...2 {
            let policy = try await reviewer.get("/policy").json()
            #expect(policy["threshold"] as? Int == threshold * 100)
          }
        }
      }
    }

    /// Restored into the same path, or moved: what is acknowledged in the former folder is lost to everybody.
    @Test func aFolderThatWasReplacedTakesNothingMore() async throws {
      try await withTemporaryDirectory { folder in
        let office = try Office.open(
          OfficeConfiguration(directory: folder + "/data", worker: product("senko-worker")),
          create: true)
        defer { office.close() }
        _ = try await office.addUser(
          email: TestServer.email(.reviewer), name: "利用者", role: .reviewer,
          password: TestServer.password, by: .commandLine)
        try await TestServer.run(over: office) { server in
          let reviewer = try await server.client(.reviewer)
          #expect(try await ApplicantRoutesTests.register(reviewer).status == 200)
          let head = try office.log.head
          let move = { (from: String, to: String) in
            try FileManager.default.moveItem(atPath: folder + from, toPath: folder + to)
          }
          try move("/data", "/away")
          for answer in [
            try await ApplicantRoutesTests.register(reviewer), try await reviewer.get("/readyz"),
          ] {
            #expect(answer.status == 503, "\(answer.text)")
            #expect(answer.text.contains("moved, removed or restored"), "\(answer.text)")
          }
          #expect(try office.log.head == head)
          try move("/away", "/data")
          #expect(try await reviewer.get("/readyz").status == 200)
        }
      }
    }

    /// What is damaged may end a process by a signal: it must be no server that others work with.
    @Test func whatRestsOnDamageIsFoundElsewhere() async throws {
      for program in [product("senko"), "/bin/false"] {
        try await withTemporaryDirectory { folder in
          let office = try Office.open(
            OfficeConfiguration(
              directory: folder + "/data", worker: product("senko-worker"), program: program),
            create: true)
          defer { office.close() }
          _ = try await office.addUser(
            email: TestServer.email(.auditor), name: "利用者", role: .auditor,
            password: TestServer.password, by: .commandLine)
          _ = try await office.addUser(
            email: TestServer.email(.reviewer), name: "利用者", role: .reviewer,
            password: TestServer.password, by: .commandLine)
          try await TestServer.run(over: office) { server in
            _ = try await ApplicantRoutesTests.register(try await server.client(.reviewer))
            let path = URL(fileURLWithPath: folder + "/data/log/data.mdb")
            let text = Data(#""type":"applicant.registered""#.utf8)
            let range = try #require(try Data(contentsOf: path).range(of: text))
            // In its place: the server has the file mapped.
            let file = try FileHandle(forUpdating: path)
            try file.seek(toOffset: UInt64(range.lowerBound + 9))
            try file.write(contentsOf: Data("A".utf8))
            try file.close()
            let answer = try await server.client(.auditor).json("POST", "/verification", [:])
            let report = try answer.json()
            #expect(report["ok"] as? Bool == false, "\(answer.text)")
            let damage = try #require(report["damage"] as? [[String: Any]])
            let problems = try #require(report["problems"] as? [String])
            if program == "/bin/false" {
              #expect(damage.isEmpty && problems.contains { $0.contains("on its records, failed") })
            } else {
              #expect(damage.first?["applicant"] as? Int == 1, "\(answer.text)")
            }
          }
        }
      }
    }

    @Test func whomItShutsOutIsOutAtOnce() async throws {
      try await run { server, senko in
        let reviewer = try await server.client(.reviewer)
        let auditor = try await server.client(.auditor)
        #expect(try await reviewer.get("/models").status == 200)
        #expect(try await auditor.get("/audits").status == 200)
        try await senko("user", "disable", TestServer.email(.reviewer))
        #expect(try await reviewer.get("/models").status == 401)
        #expect(try await auditor.get("/audits").status == 200)
        try await senko("user", "role", TestServer.email(.auditor), "reviewer")
        #expect(try await auditor.get("/audits").status == 403)
      }
    }

    @Test func anAnswerHoldsAtThePositionThatAnAnswerBeforeItNamed() async throws {
      try await run { server, senko in
        let reviewer = try await server.client(.reviewer)
        var last = 0
        for threshold in [70, 60] {
          try await senko("policy", "adopt", "--threshold", "\(threshold)")
          let answer = try await reviewer.get("/policy")
          let position = try #require(answer.fields["senko-position"].flatMap(Int.init))
          #expect(position > last)
          last = position
          let same = try await reviewer.get("/policy?minPosition=\(position)")
          #expect(same.status == 200)
          #expect(same.fields["senko-position"] == "\(position)")
        }
      }
    }
  }
}
