import Foundation
import Glibc
import TestSupport
import Testing

@testable import EventStore

/// Whoever can write to the folder could else stop every check of it, and the server, by one name in `documents`.
@Suite struct StrangeFilesTests {
  private typealias Change = @Sendable (String) throws -> Void

  private static let changes: [String: Change] = [
    "a pipe": { path in
      try Files.remove(path)
      try #require(unsafe mkfifo(path, 0o600) == 0)
    },
    "a folder": { path in
      try Files.remove(path)
      try Files.makeFolder(path)
    },
    "far too long": { path in try #require(unsafe truncate(path, 60 << 30) == 0) },
    "a device": { path in
      try Files.remove(path)
      try #require(unsafe symlink("/dev/zero", path) == 0)
    },
  ]

  @Test(arguments: changes.keys.sorted())
  func whatIsNoDocumentIsFoundAndMended(_ name: String) async throws {
    let change = try #require(Self.changes[name])
    try await withTemporaryDirectory { directory in
      let (data, backup, second) = (directory + "/data", directory + "/1", directory + "/2")
      let person: Registered
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        _ = try await log.append(notes(3))
        person = try await Registered.append(log, name: "花子")
        try await log.backup(to: backup)
        try change(log.folder.document(person.file.sealed))
        let error = #expect(throws: EventLogError.self) { try log.openDocument(person.file) }
        #expect(error == .damaged("The document \(person.file.sealed)"))
        try await log.backup(to: second)
      }
      let worker = product("senko-worker")
      let found = try await waiting { try verifyInChild(worker: worker, directory: data) }
      #expect(found.problems.map(\.position) == [4], "\(found.problems)")
      let copied = try await waiting { try verifyInChild(worker: worker, directory: second) }
      #expect(copied.problems.map(\.position) == [4], "\(copied.problems)")
      let repaired = try await waiting {
        try repairInChild(worker: worker, directory: data, from: [second, backup])
      }
      #expect(repaired.values == 1 && repaired.unrepaired.isEmpty, "\(repaired)")
      #expect(try verifyLog(directory: data).problems.isEmpty)
      let log = try EventLog.open(data)
      defer { log.close() }
      #expect(try log.openDocument(person.file).count == 12_000)
    }
  }

  @Test func aPipeInTheKeysPlaceIsSaid() async throws {
    try await withTemporaryDirectory { directory in
      do { try EventLog.open(directory).close() }
      for path in [LogFolder(path: directory).wrappingKey, LogFolder(path: directory).signingKey] {
        let key = try #require(try Files.read(path))
        try Files.remove(path)
        try #require(unsafe mkfifo(path, 0o600) == 0)
        let error = #expect(throws: EventLogError.self) { try EventLog.open(directory) }
        guard case .keyFile = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        try Files.write(key, to: path)
      }
    }
  }

  /// If this fails, whoever has unpacked a copy wrongly is told that something was not recorded, and not what lies where.
  @Test(arguments: ["intents", "documents", "lock", "log/data.mdb"])
  func whatLiesInThePlaceOfAnotherIsNamedWithTheRemedy(_ name: String) async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        _ = try await Registered.append(log, name: "花子")
      }
      let (path, isFolder) = (data + "/" + name, ["intents", "documents"].contains(name))
      try? FileManager.default.removeItem(atPath: path)
      if isFolder {
        try Data().write(to: URL(fileURLWithPath: path))
      } else {
        try Files.makeFolder(path)
      }
      let error = await #expect(throws: EventLogError.self) {
        let log = try EventLog.open(data)
        defer { log.close() }
        _ = try await Registered.append(log, name: "太郎")
      }
      let text = try #require(error).description
      #expect(text.contains(name) && text.contains("move "), "\(text)")
      guard name == "log/data.mdb" else { return }
      let repair = #expect(throws: EventLogError.self) { try repairLog(directory: data, from: []) }
      #expect(repair?.description.contains("restore a new folder") == true)
    }
  }

  /// If this fails, whoever checks a backup of which the disk kept only the name is told of a command to be repeated.
  @Test func anEmptyFileInTheLogsPlaceIsCalledSo() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try EventLog.open(data).close()
      try #require(unsafe truncate(data + "/log/data.mdb", 0) == 0)
      let error = #expect(throws: EventLogError.self) { try verifyLog(directory: data) }
      #expect(error?.description.contains("it is empty") == true, "\(error as Any)")
    }
  }

  /// A note is some hundred bytes; what is handed on is read as a whole, and would be said to have torn the log.
  @Test func aNoteThatIsFarTooLongIsRefused() throws {
    let long = String(repeating: "\0", count: 1 << 20 + 1)
    var witnessed = VerifyOptions()
    witnessed.witnessed = [long]
    for options in [VerifyOptions(against: long), witnessed] {
      let error = #expect(throws: EventLogError.self) {
        try verifyInChild(worker: "/bin/true", directory: "/nowhere", options: options)
      }
      guard case .invalid = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}
