import EventStore

extension Scenario {
  /// All that a log can be asked at once: what the thread sanitizer is to look at.
  func crowd(_ log: EventLog) async throws {
    let people = try people(log).map { $0.subject }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<24 {
        group.addTask { try await Self.append(log, caller) }
      }
      for _ in 0..<4 {
        group.addTask { try await Self.read(log) }
      }
      group.addTask {
        _ = try await log.erase([people[0]], recording: Self.erasure(of: [people[0]]))
      }
      group.addTask { _ = try await log.rotateSigningKey { _ in Self.events(1, "rotated") } }
      group.addTask { try await log.backup(to: folder + "/crowd") }
      try await group.waitForAll()
    }
  }

  private static func append(_ log: EventLog, _ caller: Int) async throws {
    for index in 0..<20 {
      var append = events(1, "crowd")
      let key = "crowd \(caller) \(index)"
      append.idempotency = Idempotency(key: key, content: [1], subject: nil)
      let receipt = try await log.append(append)
      let again = try await log.append(append)
      guard again.repeated, again.first == receipt.first,
        try log.appended(idempotencyKey: key) == receipt.first
      else { return say("error: the key of event \(receipt.first) is forgotten") }
    }
  }

  private static func read(_ log: EventLog) async throws {
    for _ in 0..<100 {
      let head = try log.head
      _ = try log.proof(of: head)
      _ = try log.checkpoint()
      var count: UInt64 = 0
      try log.forEach(from: 1, through: head) { _, _ in
        count += 1
        return true
      }
      if count != head.rawValue { say("error: \(count) events at \(head)") }
      await Task.yield()
    }
  }
}
