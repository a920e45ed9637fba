import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore

/// A backup is made of a store in use, and is worth what a check of it says.
@Suite struct BackupBesideWritersTests {
  private func verify(_ directory: String) throws -> VerifyReport {
    try verifyInChild(worker: product("senko-worker"), directory: directory)
  }

  @Test func aBackupBesideWritersIsTheBeginningOfTheLog() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      _ = try await log.append(notes(1))
      let isOver = Flag()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<3 {
          group.addTask {
            var count = 0
            while !isOver.isRaised {
              count += 1
              _ = try await Registered.append(log, name: "人\(writer)-\(count)")
              _ = try await log.append(notes(3))
            }
          }
        }
        group.addTask {
          defer { isOver.raise() }
          for number in 1...6 {
            let checkpoint = try await log.backup(to: directory + "/\(number)")
            let size = Checkpoint(text: SignedNote(checkpoint)?.text ?? "")?.size
            let report = try await waiting { try verify(directory + "/\(number)") }
            #expect(report.problems.isEmpty, "\(report.problems)")
            #expect(report.events >= size ?? .max)
          }
        }
        try await group.waitForAll()
      }
      for number in 1...6 {
        let report = try verify(directory + "/\(number)")
        var (frontier, hasher) = (Frontier(), SHA256Hasher())
        try log.forEach(from: 1, through: Position(rawValue: report.events)) { _, bytes in
          frontier.append(subtree: MerkleHash.leaf(bytes), height: 0, &hasher)
          return true
        }
        #expect(report.root == frontier.root.hex)
      }
      log.close()
    }
  }

  /// A file of somebody whom a backup does not know would outlast every erasure in it.
  @Test func aBackupHoldsNoFileThatItsLogDoesNotName() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "花子")
      try await log.keepEscrow(at: directory + "/escrow")
      // As of an append whose event is not there yet.
      let (early, late) = (SHA256.hash([1]), SHA256.hash([2]))
      func put(_ digest: Digest, in folder: String) throws {
        let path = LogFolder(path: directory + folder).document(digest)
        try Files.makeFolders(of: path)
        try Files.write([1], to: path)
      }
      func names(_ folder: String) throws -> Set<String> {
        let documents = directory + folder + "/documents"
        return Set(
          try Files.names(in: documents).flatMap { try Files.names(in: documents + "/" + $0) })
      }
      try put(early, in: "/data")
      try await log.backup(to: directory + "/backup", worker: product("senko-worker"))
      let named: Set = [person.file.sealed.hex]
      #expect(try names("/backup") == named)

      try put(late, in: "/backup")
      let (restored, _) = try await EventLog.restore(
        directory + "/backup", escrow: directory + "/escrow", to: directory + "/again",
        worker: product("senko-worker")
      ) { _ in notes(1) }
      #expect(try names("/again") == named)
      #expect(try restored.openDocument(person.file).count == 12_000)
      restored.close()
    }
  }

  /// Such a file is renamed at any moment, and nothing names it if its writer is killed.
  @Test func whatIsStillBeingWrittenIsNotCopied() async throws {
    try await withLog { log, directory in
      let person = try await Registered.append(log, name: "花子")
      let file = LogFolder(path: directory).document(person.file.sealed)
      try Data([1]).write(to: URL(fileURLWithPath: file + ".new"))
      try await withTemporaryDirectory { backup in
        try await log.backup(to: backup)
        let copy = LogFolder(path: backup).document(person.file.sealed)
        #expect(FileManager.default.fileExists(atPath: copy))
        #expect(!FileManager.default.fileExists(atPath: copy + ".new"))
      }
    }
  }

  /// What was cut off at the end shows by the checkpoint alone that lies beside the copy.
  @Test func aBackupIsHeldAgainstItsOwnCheckpoint() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      _ = try await log.append(notes(5))
      try await log.backup(to: directory + "/backup")
      let later = try await log.append(notes(1)).checkpoint
      log.close()
      let path = URL(fileURLWithPath: directory + "/backup/checkpoint")
      let own = try String(contentsOf: path, encoding: .utf8)
      #expect(try verify(directory + "/backup").problems.isEmpty)
      #expect(try verify(directory + "/backup").covered == nil)
      let key = try #require(VerifierKey(log.publicKey))
      var note = try #require(SignedNote(own))
      let signature = note.signatures[0]
      var bytes = signature.bytes
      bytes[9] ^= 1
      note = SignedNote(
        text: note.text,
        signatures: [.init(name: signature.name, keyID: signature.keyID, bytes: bytes)])
      #expect(!key.verifies(note))
      for (wrong, reason) in [
        (later, "some are lost"), (note.encoded, "is not signed by a key"),
        (String(own.dropLast(8)), "is no signed note"),
      ] {
        try wrong.write(to: path, atomically: true, encoding: .utf8)
        let problems = try verify(directory + "/backup").problems.map(\.description)
        #expect(problems.contains { $0.contains("backup") && $0.contains(reason) }, "\(problems)")
      }
    }
  }

  /// A backup may take an hour; the command line must not wait for it.
  @Test func aLogIsOpenedBesideABackup() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(1))
        log.close()
      }
      let lock = LogFolder(path: data).erasureLock
      let held = try FileLock(lock, exclusive: true, waiting: false)
      // If opening waits, it would do so for ever.
      let release = Task {
        try await Task.sleep(for: .seconds(20))
        held.release()
      }
      let log = try await waiting { try EventLog.open(data) }
      #expect(throws: EventLogError.locked(directory: data)) {
        try FileLock(lock, exclusive: true, waiting: false)
      }
      release.cancel()
      _ = try await log.append(notes(1))
      held.release()
      log.close()
    }
  }
}
