import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// Keys that are put where they do not belong open nothing, sign another history, or lose the ones that do.
@Suite struct LostKeysTests {
  /// Makes a log with its escrow, lets `change` change it, and takes its keys away.
  ///
  /// - Returns: the keys' bytes.
  @discardableResult
  private func lose(
    _ directory: String, _ change: (EventLog) async throws -> Void = { _ in }
  ) async throws -> [[UInt8]] {
    let log = try EventLog.open(directory + "/data")
    _ = try await log.append(notes(5))
    _ = try await Registered.append(log, name: "花子")
    try await log.keepEscrow(at: directory + "/escrow")
    try await change(log)
    log.close()
    return try keys(directory).map { path in
      let key = try #require(try Files.read(path))
      try Files.remove(path)
      return key
    }
  }

  private func keys(_ directory: String) -> [String] {
    let folder = LogFolder(path: directory + "/data")
    return [folder.wrappingKey, folder.signingKey]
  }

  private func restore(_ directory: String, escrow: String = "escrow") async throws -> [String] {
    try await EventLog.restoreKeys(in: directory + "/data", escrow: "\(directory)/\(escrow)")
  }

  /// Nothing may have been written, under whatever name.
  private func expectRefusal(
    _ directory: String, escrow: String = "escrow", saying text: String,
    _ location: SourceLocation = #_sourceLocation
  ) async throws {
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: directory + "/data").sorted()
        .filter { $0.contains("key") }
    }
    let before = try names()
    let error = await #expect(throws: EventLogError.self, sourceLocation: location) {
      try await restore(directory, escrow: escrow)
    }
    let description = try #require(error?.description, sourceLocation: location)
    #expect(description.contains(text), "\(description)", sourceLocation: location)
    #expect(try names() == before, sourceLocation: location)
  }

  @Test(arguments: [[0], [1], [0, 1]])
  func whatIsLostComesBackAsItWas(lost: [Int]) async throws {
    try await withTemporaryDirectory { directory in
      let kept = try await lose(directory) { log in _ = try await log.append(notes(3)) }
      let paths = keys(directory)
      for index in 0..<2 where !lost.contains(index) {
        try Files.write(kept[index], to: paths[index])
      }
      #expect(throws: EventLogError.self) { try EventLog.open(directory + "/data", create: false) }
      // The record is whole, and whoever checks it is told that nobody can use it.
      let report = try verifyLog(directory: directory + "/data")
      let names = lost.map { Files.name(paths[$0]) }.joined(separator: ", ")
      #expect(report.problems.isEmpty && report.notices.count == 1)
      #expect(report.notices.first?.contains("not in the folder: \(names).") == true)
      #expect(try await restore(directory) == lost.map { Files.name(paths[$0]) })
      for (path, key) in zip(paths, kept) {
        #expect(try Files.read(path) == key)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
      }
      #expect(try await restore(directory).isEmpty)
      let log = try EventLog.open(directory + "/data", create: false)
      defer { log.close() }
      #expect(try await log.append(notes(1)).first == 10)
      // Somebody has it open.
      let error = await #expect(throws: EventLogError.self) { try await restore(directory) }
      guard case .locked = error else { throw try #require(error) }
    }
  }

  /// A backup never has keys; a key that is another's has to be told of as damage.
  @Test func onlyWhatIsMissingIsNotedByACheck() async throws {
    try await withTemporaryDirectory { directory in
      let kept = try await lose(directory) { log in try await log.backup(to: directory + "/backup")
      }
      #expect(try verifyLog(directory: directory + "/backup").notices.isEmpty)
      let paths = keys(directory)
      let other = try EventLog.open(directory + "/other")
      other.close()
      let strange = try #require(try Files.read(other.folder.signingKey))
      for (index, file) in [(0, Array("no key".utf8)), (1, strange), (1, [])] {
        try Files.write(file, to: paths[index])
        try Files.write(kept[1 - index], to: paths[1 - index])
        let report = try verifyLog(directory: directory + "/data")
        #expect(report.notices.isEmpty)
        #expect(report.problems.map { $0.description.contains(Files.name(paths[index])) } == [true])
      }
      try Files.write(kept[0], to: paths[0])
      try Files.write(kept[1], to: paths[1])
      let report = try verifyLog(directory: directory + "/data")
      #expect(report.notices.isEmpty && report.problems.isEmpty)
    }
  }

  @Test func anEscrowOfBeforeIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      try await lose(directory) { log in
        let person = try await Registered.append(log, name: "太郎")
        try FileManager.default.copyItem(
          atPath: directory + "/escrow", toPath: directory + "/before-erasure")
        _ = try await person.erase(from: log)
        try FileManager.default.copyItem(
          atPath: directory + "/escrow", toPath: directory + "/before-rotation")
        _ = try await log.rotateSigningKey { _ in notes(1) }
      }
      try await expectRefusal(
        directory, escrow: "before-erasure", saying: "generation 1, and the log of 2")
      try await expectRefusal(directory, escrow: "before-rotation", saying: "another signing key")
      #expect(try await restore(directory) == ["wrapping-key", "signing-key"])
      // What is not missing is not asked of the escrow.
      try Files.remove(keys(directory)[0])
      #expect(try await restore(directory, escrow: "before-rotation") == ["wrapping-key"])
    }
  }

  /// The wrapping key may live elsewhere; while that is not there, the link to it is all that leads to it.
  @Test func aLinkToAKeyThatCannotBeReachedStays() async throws {
    try await withTemporaryDirectory { directory in
      try await lose(directory)
      let path = keys(directory)[0]
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: directory + "/elsewhere")
      try await expectRefusal(directory, saying: "make that reachable")
      #expect(try Files.isLink(path))
    }
  }

  @Test func whatIsNotThisLogsEscrowIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      try await lose(directory)
      let other = try EventLog.open(directory + "/other")
      try await other.keepEscrow(at: directory + "/others-escrow")
      other.close()
      try await expectRefusal(directory, escrow: "others-escrow", saying: "is of the log '")
      try await expectRefusal(directory, escrow: "nothing", saying: "is no escrow")
      // One of this log whose key is another; without a digest, as earlier versions wrote them.
      let escrow = try Escrow(at: directory + "/escrow")
      let lines = escrow.file.split(
        separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
      let key = String(decoding: escrow.wrapping.file, as: UTF8.self).split(separator: "\n")[2]
      let header = String(decoding: lines[1], as: UTF8.self)
        .replacing(key, with: String(key.reversed()))
        .replacing(/"digest":"[0-9a-f]+",/, with: "")
      let wrong = [lines[0], Array(header.utf8)[...], lines[2]].joined(separator: [0x0A])
      try Files.write(Array(wrong), to: directory + "/wrong")
      try await expectRefusal(directory, escrow: "wrong", saying: "opens none of the keys")
    }
  }

  /// With its keys, a log that was set back would sign another history under the same name.
  @Test func aLogThatWasSetBackGetsNoKeys() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data/log/data.mdb"
      try await lose(directory) { log in
        try await log.backup(to: directory + "/backup")
        _ = try await log.append(notes(1))
        try await log.keepEscrow(at: directory + "/escrow")
      }
      try FileManager.default.removeItem(atPath: data)
      try FileManager.default.copyItem(atPath: directory + "/backup/log/data.mdb", toPath: data)
      try await expectRefusal(directory, saying: "the folder was set back")
      try FileManager.default.removeItem(atPath: directory + "/data")
      try FileManager.default.copyItem(
        atPath: directory + "/backup", toPath: directory + "/data")
      try await expectRefusal(directory, saying: "is a backup")
    }
  }

  @Test func aKeyThatIsThereIsNotWrittenOver() async throws {
    try await withTemporaryDirectory { directory in
      let kept = try await lose(directory)
      for (path, key) in zip(keys(directory), kept) {
        for other in [[], key.dropLast(2) + [0x30, 0x0A]] where other != key {
          try Files.write(other, to: path)
          try await expectRefusal(directory, saying: "is not written over")
          #expect(try Files.read(path) == other)
          try Files.remove(path)
        }
      }
    }
  }
}
