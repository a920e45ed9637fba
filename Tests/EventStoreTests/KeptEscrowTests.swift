import Foundation
import TestSupport
import Testing

@testable import EventStore

/// Which escrow a log keeps decides whom a restore brings back.
@Suite struct KeptEscrowTests {
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
