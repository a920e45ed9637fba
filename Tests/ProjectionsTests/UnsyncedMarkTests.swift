import EventStore
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Projections

/// Counts the events that it is given.
private struct Count: Projection {
  static let table = ViewTable("seen")
  let name = "count"
  let version = 1
  let tables = [table]
  let counter = Counter()

  func facts() -> any Facts { Seen(counter: counter) }
}

private struct Seen: Facts {
  let counter: Counter
  var positions: [Position] = []

  mutating func read(_ event: EventLine) { positions.append(event.position) }

  func fold(into writer: inout ViewWriter) {
    for position in positions {
      counter.add()
      writer.put([1], at: position.rawValue.viewKey, in: Count.table)
    }
  }
}

private final class Counter: Sendable {
  private let value = Mutex(0)
  func add() { value.withLock { $0 += 1 } }
  var count: Int { value.withLock { $0 } }
}

/// If these fail, lists are answered from a file that a power cut has torn, or every start folds the whole log.
@Suite struct UnsyncedMarkTests {
  private func append(_ count: Int, to log: EventLog) async throws {
    var append = Append(actor: "user:1", via: "test")
    append.events = (0..<count).map { _ in
      EventDraft(stream: "account:1", type: "paid", data: ["amount": 1])
    }
    _ = try await log.append(append)
  }

  /// Waits until no process holds the file: one that another test starts has all of this one's for a moment.
  private func awaitNobody(at path: String) {
    let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = flock(descriptor, LOCK_EX)
    close(descriptor)
  }

  @Test func whatAnotherBootMayHaveLostIsFoldedAnew() async throws {
    try await withTemporaryDirectory { folder in
      let log = try EventLog.open(folder + "/data", create: true)
      defer { log.close() }
      let projection = Count()
      func views(boot: String) throws -> Views {
        awaitNobody(at: folder + "/views/unsynced")
        let views = try Views(
          directory: folder + "/views", log: log, projections: [projection], portion: 1 << 20,
          boot: boot)
        try views.catchUp()
        return views
      }
      try await append(20, to: log)
      _ = try views(boot: "first")
      #expect(projection.counter.count == 20)
      // A program that was killed has lost nothing.
      _ = try views(boot: "first")
      #expect(projection.counter.count == 20)
      _ = try views(boot: "second")
      #expect(projection.counter.count == 40)
      try views(boot: "second").settle(isLast: true)
      do {
        let views = try views(boot: "third")
        #expect(projection.counter.count == 40)
        try await append(5, to: log)
        try views.catchUp()
        #expect(projection.counter.count == 45)
        // While much is recorded nobody waits for the disk.
        try views.settle()
      }
      do {
        let views = try views(boot: "fourth")
        #expect(projection.counter.count == 70)
        try views.settle()
        try views.settle()
      }
      _ = try views(boot: "fifth")
      #expect(projection.counter.count == 70)
    }
  }

  @Test func theMarkStaysWhileAnotherProcessMayWrite() async throws {
    try await withTemporaryDirectory { folder in
      var syncs = 0
      let mark = try UnsyncedMark(directory: folder, boot: "boot")
      try mark.clear { () throws(ViewError) in syncs += 1 }
      #expect(syncs == 0)
      try mark.set()
      do {
        let other = try UnsyncedMark(directory: folder, boot: "boot")
        try mark.clear { () throws(ViewError) in syncs += 1 }
        #expect(syncs == 0)
        withExtendedLifetime(other) {}
      }
      try mark.clear { () throws(ViewError) in syncs += 1 }
      try mark.clear { () throws(ViewError) in syncs += 1 }
      #expect(syncs == 1)
      // Set again, it is there again.
      try mark.set()
      try mark.clear { () throws(ViewError) in syncs += 1 }
      #expect(syncs == 2)
    }
  }
}
