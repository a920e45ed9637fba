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
      #expect(throws: EventLogError.formatVersion(found: "9", supported: "1")) {
        try EventLog.open(directory + "/data")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: log + "/data.mdb")) == file)
    }
  }
}
