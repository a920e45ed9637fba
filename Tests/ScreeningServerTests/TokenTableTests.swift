import Foundation
import HTTPTypes
import Testing

@testable import ScreeningServer

/// If these fail, clients of the first API see other statuses and texts for bad tokens than they were
/// written against, or a token counts that must not.
///
/// The table is what flask-jwt-extended 3.10.0 answered; `flask-jwt.py` beside it asked.
@Suite struct TokenTableTests {
  private struct Table: Decodable {
    struct Case: Decodable {
      struct Answer: Decodable {
        let status: Int
        let msg: String
      }

      let name: String
      let field: String?
      let route: String
      let revoked: Bool
      let status: Int
      let msg: String?
      /// Where the original fails or quotes Python, what stands instead.
      let ours: Answer?
    }

    let now: Int
    let secret: String
    let cases: [Case]
  }

  @Test func everyCaseIsAnsweredAsTheOriginalDoes() async throws {
    let path = snapshots.appending(path: "server/flask-jwt.json")
    let table = try JSONDecoder().decode(Table.self, from: try Data(contentsOf: path))
    #expect(table.cases.count > 50)
    let now = table.now
    let checker = TokenChecker(
      keys: try await TokenKeys(try TokenSecrets(current: table.secret)),
      sources: TokenSources(now: { now }, identifier: { "unused" }))
    for entry in table.cases {
      var fault: TokenFault?
      do throws(TokenFault) {
        _ = try checker.token(in: entry.field, as: entry.route == "refresh" ? .refresh : .access)
        // The store is asked last, as in the original.
        if entry.revoked { fault = .revoked }
      } catch {
        fault = error
      }
      #expect((fault?.status.code ?? 200) == entry.ours?.status ?? entry.status, "\(entry.name)")
      #expect(fault?.message == entry.ours?.msg ?? entry.msg, "\(entry.name)")
    }
  }
}

/// The folder of golden files.
let snapshots = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "snapshots")
