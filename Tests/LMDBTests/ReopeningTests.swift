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
}
