import EventStore
import Projections
import TestSupport
import Testing

/// If these fail, what is kept beside the folded rows comes back as another's, or survives a rebuild.
@Suite struct KeepingTests {
  @Test func valuesAreKeptByKeyUntilTheViewsAreForgotten() async throws {
    try await withTemporaryDirectory { folder in
      let log = try EventLog.open(folder + "/data", create: true)
      defer { log.close() }
      let views = try Views(
        directory: folder + "/views", log: log, projections: [Totals("first")])
      let table = try #require(Totals("first").tables.first)
      func key(_ number: UInt64) -> [UInt8] { number.viewKey }
      func value(_ number: UInt64, _ size: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(number), count: size)
      }
      // Rows that lie beyond those there are, between them, and in their place; some fill pages of their own.
      try views.keep((5...9).map { (key($0), value($0, 3000)) }, in: table)
      try views.keep([1, 7, 12].map { (key($0), value($0, 10)) }, in: table)
      #expect(
        try views.kept(at: [1, 5, 7, 12].map(key), in: table)
          == [value(1, 10), value(5, 3000), value(7, 10), value(12, 10)])
      #expect(try views.kept(at: [key(5), key(6), key(10)], in: table) == nil)
      _ = try views.rebuild()
      #expect(try views.kept(at: [key(5)], in: table) == nil)
    }
  }
}
