import Foundation
import TestSupport
import Testing

@testable import EventStore

/// Which escrow a log keeps decides whom a restore brings back.
@Suite struct KeptEscrowTests {
  /// With the keys of then, it brings back who was erased since, and nothing removes it.
  @Test func whatAnEarlierVersionHasLeftBesideTheEscrowIsNamed() async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let log = try EventLog.open(data)
      defer { log.close() }
      #expect(try log.escrowLeftovers == [])
      try await log.keepEscrow(at: escrow)
      let former = try #require(try Files.read(escrow))
      #expect(try log.escrowLeftovers == [])
      func notices() throws -> [String] {
        try verifyInChild(worker: product("senko-worker"), directory: data).notices
      }
      #expect(try notices() == [])
      for suffix in [".old", ".new"] { try Files.write(former, to: escrow + suffix) }
      #expect(try log.escrowLeftovers == [escrow + ".new", escrow + ".old"])
      let told = try notices()
      #expect(told.count == 1 && told[0].contains("\(escrow).new, \(escrow).old."), "\(told)")
      try await log.backup(to: directory + "/backup")
      #expect(try verifyLog(directory: directory + "/backup").notices == [])
    }
  }

  /// If this fails, a mistyped path lets the next erasure pass unasked, and the medium that is away keeps the erased.
  @Test(arguments: ["none/escrow", "full"])
  func anotherThatCannotBeWrittenLeavesTheFormerOneKept(name: String) async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      let (escrow, other) = (directory + "/escrow", directory + "/" + name)
      try await log.keepEscrow(at: escrow)
      try FileManager.default.moveItem(atPath: escrow, toPath: directory + "/away")
      // In the way of the file itself, and not of one beside it.
      if name == "full" { try Files.makeFolder("\(other).\(Files.name(log.origin)).new") }
      await #expect(throws: EventLogError.escrowUnreachable(path: other)) {
        try await log.keepEscrow(at: other)
      }
      #expect(try log.escrowPath() == escrow)
      await #expect(throws: EventLogError.escrowUnreachable(path: escrow)) {
        try await person.erase(from: log)
      }
      try FileManager.default.moveItem(atPath: directory + "/away", toPath: escrow)
      _ = try await person.erase(from: log)
      #expect(Escrow(file: try Files.read(escrow) ?? [])?.erased == person.subject.id.bytes)
    }
  }
}
