import Foundation
import TestSupport
import Testing

@testable import LMDB

/// After a failed write of its meta page, LMDB serves nobody until it is closed and opened again.
@Suite struct ReopeningTests {
  @Test func tablesHoldWhatTheyHeld() async throws {
    try await withTemporaryDirectory { directory in
      let environment = try Environment(path: directory + "/env")
      var tables: [Table] = []
      for name in ["c", "a", "b"] { tables.append(try environment.table(name, create: true)) }
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        for (index, table) in tables.enumerated() {
          try transaction.put([UInt8(index)], at: [1], in: table)
        }
      }
      try environment.reopen()
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        for (index, table) in tables.enumerated() {
          #expect(try transaction.value(at: [1], in: table) == [UInt8(index)])
          try transaction.put([9], at: [2], in: table)
        }
      }
      try environment.reopen()
      let later = try environment.table("d", create: true)
      #expect(!tables.contains(later))
      try environment.read { (transaction) throws(LMDBError) in
        #expect(try transaction.value(at: [2], in: tables[0]) == [9])
      }
    }
  }

  @Test func nothingIsTakenFromUnderAReader() async throws {
    try await withTemporaryDirectory { directory in
      let environment = try Environment(path: directory + "/env")
      let table = try environment.table("a", create: true)
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        try transaction.put([1], at: [1], in: table)
      }
      try environment.read { (transaction) throws(LMDBError) in
        #expect(throws: LMDBError.self) { try environment.reopen() }
        #expect(try transaction.value(at: [1], in: table) == [1])
      }
      try environment.reopen()
    }
  }

  /// Zeros in the place of what cannot be read would say of a log that it was set back.
  @Test func whatCannotBeOpenedAgainTellsNothingOfItself() async throws {
    try await withTemporaryDirectory { directory in
      let file = directory + "/env/data.mdb"
      let environment = try Environment(path: directory + "/env")
      _ = try environment.table("a", create: true)
      let before = try environment.info
      #expect(before.lastTransaction == 1)
      try FileManager.default.moveItem(atPath: file, toPath: directory + "/away")
      try Data(count: 8192).write(to: URL(fileURLWithPath: file))
      #expect(throws: LMDBError.self) { try environment.reopen() }
      #expect(throws: LMDBError.self) { try environment.info }
      try FileManager.default.removeItem(atPath: file)
      try FileManager.default.moveItem(atPath: directory + "/away", toPath: file)
      try environment.reopen()
      #expect(try environment.info == before)
    }
  }
}
