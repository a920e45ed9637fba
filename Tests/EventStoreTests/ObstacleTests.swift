import Foundation
import Glibc
import LMDB
import Synchronization
import TestSupport
import Testing

@testable import EventStore

/// What is in the way of one step must neither stop all others nor be destroyed by it.
@Suite struct ObstacleTests {
  /// If this fails, one file that cannot be removed takes the whole store from its users.
  @Test func aDocumentThatCannotBeRemovedStopsNobodyElse() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      var path = ""
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        let (gone, left) = (
          try await Registered.append(log, name: "太郎"),
          try await Registered.append(log, name: "花子")
        )
        path = LogFolder(path: data).document(gone.file.sealed)
        // A folder is not unlinked, as a file is not that may not be changed.
        try FileManager.default.removeItem(atPath: path)
        try Files.makeFolder(path)
        let error = await #expect(throws: EventLogError.self) {
          try await gone.erase(from: log)
        }
        #expect(error?.description.contains(path) == true)
        guard case .unfinished(3, .documentLeft(path, _)) = error else {
          throw try #require(error)
        }
        #expect(throws: EventLogError.erased(gone.subject.id)) {
          try log.open(gone.name, purpose: "name")
        }
        #expect(try log.open(left.name, purpose: "name") == Array("花子".utf8))
      }
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        guard case .documentLeft(path, _) = log.pending else {
          Issue.record("\(String(describing: log.pending))")
          return
        }
        _ = try await log.append(notes(1))
        await #expect(throws: EventLogError.self) {
          try await log.backup(to: directory + "/backup")
        }
        try FileManager.default.removeItem(atPath: path)
      }
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        #expect(log.pending == nil)
        try await log.finishErasing()
      }
      #expect(try verifyLog(directory: data).problems.isEmpty)
    }
  }

  @Test func anEscrowBehindALinkIsKeptUpToDate() async throws {
    try await withTemporaryDirectory { directory in
      let (link, file) = (directory + "/link", directory + "/medium/escrow")
      try Files.makeFolder(directory + "/medium")
      try Files.makeFolder(directory + "/nowhere")
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      try await log.keepEscrow(at: file)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      try await log.keepEscrow(at: link)
      _ = try await person.erase(from: log)
      #expect(Escrow(file: try Files.read(file) ?? [])?.erased == person.subject.id.bytes)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)

      // A device would be gone for everybody else.
      let pipe = directory + "/pipe"
      let made = unsafe mkfifo(pipe, 0o600)
      #expect(made == 0)
      try FileManager.default.removeItem(atPath: file)
      await #expect(throws: EventLogError.self) { try await log.keepEscrow(at: pipe) }
      #expect(try !Files.isRegular(pipe) && Files.exists(pipe))
      await #expect(throws: EventLogError.self) { try await log.keepEscrow(at: link) }
    }
  }

  /// If this fails, a path that was mistyped once stands in the way of every erasure.
  @Test func anEscrowThatCannotBeWrittenIsNotWaitedFor() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      let path = directory + "/none/escrow"
      await #expect(throws: EventLogError.escrowUnreachable(path: path)) {
        try await log.keepEscrow(at: path)
      }
      #expect(try log.escrowPath() == nil)
      // One that is there stays known, whatever a second try comes to.
      try await log.keepEscrow(at: directory + "/escrow")
      await #expect(throws: EventLogError.self) { try await log.keepEscrow(at: path) }
      #expect(try log.escrowPath() == directory + "/escrow")
      _ = try await person.erase(from: log)
      let kept = try Files.read(directory + "/escrow") ?? []
      #expect(Escrow(file: kept)?.erased == person.subject.id.bytes)
    }
  }

  /// A witness that has signed under a name that no note can carry never answers again.
  @Test(arguments: ["", "a b", "a\nb", "a\u{3000}b", "a+b", "a\u{1B}b"])
  func aNameThatNoNoteCanCarryIsRefused(name: String) async throws {
    try await withTemporaryDirectory { directory in
      let state = directory + "/witness"
      #expect(throws: EventLogError.self) { try Witness(directory: state, name: name) }
      #expect(!Files.exists(state))
    }
  }

  /// No later event may be dated before one of the year 10000, and no reader takes that.
  @Test(arguments: [253_402_300_800_000, -62_167_219_200_001] as [Int64])
  func aClockBeyondWhatCanBeWrittenSpoilsNothing(milliseconds: Int64) async throws {
    try await withTemporaryDirectory { directory in
      let now = Mutex(Timestamp(milliseconds: milliseconds))
      do {
        let log = try EventLog.open(directory, clock: WallClock { now.withLock(\.self) })
        await #expect(throws: EventLogError.self) { try await log.append(notes(1)) }
        now.withLock { $0 = WallClock.system.now() }
        _ = try await log.append(notes(1))
        log.close()
      }
      #expect(try verifyLog(directory: directory).problems.isEmpty)
    }
  }
}
