import EventStore
import Foundation
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

extension TestServer {
  /// Runs `body` against a server over a copy of the data folder that every version opens, with an admin and an
  /// auditor of it; clock and tokens' identifiers stand still.
  static func run(
    overFixtureAt time: String,
    _ body: @Sendable (TestServer, _ admin: UserRecord, _ auditor: UserRecord) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try FileManager.default.copyItem(
        atPath: snapshots.appending(path: "replay/v1/data").path, toPath: data)
      try? FileManager.default.removeItem(atPath: data + "/views")
      let now = try #require(Timestamp(parsing: time))
      let office = try Office.open(
        OfficeConfiguration(
          directory: data, worker: product("senko-worker"), readers: 1, clock: WallClock { now }))
      defer { office.close() }
      func user(_ role: Role) throws -> UserRecord {
        let users = try office.users()
        let listed = try #require(users.first { $0.role == role && !$0.disabled })
        return try #require(try office.user(UserNumber(listed.user)))
      }
      let (admin, auditor) = (try user(.reviewer), try user(.auditor))
      try await office.setRole(.admin, of: admin.number, by: .commandLine)
      let change: @Sendable (inout ServerConfiguration) -> Void = { configuration in
        configuration.sources = TokenSources(
          now: { Int(now.milliseconds / 1000) },
          identifier: { "00000000-0000-4000-8000-000000000000" })
      }
      try await run(over: office, change) { try await body($0, admin, auditor) }
    }
  }
}
