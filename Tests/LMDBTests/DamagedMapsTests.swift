import Foundation
import Glibc
import TestSupport
import Testing

@testable import LMDB

/// A damaged file ends a program that asked for it with a sentence and an exit code, and no other by more than before.
@Suite struct DamagedMapsTests {
  /// Reads all rows of an environment that `damage` was done to while it was open.
  private static func read(
    marking lossMark: LossMark? = nil, damage: (_ file: String) throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let environment = try Environment(
        path: directory, remedy: "Take the copy.", lossMark: lossMark)
      let table = try environment.table("rows", create: true)
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        for row in 0..<UInt8(200) {
          try transaction.put([UInt8](repeating: row, count: 500), at: [row], in: table)
        }
      }
      try damage(directory + "/data.mdb")
      try environment.read { (transaction) throws(LMDBError) in
        var cursor = try transaction.cursor(table)
        while let entry = try cursor.next() { _ = [UInt8](copying: entry.value) }
      }
    }
  }

  /// Writes `page` over every page behind the two that tell what the file is.
  private static func fill(_ file: String, with page: (UInt64) -> [UInt8]) throws {
    let descriptor = unsafe open(file, O_RDWR)
    defer { close(descriptor) }
    for number in 2..<UInt64(lseek(descriptor, 0, SEEK_END) / 4096) {
      let bytes = page(number)
      guard unsafe pwrite(descriptor, bytes, bytes.count, off_t(number * 4096)) == bytes.count
      else { throw LMDBError(code: errno, operation: "pwrite") }
    }
  }

  /// Says of the first row of every leaf, but where tables are listed, that it has a table of its own, of which LMDB knows nothing there.
  private static func flag(_ file: String) throws {
    let descriptor = unsafe open(file, O_RDWR)
    defer { close(descriptor) }
    for number in 2..<off_t(lseek(descriptor, 0, SEEK_END) / 4096) {
      func word(_ offset: off_t) -> UInt16 {
        var word: UInt16 = 0
        _ = unsafe pread(descriptor, &word, 2, number * 4096 + offset)
        return word
      }
      let place = off_t(word(16)) + 4
      guard word(10) == 2, word(place) == 0 else { continue }
      var flags: UInt16 = 4
      guard unsafe pwrite(descriptor, &flags, 2, number * 4096 + place) == 2 else {
        throw LMDBError(code: errno, operation: "pwrite")
      }
    }
  }

  private static func isTold(_ result: ExitTest.Result?) throws -> Bool {
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    return text.hasPrefix("test: The file '") && text.hasSuffix("Take the copy.\n")
      && text.contains("/data.mdb'")
  }

  /// The map's pages that the file has lost.
  @Test func aFileCutShortUnderAReaderIsNamed() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(7), observing: [\.standardErrorContent]
    ) {
      DamagedMaps.endProcess(code: 7, prefix: "test: ")
      try await Self.read { unsafe truncate($0, 8192) }
    }
    #expect(try Self.isTold(result))
  }

  /// What can be made anew is, if whoever opens it next knows.
  @Test func theNextToOpenItIsTold() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/mark"
      await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
        DamagedMaps.endProcess(code: 7, prefix: "test: ")
        let descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
        try await Self.read(marking: LossMark(descriptor: descriptor)) {
          unsafe truncate($0, 8192)
        }
      }
      let mark = try String(contentsOfFile: path, encoding: .utf8)
      #expect(mark == "lost    ")
    }
  }

  /// A branch that leads to one page only, which LMDB asserts it never meets.
  @Test func aPageThatContradictsItselfIsNamed() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(7), observing: [\.standardErrorContent]
    ) {
      DamagedMaps.endProcess(code: 7, prefix: "test: ")
      try await Self.read { file in
        try Self.fill(file) { page in
          let number = (0..<8).map { UInt8(truncatingIfNeeded: page >> (8 * $0)) }
          return number + [0, 0, 1, 0, 0x12, 0, 0, 0x10] + [UInt8](repeating: 0xF0, count: 4080)
        }
      }
    }
    #expect(try Self.isTold(result))
  }

  /// What leads LMDB to an address that is in no map; the other environment is not to be blamed.
  @Test func aWayOutOfTheMapIsNamed() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(7), observing: [\.standardErrorContent]
    ) {
      DamagedMaps.endProcess(code: 7, prefix: "test: ")
      try await withTemporaryDirectory { directory in
        let before = try Environment(path: directory + "/before", remedy: "No.")
        try await Self.read(damage: Self.flag)
        _ = before
      }
    }
    #expect(try Self.isTold(result))
  }

  /// As of a program that writes a trace of its own.
  @Test func whatWasToBeDoneBeforeIsDoneStill() async {
    await #expect(processExitsWith: .exitCode(9)) {
      signal(SIGSEGV) { _ in _exit(9) }
      DamagedMaps.endProcess(code: 7, prefix: "test: ")
      try await Self.read { _ in }
      raise(SIGSEGV)
    }
    await #expect(processExitsWith: .exitCode(9)) {
      signal(SIGSEGV) { _ in _exit(9) }
      DamagedMaps.endProcess(code: 7, prefix: "test: ")
      try await Self.read { _ in }
      unsafe UnsafeMutablePointer<UInt8>(bitPattern: 8)?.pointee = 1
    }
  }

  /// As `verify` tells of it that its own process has died.
  @Test func whoDoesNotAskIsEndedByTheSignal() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try await Self.read { unsafe truncate($0, 8192) }
    }
  }

  /// An address that is in no open map.
  @Test func anotherFaultStaysWhatItWas() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      DamagedMaps.endProcess(code: 7, prefix: "test: ")
      try await Self.read { _ in }
      raise(SIGSEGV)
    }
  }
}
