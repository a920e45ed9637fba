import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// The first and the later start of a folder, with others at it.
@Suite struct BeginningTests {
  /// If this fails, a version that knows nothing of the folder changes it before it says so.
  @Test func aNewerFolderIsRefusedBeforeAnythingIsWritten() async throws {
    try await withTemporaryDirectory { directory in
      try Files.makeFolder(directory + "/data")
      let log = directory + "/data/log"
      do {
        let environment = try Environment(path: log, mapSize: EventLog.mapSize, maxTables: 4)
        let meta = try environment.table("meta", create: true)
        try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          try transaction.put(Array("9".utf8), at: MetaKey.format, in: meta)
        }
      }
      let file = try Data(contentsOf: URL(fileURLWithPath: log + "/data.mdb"))
      #expect(throws: EventLogError.formatVersion(found: "9", supported: "2")) {
        try EventLog.open(directory + "/data")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: log + "/data.mdb")) == file)
    }
  }

  /// If this fails, of two first starts one takes the file from under the other, and leaves keys of another log.
  @Test func aFileThatAnotherStartIsMakingIsLeftToIt() async throws {
    try await withTemporaryDirectory { directory in
      let folder = LogFolder(path: directory + "/data")
      try Files.makeFolder(folder.path)
      try Files.makeFolder(folder.log)
      // As LMDB has made it and not yet written to it.
      try Data().write(to: URL(fileURLWithPath: folder.log + "/data.mdb"))
      let other = try FileLock(folder.lock, exclusive: false, waiting: false)
      try EventLog.makeFolders(folder)
      #expect(Files.exists(folder.log + "/data.mdb"))
      other.release()
      // What a crash has left begins anew.
      try EventLog.makeFolders(folder)
      #expect(!Files.exists(folder.log + "/data.mdb"))
      do { try EventLog.open(folder.path).close() }
      #expect(try verifyLog(directory: folder.path).problems.isEmpty)
    }
  }
}
