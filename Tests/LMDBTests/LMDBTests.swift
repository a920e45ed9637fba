import LMDB
import TestSupport
import Testing

@Suite struct CursorTests {
  @Test("A walk begins at or after its key, is in order, and ends when it is told to")
  func walking() async throws {
    try await withTemporaryDirectory { folder in try walking(in: folder) }
  }

  private func walking(in folder: String) throws {
    let environment = try Environment(path: folder + "/map", mapSize: 1 << 20, maxTables: 1)
    let table = try environment.table("numbers", create: true)
    try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
      for number: UInt8 in [2, 4, 6, 8] { try transaction.put([number], at: [number], in: table) }
    }
    func walk(from start: [UInt8], atMost limit: Int = 9) throws(LMDBError) -> [UInt8] {
      var seen: [UInt8] = []
      try environment.read { (transaction) throws(LMDBError) in
        var cursor = try transaction.cursor(table)
        try cursor.forEach(atOrAfter: start.span) { key, value in
          seen.append(key[0] == value[0] ? key[0] : 0)
          return seen.count < limit
        }
      }
      return seen
    }
    #expect(try walk(from: [3]) == [4, 6, 8])
    #expect(try walk(from: [4]) == [4, 6, 8])
    #expect(try walk(from: [9]) == [])
    #expect(try walk(from: [1], atMost: 2) == [2, 4])
  }
}
