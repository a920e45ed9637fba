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

@Suite struct AppendingTests {
  @Test("What is appended between other changes lies in order, and a smaller key is refused")
  func appending() async throws {
    try await withTemporaryDirectory { folder in try appending(in: folder) }
  }

  /// Two pages' worth of rows, so that the end moves to another page.
  private func appending(in folder: String) throws {
    let environment = try Environment(path: folder + "/map", mapSize: 1 << 22, maxTables: 6)
    // More tables than a transaction keeps the ends of.
    let tables = try (0..<6).map { try environment.table("table \($0)", create: true) }
    var expected: [[UInt8]: [UInt8]] = [:]
    func key(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }
    try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
      for number in 0..<300 {
        for table in tables {
          try transaction.append([UInt8(number & 255)].span, at: key(number).span, in: table)
        }
        expected[key(number)] = [UInt8(number & 255)]
        if number % 7 == 3 {
          // The last row goes and another one changes its size.
          for table in tables {
            try transaction.delete(key(number), in: table)
            let long = [UInt8](repeating: 1, count: 900)
            try transaction.put(long, at: key(number - 2), in: table)
          }
          expected[key(number)] = nil
          expected[key(number - 2)] = [UInt8](repeating: 1, count: 900)
        }
      }
    }
    for table in tables {
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        var refused = false
        do throws(LMDBError) {
          try transaction.append([0].span, at: key(7).span, in: table)
        } catch { refused = error.isKeyExists }
        #expect(refused)
      }
      var found: [[UInt8]: [UInt8]] = [:]
      var last: [UInt8] = []
      try environment.read { (transaction) throws(LMDBError) in
        var cursor = try transaction.cursor(table)
        while let entry = try cursor.next() {
          let key = Array(copying: entry.key)
          #expect(last.lexicographicallyPrecedes(key))
          last = key
          found[key] = Array(copying: entry.value)
        }
      }
      #expect(found == expected)
    }
  }
}

@Suite struct FullMapTests {
  @Test("A full map is said, nothing of its transaction is kept, and a larger map goes on")
  func filling() async throws {
    try await withTemporaryDirectory { folder in try filling(in: folder + "/map") }
  }

  private func filling(in folder: String) throws {
    var stored: UInt8 = 0
    func open(_ mapSize: Int) throws(LMDBError) -> (Environment, Table) {
      let environment = try Environment(path: folder, mapSize: mapSize, maxTables: 1)
      return (environment, try environment.table("rows", create: true))
    }
    func put(_ count: UInt8, _ environment: Environment, _ table: Table) throws(LMDBError) {
      let first = stored
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        for row in 0..<count {
          let value = [UInt8](repeating: first + row, count: 9000)
          try transaction.put(value, at: [first + row], in: table)
        }
      }
      stored += count
    }
    func rows(_ environment: Environment, _ table: Table) throws(LMDBError) -> Int {
      try environment.read { (transaction) throws(LMDBError) in try transaction.count(table) }
    }
    do {
      let (environment, table) = try open(1 << 18)
      var failure: LMDBError?
      while failure == nil, stored < 100 {
        do throws(LMDBError) { try put(3, environment, table) } catch { failure = error }
      }
      #expect(failure?.isMapFull == true)
      #expect(stored > 3)
      #expect(try rows(environment, table) == Int(stored))
      #expect(throws: LMDBError.self) { try put(3, environment, table) }
      #expect(try rows(environment, table) == Int(stored))
    }
    let (environment, table) = try open(1 << 22)
    try put(3, environment, table)
    #expect(try rows(environment, table) == Int(stored))
  }
}
