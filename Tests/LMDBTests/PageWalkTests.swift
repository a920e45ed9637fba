import Foundation
import TestSupport
import Testing

@testable import LMDB

/// What LMDB would take a damaged page's word for is found before it does.
@Suite struct PageWalkTests {
  /// Fills three tables, and takes away again what gives pages free, calling `body` after each transaction.
  private func fill(
    _ environment: Environment, seed: UInt64, _ body: () throws -> Void
  ) throws {
    var random = SplitMix64(seed: seed)
    let tables = try ["a", "b", "c"].map { try environment.table($0, create: true) }
    for round in 0..<12 {
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        for _ in 0..<60 {
          let table = tables[Int.random(in: 0..<3, using: &random)]
          let key = [UInt8](
            repeating: UInt8.random(in: 0...255, using: &random),
            count: Int.random(in: 1...40, using: &random))
          if round % 4 == 3 {
            try transaction.delete(key.span, in: table)
          } else {
            let size = Int.random(in: 0..<10, using: &random) == 0 ? 9000 : 300
            let value = [UInt8](repeating: 0x42, count: Int.random(in: 0..<size, using: &random))
            try transaction.put(value.span, at: key.span, in: table)
          }
        }
      }
      try body()
    }
  }

  /// A false alarm would shut an operator out of a sound store.
  @Test func noSoundFileIsBlamed() async throws {
    try await withTemporaryDirectory { folder in
      for round in 0..<6 {
        let seed = UInt64.random(in: 0..<(1 << 32))
        let environment = try Environment(path: "\(folder)/\(round)", maxTables: 3)
        #expect(try environment.damage() == nil)
        try fill(environment, seed: seed) {
          let damage = try environment.damage()
          #expect(damage == nil, "seed \(seed)")
        }
        if round == 0 {
          let copy = folder + "/copy"
          try FileManager.default.createDirectory(
            atPath: copy, withIntermediateDirectories: false)
          try environment.copy(to: copy, compacting: true)
          #expect(try Environment(path: copy, readOnly: true).damage() == nil)
        }
      }
    }
  }

  /// LMDB does not write what a transaction has taken and given back, and the file may end before it.
  @Test func aFileThatEndsBeforeFreePagesIsSound() async throws {
    try await withTemporaryDirectory { folder in
      let (key, row) = ([UInt8]("k".utf8), [UInt8](repeating: 1, count: 100))
      let long = [UInt8](repeating: 2, count: 20_000)
      do {
        let environment = try Environment(path: folder)
        let table = try environment.table("a", create: true)
        for _ in 0..<4 {
          try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
            try transaction.put(row.span, at: key.span, in: table)
          }
        }
        try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          try transaction.put(long.span, at: key.span, in: table)
          try transaction.delete(key.span, in: table)
        }
        let size = try Data(contentsOf: URL(fileURLWithPath: folder + "/data.mdb")).count
        try #require(try size < environment.info.usedSize)
        #expect(try environment.damage() == nil)
        try FileManager.default.createDirectory(
          atPath: folder + "/copy", withIntermediateDirectories: false)
        try environment.copy(to: folder + "/copy", compacting: false)
      }
      for folder in [folder, folder + "/copy"] {
        #expect(try Environment(path: folder, readOnly: true).damage() == nil)
        let environment = try Environment(path: folder)
        let table = try environment.table("a", create: false)
        try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          try transaction.put(long.span, at: key.span, in: table)
        }
        #expect(try environment.damage() == nil)
      }
      // The pages that it is then without are in use.
      try #require(unsafe truncate(folder + "/data.mdb", 3 * 4096) == 0)
      for readOnly in [false, true] {
        let error = #expect(throws: LMDBError.self) {
          try Environment(path: folder, readOnly: readOnly)
        }
        #expect(error?.isDamaged == true && "\(error as Any)".contains("cut short"))
      }
    }
  }

  @Test func everyFlippedBitOfWhatPagesSayOfEachOtherIsFound() async throws {
    try await withTemporaryDirectory { folder in
      let seed = UInt64.random(in: 0..<(1 << 32))
      let environment = try Environment(path: folder, maxTables: 3)
      try fill(environment, seed: seed) {}
      let file = try Data(contentsOf: URL(fileURLWithPath: folder + "/data.mdb"))
      let descriptor = unsafe open(folder + "/data.mdb", O_RDWR)
      defer { close(descriptor) }
      let used = try Self.used(environment, descriptor)
      var random = SplitMix64(seed: seed)
      var flips = 0
      for number in 2..<(file.count / 4096) where used.contains(UInt64(number)) {
        for byte in Self.places(file.dropFirst(number * 4096).prefix(4096), number) {
          let offset = number * 4096 + byte
          // A row's length may be odd, and then takes as much room as one that is longer by one.
          let bit = UInt8.random(in: (byte < 16 ? 0 : 1)..<8, using: &random)
          var (changed, original) = (file[offset] ^ 1 << bit, file[offset])
          #expect(unsafe pwrite(descriptor, &changed, 1, off_t(offset)) == 1)
          #expect(
            try environment.damage() != nil,
            "page \(number), byte \(byte), bit \(bit), seed \(seed)")
          #expect(unsafe pwrite(descriptor, &original, 1, off_t(offset)) == 1)
          flips += 1
        }
      }
      #expect(flips > 1000)
      #expect(try environment.damage() == nil)
    }
  }

  /// A row that is not where its key is sought is as good as lost, though reading in order comes by it.
  @Test func aKeyThatIsNotWhereItIsSoughtIsFound() async throws {
    try await withTemporaryDirectory { folder in
      let environment = try Environment(path: folder, maxTables: 3)
      try fill(environment, seed: 7) {}
      let url = URL(fileURLWithPath: folder + "/data.mdb")
      let file = [UInt8](try Data(contentsOf: url))
      let descriptor = unsafe open(folder + "/data.mdb", O_RDWR)
      defer { close(descriptor) }
      let used = try Self.used(environment, descriptor)
      func word(_ offset: Int) -> Int { Int(file[offset]) | Int(file[offset + 1]) << 8 }
      /// Writes bytes for as long as they are looked at.
      func found(_ bytes: [UInt8], at offset: Int) throws -> Bool {
        #expect(unsafe pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count)
        defer {
          let original = Array(file[offset..<(offset + bytes.count)])
          #expect(unsafe pwrite(descriptor, original, bytes.count, off_t(offset)) == bytes.count)
        }
        return try environment.damage() != nil
      }
      var (leaves, branches) = (0, 0)
      for number in 2..<(file.count / 4096) where used.contains(UInt64(number)) {
        let page = number * 4096
        guard word(page) == number else { continue }
        let nodes = (word(page + 12) - 16) / 2
        if word(page + 10) == 2, nodes >= 2 {
          let swapped = Array(file[(page + 18)..<(page + 20)] + file[(page + 16)..<(page + 18)])
          #expect(try found(swapped, at: page + 16), "the rows of page \(number)")
          leaves += 1
        } else if word(page + 10) == 1 {
          for node in 1..<nodes {
            let key = page + word(page + 16 + 2 * node) + 8
            for byte: UInt8 in [0, 255] where file[key] != byte {
              #expect(try found([byte], at: key), "page \(number), node \(node) to \(byte)")
            }
            branches += 1
          }
        }
      }
      #expect(leaves > 10 && branches > 10)
      #expect(try environment.damage() == nil)
    }
  }

  /// A bit for each page that the last transaction's snapshot uses.
  private static func used(_ environment: Environment, _ descriptor: Int32) throws -> [UInt64] {
    let transaction = UInt64(try environment.info.lastTransaction)
    let meta = try #require(DataFile.meta(descriptor, of: transaction, inTurn: true))
    var walk = PageWalk(descriptor, meta)
    try walk.run(meta, limit: .max)
    return walk.used
  }

  /// The bytes of a page's header, and of where its nodes lie and what they say of their size and kind.
  private static func places(_ page: Data, _ number: Int) -> [Int] {
    func word(_ offset: Int) -> Int {
      Int(page[page.startIndex + offset]) | Int(page[page.startIndex + offset + 1]) << 8
    }
    // Within a long value nothing is said of pages.
    guard word(0) == number, [1, 2, 4].contains(word(10)) else { return [] }
    // The padding means nothing.
    var places = Array(0..<8) + Array(10..<16)
    guard word(10) != 4 else { return places }
    for node in 0..<((word(12) - 16) / 2) {
      let start = word(16 + 2 * node)
      places += [16 + 2 * node, 17 + 2 * node]
      // How long a value on pages of its own is within the last of them, these do not tell.
      let first = word(10) == 2 && word(start + 4) == 1 ? 4 : 0
      places += Array((start + first)..<(start + 8))
    }
    return places
  }

  /// The one ahead of the last transaction would be taken for the last, and what that has answered would be gone.
  @Test func noTransactionIsLostToAFlippedBitOfItsNumber() async throws {
    try await withTemporaryDirectory { folder in
      do { try fill(try Environment(path: folder, maxTables: 3), seed: 7) {} }
      let url = URL(fileURLWithPath: folder + "/data.mdb")
      let sound = try Data(contentsOf: url)
      for (page, bit) in [(0, 0), (0, 1), (0, 5), (0, 62), (1, 0), (1, 1), (1, 5), (1, 62)] {
        var file = sound
        file[page * 4096 + 144 + bit / 8] ^= 1 << UInt8(bit % 8)
        try file.write(to: url)
        let error = #expect(throws: LMDBError.self, "page \(page), bit \(bit)") {
          try Environment(path: folder, maxTables: 3)
        }
        #expect(error?.isDamaged == true)
      }
    }
  }

  @Test func nobodyWaitsForWhatIsNoFile() async throws {
    try await withTemporaryDirectory { folder in
      #expect(unsafe mkfifo(folder + "/data.mdb", 0o600) == 0)
      let error = #expect(throws: LMDBError.self) { try Environment(path: folder, readOnly: true) }
      #expect(error?.isDamaged == true)
    }
  }

  /// The next transaction would take a live page for a free one, and write over what it holds.
  @Test func nothingIsWrittenWhereALivePageIsSaidToBeFree() async throws {
    try await withTemporaryDirectory { folder in
      do { try fill(try Environment(path: folder, maxTables: 3), seed: 7) {} }
      let url = URL(fileURLWithPath: folder + "/data.mdb")
      let sound = try Data(contentsOf: url)
      let (used, list) = try Self.free(folder)
      var file = sound
      file.replaceSubrange(
        list..<(list + 8), with: (0..<8).map { UInt8(truncatingIfNeeded: used >> (8 * $0)) })
      try file.write(to: url)
      let error = #expect(throws: LMDBError.self) { try Environment(path: folder, maxTables: 3) }
      #expect(error?.isDamaged == true && "\(error as Any)".contains("free pages"))
      #expect(try Data(contentsOf: url) == file)
      // Whoever only reads is not in its way.
      #expect(try Environment(path: folder, maxTables: 3, readOnly: true).damage() != nil)
      try sound.write(to: url)
      #expect(try Environment(path: folder, maxTables: 3).damage() == nil)
    }
  }

  /// The number of a page in use, and where in the file the first list of free pages has its last one.
  private static func free(_ folder: String) throws -> (used: UInt64, list: Int) {
    let environment = try Environment(path: folder, readOnly: true)
    let descriptor = unsafe open(folder + "/data.mdb", O_RDONLY)
    defer { close(descriptor) }
    let transaction = UInt64(try environment.info.lastTransaction)
    let meta = try #require(DataFile.meta(descriptor, of: transaction, inTurn: true))
    func number(_ offset: Int, _ count: Int) -> Int {
      var number: UInt64 = 0
      _ = unsafe pread(descriptor, &number, count, off_t(offset))
      return Int(number)
    }
    let page = Int(meta.free[5]) * 4096
    try #require(number(page + 10, 2) == 2, "the list is too long for this test")
    let node = page + number(page + 16, 2)
    try #require(number(node + 4, 2) == 0 && number(node + 16, 8) > 0)
    return (meta.main[5], node + 24)
  }
}
