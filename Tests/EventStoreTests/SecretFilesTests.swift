import Foundation
import Glibc
import TestSupport
import Testing

@testable import EventStore

/// What keys are written to is somebody's medium: nothing of theirs may be lost, and no key left lying about.
@Suite struct SecretFilesTests {
  private static func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  /// If this fails, the next erasure or escrow costs a neighbour's file its bytes, by itself or through a link.
  @Test func neighboursOfAnEscrowKeepTheirBytes() async throws {
    try await withTemporaryDirectory { directory in
      let medium = directory + "/medium"
      try Files.makeFolder(medium)
      let (escrow, thesis) = (medium + "/escrow", Array("a thesis".utf8))
      var own: [String] = []
      for suffix in [".new", ".old", ".probe", ".aside"] {
        let (file, link) = ("escrow\(suffix)", "second\(suffix)")
        try Data(thesis).write(to: URL(fileURLWithPath: "\(medium)/\(file)"))
        try Data(thesis).write(to: URL(fileURLWithPath: "\(directory)/far\(suffix)"))
        try FileManager.default.createSymbolicLink(
          atPath: "\(medium)/\(link)", withDestinationPath: "\(directory)/far\(suffix)")
        own += [file, link]
      }
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      for path in [escrow, medium + "/second"] {
        let person = try await Registered.append(log, name: path)
        try await log.keepEscrow(at: path)
        try await log.keepEscrow(at: path)
        _ = try await person.erase(from: log)
        try FileManager.default.removeItem(atPath: path)
      }
      #expect(try Self.names(medium) == own.sorted())
      for name in own { #expect(try Files.read("\(medium)/\(name)") == thesis, "\(name)") }
    }
  }

  /// If this fails, keys go where somebody has laid a link, or can be read by everybody.
  @Test(arguments: ["link", "file"])
  func nothingIsWrittenToWhatWasThere(_ kind: String) async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      let (escrow, far) = (directory + "/escrow", directory + "/far")
      func lay() throws {
        for suffix in [".new", temporary(log)] {
          let path = escrow + suffix
          if kind == "link" {
            try Data([1]).write(to: URL(fileURLWithPath: far))
            _ = unsafe unlink(path)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: far)
          } else {
            try Data([1]).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
          }
        }
      }
      try lay()
      try await log.keepEscrow(at: escrow)
      #expect(try Files.isRegular(escrow) && mode(escrow) == 0o600)
      try lay()
      _ = try await person.erase(from: log)
      #expect(try Files.isRegular(escrow) && mode(escrow) == 0o600)
      #expect(try Files.read(escrow + ".new") == [1])
      #expect(!Files.exists(escrow + temporary(log)))
      if kind == "link" { #expect(try Files.read(far) == [1]) }
    }
  }

  private func temporary(_ log: EventLog) -> String { ".\(log.origin.dropFirst(6)).new" }

  /// If this fails, whoever finds the file opens older backups for ever, of the erased as well.
  @Test(arguments: ["elsewhere", "erasure", "given up"])
  func whatACrashHasLeftOfAnEscrowIsDestroyed(_ way: String) async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      let medium = directory + "/medium"
      try Files.makeFolder(medium)
      let escrow = medium + "/escrow"
      try await log.keepEscrow(at: escrow)
      // As it lies there when the process is killed as it is to get its name; a second name shows what becomes of it.
      try FileManager.default.copyItem(atPath: escrow, toPath: escrow + temporary(log))
      try FileManager.default.linkItem(
        atPath: escrow + temporary(log), toPath: directory + "/witness")
      switch way {
      case "elsewhere":
        try Files.remove(escrow)
        try await log.keepEscrow(at: medium + "/other")
        #expect(try Self.names(medium) == ["other"])
      case "erasure":
        _ = try await person.erase(from: log)
        #expect(try Self.names(medium) == ["escrow"])
      default:
        try Files.remove(escrow)
        var append = notes(1)
        append.actor = "admin"
        _ = try await log.erase([person.subject.id], recording: append, withoutEscrow: true)
        #expect(try Self.names(medium).isEmpty)
      }
      #expect(try Files.read(directory + "/witness")?.allSatisfy { $0 == 0 } == true)
    }
  }

  /// What is written over the former escrow reaches it by whatever other name it has.
  @Test func theFormerEscrowIsOverwritten() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      let (escrow, second) = (directory + "/escrow", directory + "/second")
      try await log.keepEscrow(at: escrow)
      try FileManager.default.linkItem(atPath: escrow, toPath: second)
      _ = try await person.erase(from: log)
      #expect(try Files.read(second)?.allSatisfy { $0 == 0 } == true)
      #expect(try Escrow(at: escrow).erased == person.subject.id.bytes)
    }
  }

  /// If this fails, an erasure brings a key that is kept on another disk back into the folder, where snapshots keep it.
  @Test func aWrappingKeyThatLiesElsewhereStaysThere() async throws {
    try await withTemporaryDirectory { directory in
      let (data, safe) = (directory + "/data", directory + "/safe")
      let key = LogFolder(path: data).wrappingKey
      try Files.makeFolder(safe)
      let person: Registered
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        person = try await Registered.append(log, name: "太郎")
      }
      try FileManager.default.moveItem(atPath: key, toPath: safe + "/key")
      try FileManager.default.createSymbolicLink(
        atPath: directory + "/way", withDestinationPath: "safe/key")
      try FileManager.default.createSymbolicLink(
        atPath: key, withDestinationPath: directory + "/way")
      let former = try #require(try Files.read(key))
      for round in 1...2 {
        let log = try EventLog.open(data)
        defer { log.close() }
        if round == 1 {
          // Where it cannot be reached, nothing is recorded, and nothing written into the folder.
          try FileManager.default.moveItem(atPath: safe, toPath: directory + "/away")
          await #expect(throws: EventLogError.self) { try await person.erase(from: log) }
          #expect(try !log.isErased(person.subject.id))
          try FileManager.default.moveItem(atPath: directory + "/away", toPath: safe)
          _ = try await person.erase(from: log)
        } else {
          #expect(throws: EventLogError.erased(person.subject.id)) {
            try log.open(person.name, purpose: "name")
          }
        }
        #expect(try Files.isLink(key) && Files.isRegular(safe + "/key"))
        #expect(try Files.read(key) != former)
        #expect(WrappingKey(file: try Files.read(key) ?? [])?.generation == 2)
        #expect(try Self.names(safe) == ["key"])
        #expect(try Self.names(data).filter { $0.contains("wrapping") } == ["wrapping-key"])
      }
      #expect(try verifyLog(directory: data).problems.isEmpty)
    }
  }
}
