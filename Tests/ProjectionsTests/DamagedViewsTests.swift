import EventStore
import Foundation
import Glibc
import LMDB
import TestSupport
import Testing

@testable import Projections

/// If these fail, an operator is woken for what the log can give again by itself.
@Suite struct DamagedViewsTests {
  private typealias Damage = @Sendable (_ file: Data) -> Data

  private static let damages: [String: Damage] = [
    "cut short": { $0.prefix($0.count / 2) },
    "nothing but its first pages": { $0.prefix(8192) },
    "empty pages": { $0.prefix(8192) + Data(count: $0.count - 8192) },
    "pages of nonsense": { $0.prefix(8192) + Data(repeating: 0x5A, count: $0.count - 8192) },
    "no file of LMDB's": { Data(repeating: 0xFF, count: $0.count) },
    "a meta page of zeros": { Data(count: 4096) + $0.dropFirst(4096) },
  ]

  private func withViews(
    _ body: (_ file: URL, _ open: () throws -> Views, _ totals: Totals) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let log = try EventLog.open(folder + "/data", create: true)
      defer { log.close() }
      var append = Append(actor: "user:1", via: "test")
      append.events = (0..<500).map {
        EventDraft(
          stream: "account:\($0 % 50)", type: "paid", data: ["amount": .integer(Int64($0))])
      }
      _ = try await log.append(append)
      let totals = Totals("totals")
      try await body(
        URL(fileURLWithPath: folder + "/views/data.mdb"),
        {
          let views = try Views(directory: folder + "/views", log: log, projections: [totals])
          try views.catchUp()
          return views
        }, totals)
    }
  }

  @Test(arguments: damages.keys.sorted())
  func whatIsDamagedIsFoldedAnewAndSaidOnce(name: String) async throws {
    let damage = try #require(Self.damages[name])
    try await withViews { file, open, totals in
      #expect(try open().damage == nil)
      try damage(try Data(contentsOf: file)).write(to: file)
      do {
        let views = try open()
        #expect(views.damage?.contains("folded anew") == true, "\(views.damage ?? "")")
        // 7, 57, 107, up to 457.
        let row = try totals.table.newest(for: "account:7", in: views)
        #expect(row?.total == 2_320)
        #expect(totals.counter.count == 1000)
      }
      #expect(try open().damage == nil)
      #expect(totals.counter.count == 1000)
    }
  }

  /// Whoever has the file open reads on in it, and shares its locks.
  @Test func nothingIsTakenFromUnderWhoeverHasItOpen() async throws {
    try await withViews { file, open, totals in
      _ = try open()
      let sound = try Data(contentsOf: file)
      do {
        let folder = file.deletingLastPathComponent().path
        let other = try UnsyncedMark(directory: folder, boot: UnsyncedMark.currentBoot ?? "boot")
        try sound.prefix(8192).write(to: file)
        let error = #expect(throws: ViewError.self) { try open() }
        guard case .damaged = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(try Data(contentsOf: file).count == 8192)
        withExtendedLifetime(other) {}
      }
      _ = try open()
      #expect(totals.counter.count == 1000)
    }
  }

  /// A large file is not looked at as a whole when it is opened.
  @Test func whatIsFoundLaterIsFoldedAnewAtTheNextStart() async throws {
    try await withViews { file, open, totals in
      do {
        let views = try open()
        let error = #expect(throws: ViewError.self) {
          try views.read { (_) throws(LMDBError) in throw .damaged("A row") }
        }
        guard case .damaged = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
      _ = try open()
      #expect(totals.counter.count == 1000)
    }
  }
}
