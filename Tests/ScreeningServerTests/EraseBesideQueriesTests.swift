import Foundation
import TestSupport
import Testing

@testable import Screening
@testable import ScreeningServer

extension ServerTests {
  /// If this fails, who works while somebody else is erased is told less than there is.
  @Suite struct EraseBesideQueriesTests {
    /// Runs `senko` on a data folder, and returns its status.
    private func senko(_ data: String, _ arguments: String...) async throws -> Int32 {
      try await waiting {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: product("senko"))
        process.arguments = arguments + ["--data", data]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
      }
    }

    @Test func aWordFindsEverybodyWhileAnotherProcessErases() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        for number in 1...60 {
          let document = Data("設計と開発の経験。番号は\(number)です。".utf8).base64EncodedString()
          let answer = try await admin.json(
            "POST", "/applicant", ["name": "応募者\(number)", "documents": [document]])
          #expect(answer.status == 200, "\(answer.text)")
        }
        let data = server.office.configuration.directory
        let isOver = Flag()
        let staying = Set(9...60)
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            defer { isOver.raise() }
            for number in 1...8 {
              let status = try await senko(
                data, "erase", "\(number)", "--by", TestServer.email(.admin))
              #expect(status == 0)
            }
          }
          let word = "%E8%A8%AD%E8%A8%88"
          var looks = 0
          while !isOver.isRaised {
            let order = ApplicantOrder.allCases[looks % ApplicantOrder.allCases.count].rawValue
            let answer = try await admin.get(
              "/applicants?word=\(word)&sort=\(order)&total=true&fields=applicant")
            let list = try #require(try answer.json()["applicants"] as? [[String: Any]])
            let found = list.compactMap { $0["applicant"] as? Int }
            #expect(staying.subtracting(found).isEmpty, "look \(looks) by \(order): \(found)")
            let total = try answer.json()["total"] as? Int
            #expect(try #require(total) >= staying.count, "look \(looks)")
            looks += 1
          }
          try await group.waitForAll()
          #expect(looks > 8, "nothing was asked meanwhile")
        }
      }
    }
  }
}
