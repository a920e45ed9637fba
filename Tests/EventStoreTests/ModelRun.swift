import Cryptography
import Foundation
import TestSupport

@testable import EventStore

/// Performs operations on a log and on its model, until the two part.
struct ModelRun {
  /// Where log and model part.
  struct Difference: Error, CustomStringConvertible {
    let description: String
  }

  /// What lies beside the folder.
  struct Copies {
    /// What the last backup holds.
    var backup: LogModel?
    var hasEscrow = false
    /// How often the log was restored.
    var restored = 0
  }

  private let directory: String
  private var log: EventLog?
  private(set) var model = LogModel()
  private(set) var copies = Copies()
  private var backups = 0
  /// The root of every head that was signed, by name and size: two for one is a log that lies.
  private var roots: [String: Digest] = [:]

  private init(_ directory: String) throws {
    self.directory = directory
    log = try EventLog.open(directory + "/data-0")
  }

  /// What is wrong after some of the operations; `nil` when log and model agree to the end.
  ///
  /// - Parameter doubt: another thing that would be wrong.
  static func failure(
    of operations: [Operation], doubting doubt: (ModelRun) -> String? = { _ in nil }
  ) async throws -> String? {
    try await withTemporaryDirectory { directory in
      do {
        var run = try ModelRun(directory)
        for operation in operations {
          try await run.perform(operation)
          if let problem = doubt(run) { throw Difference(description: problem) }
        }
        try run.reopen()
        return nil
      } catch {
        return "\(error)"
      }
    }
  }

  private var data: String { directory + "/data-\(copies.restored)" }
  /// A restored log has an escrow of its own: it may have another name.
  private var escrow: String { directory + "/escrow-\(copies.restored)" }

  private func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    guard condition else { throw Difference(description: what()) }
  }

  private func open() throws -> EventLog {
    guard let log else { throw Difference(description: "The log is closed.") }
    return log
  }

  private mutating func perform(_ operation: Operation) async throws {
    switch operation {
    // Whoever opens the folder anew must not hold the log meanwhile.
    case .reopen: try reopen()
    case .restore(let knowsLast): try await restore(knowingLast: knowsLast)
    default: try await perform(operation, on: try open())
    }
    try record(try open().checkpoint())
  }

  private mutating func perform(_ operation: Operation, on log: EventLog) async throws {
    switch operation {
    case .append(let stream, let count, let isStale):
      try await append(count, to: "s:\(stream)", isStale: isStale, log)
    case .command(let key, let content): try await command("k\(key)", content, log)
    case .register:
      let name = "人\(model.people.count)"
      let (person, receipt) = try await Registered.register(name, in: log)
      try require(!receipt.repeated, "\(name) was taken for somebody else.")
      model.people.append(.init(registered: person, name: name, position: receipt.first))
      model.add("", "a:\(name.utf8.count)")
    case .registerAgain(let index): try await registerAgain(index, log)
    case .erase(let index):
      let present = model.present
      guard !present.isEmpty else { return }
      let person = present[index % present.count]
      _ = try await model.people[person].registered.erase(from: log, named: true)
      model.people[person].isErased = true
      model.add("erased", "a:1")
    case .rotateKey:
      var append = Append(actor: "operator", via: "cli")
      append.events = [note("rotated")]
      _ = try await log.rotateSigningKey { [append] _ in append }
      model.add("rotated", "a:1")
    case .backUp:
      backups += 1
      _ = try await log.backup(to: directory + "/backup-\(backups)")
      copies.backup = model
    case .keepEscrow:
      try await log.keepEscrow(at: escrow)
      copies.hasEscrow = true
    case .reopen, .restore: break
    }
  }

  /// A head must be over all that was acknowledged, and of no other root than one of its name and size before.
  private mutating func record(_ text: String) throws {
    guard let note = SignedNote(text), let head = Checkpoint(text: note.text) else {
      throw Difference(description: "The head is no signed note.")
    }
    try require(
      head.size == UInt64(model.texts.count),
      "The head is over \(head.size) events, and \(model.texts.count) were recorded.")
    let name = "\(head.origin) over \(head.size) events"
    try require(
      roots.updateValue(head.root, forKey: name).map { $0 == head.root } ?? true,
      "\(name) was signed with two roots.")
  }

  private mutating func append(
    _ count: Int, to stream: String, isStale: Bool, _ log: EventLog
  ) async throws {
    let actual = model.streams[stream] ?? .zero
    let isStale = isStale && actual > .zero
    let texts = (0..<count).map { "\(stream) \($0)" }
    var append = Append(actor: "operator", via: "cli")
    append.events = texts.map { note($0, stream: stream) }
    append.expecting = [stream: isStale ? Position(rawValue: actual.rawValue - 1) : actual]
    do {
      let receipt = try await log.append(append)
      try require(!isStale, "What was decided on an older state was recorded.")
      try require(
        receipt.first.rawValue == UInt64(model.texts.count + 1),
        "Events were recorded from \(receipt.first) on.")
      for text in texts { model.add(text, stream) }
    } catch EventLogError.streamChanged where isStale {}
  }

  private func registerAgain(_ index: Int, _ log: EventLog) async throws {
    guard !model.people.isEmpty else { return }
    let person = model.people[index % model.people.count]
    do {
      let (_, receipt) = try await Registered.register(person.name, in: log)
      try require(
        receipt.repeated && receipt.first == person.position && !person.isErased,
        "\(person.name) was registered twice.")
    } catch EventLogError.erasedContent(let position) {
      try require(
        person.isErased && position == person.position, "\(person.name) is said to be erased.")
    }
  }

  private mutating func command(
    _ key: String, _ content: UInt8, _ log: EventLog
  ) async throws {
    var append = Append(actor: "operator", via: "cli")
    append.events = [note(key)]
    append.idempotency = Idempotency(key: key, content: [content], subject: nil)
    let earlier = model.keys[key]
    do {
      let receipt = try await log.append(append)
      if let earlier {
        try require(
          receipt.repeated && receipt.first == earlier.first && content == earlier.content,
          "A command was recorded twice.")
      } else {
        try require(!receipt.repeated, "A new command was taken for a repetition.")
        model.add(key, "a:1")
        model.keys[key] = (content, receipt.first)
      }
    } catch EventLogError.conflictingContent(let position) {
      try require(
        earlier.map { $0.first == position && $0.content != content } ?? false,
        "A command was taken for another.")
    }
  }
}

extension ModelRun {
  /// Closes the log, verifies it against its last head, opens it again, and compares it with the model.
  private mutating func reopen() throws {
    let head = try open().checkpoint()
    log?.close()
    log = nil
    let report = try whenFree { [data] in
      try verifyLog(directory: data, options: VerifyOptions(against: head))
    }
    try require(report.problems.isEmpty, "verify: \(report.problems)")
    log = try whenFree { [data] in try EventLog.open(data, create: false) }
    try compare()
  }

  /// Loses the folder, and goes on with what the last backup and the escrow give.
  private mutating func restore(knowingLast knowsLast: Bool) async throws {
    guard let backup = copies.backup, copies.hasEscrow else { return }
    let (last, origin) = (try open().checkpoint(), try open().origin)
    log?.close()
    log = nil
    let restored = copies.restored + 1
    let (next, restoration) = try await EventLog.restore(
      directory + "/backup-\(backups)", escrow: escrow,
      to: directory + "/data-\(restored)", lastCheckpoint: knowsLast ? last : nil
    ) { restoration in
      var append = Append(actor: "operator", via: "cli")
      append.events = [restoration.draft(naming: restoration.formerOrigin)]
      return append
    }
    log = next
    let lost = model.texts.count - backup.texts.count
    let keepsName = knowsLast && lost == 0
    try require(
      restoration.keepsName == keepsName && (next.origin == origin) == keepsName,
      "The name is kept: \(restoration.keepsName), with \(lost) events lost.")
    try require(
      !knowsLast || restoration.lost == UInt64(lost),
      "\(restoration.lost) events are said to be lost, and \(lost) are.")
    copies = Copies(restored: restored)
    model = backup.restored(knowing: model)
    if !keepsName { model.add("", "log") }
    try compare()
  }

  /// Does something with the folder once nobody has it open any more.
  private func whenFree<Value>(_ body: () throws -> Value) throws -> Value {
    for _ in 0..<2000 {
      do { return try body() } catch EventLogError.locked, EventLogError.openAlready {
        usleep(1000)
      }
    }
    return try body()
  }

  private func compare() throws {
    let log = try open()
    let texts = try log.events(from: 1, limit: .max).map { $0.data["text"]?.string ?? "" }
    try require(texts == model.texts, "The events are \(texts), and should be \(model.texts).")
    for (stream, position) in model.streams {
      let found = try log.lastPosition(ofStream: stream)
      try require(found == position, "\(stream) ends at \(found), and should at \(position).")
    }
    for person in model.people {
      let (subject, name) = (person.registered.subject.id, Array(person.name.utf8))
      do {
        let found = try log.open(person.registered.name, purpose: "name")
        try require(!person.isErased && found == name, "\(person.name) is not as recorded.")
        let file = try log.openDocument(person.registered.file)
        try require(file.starts(with: name), "The file of \(person.name) is not as recorded.")
      } catch EventLogError.erased(let id) {
        try require(person.isErased && id == subject, "\(person.name) is erased.")
      }
    }
  }
}
