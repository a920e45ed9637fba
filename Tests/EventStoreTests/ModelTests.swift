import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore

/// What the log must behave like: a list, some dictionaries, and no disk.
private struct Model {
  struct Person {
    let registered: Registered
    let name: String
    var erased = false
  }

  var texts: [String] = []
  var streams: [String: Position] = [:]
  var keys: [String: (content: UInt8, first: Position)] = [:]
  var people: [Person] = []

  mutating func add(_ text: String, _ stream: String) {
    texts.append(text)
    streams[stream] = Position(rawValue: UInt64(texts.count))
  }
}

/// Any sequence of commands must leave what the simplest thinkable store would hold.
@Suite struct ModelTests {
  @Test(arguments: 0..<6)
  func randomCommandsGiveWhatTheModelGives(run: Int) async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    try await withTemporaryDirectory { directory in
      var model = Model()
      for session in 0..<5 {
        let about: Comment = "run \(run), session \(session), seed \(seed)"
        let log = try reopened(directory + "/data")
        try compare(log, model, about)
        for _ in 0..<12 { try await step(log, &model, &random, about) }
        try compare(log, model, about)
        log.close()
      }
    }
  }

  private func step(
    _ log: EventLog, _ model: inout Model, _ random: inout SplitMix64, _ about: Comment
  ) async throws {
    switch Int.random(in: 0..<9, using: &random) {
    case 0..<4: try await guarded(log, &model, &random, about)
    case 4, 5: try await keyed(log, &model, &random, about)
    case 6, 7:
      let name = "人\(model.people.count)"
      model.people.append(.init(registered: try await .append(log, name: name), name: name))
      model.add("", "a:\(name.utf8.count)")
    default:
      let present = model.people.indices.filter { !model.people[$0].erased }
      guard let index = present.randomElement(using: &random) else { return }
      _ = try await model.people[index].registered.erase(from: log)
      model.people[index].erased = true
      model.add("erased", "a:1")
    }
    #expect(try log.head.rawValue == UInt64(model.texts.count), about)
  }

  /// Opens the folder once the log that had it open is gone.
  private func reopened(_ directory: String) throws -> EventLog {
    for _ in 0..<200 {
      do { return try EventLog.open(directory) } catch EventLogError.locked { usleep(1000) }
    }
    return try EventLog.open(directory)
  }

  private func guarded(
    _ log: EventLog, _ model: inout Model, _ random: inout SplitMix64, _ about: Comment
  ) async throws {
    let stream = "s:\(Int.random(in: 0..<4, using: &random))"
    let actual = model.streams[stream] ?? .zero
    let stale = Bool.random(using: &random) && actual > .zero
    var append = Append(actor: "operator", via: "cli")
    let texts = (0..<Int.random(in: 1...5, using: &random)).map { "\(stream) \($0)" }
    append.events = texts.map { note($0, stream: stream) }
    append.expecting = [stream: stale ? Position(rawValue: actual.rawValue - 1) : actual]
    if stale {
      await #expect(throws: EventLogError.self, about) { try await log.append(append) }
    } else {
      let receipt = try await log.append(append)
      #expect(receipt.first.rawValue == UInt64(model.texts.count + 1), about)
      for text in texts { model.add(text, stream) }
    }
  }

  private func keyed(
    _ log: EventLog, _ model: inout Model, _ random: inout SplitMix64, _ about: Comment
  ) async throws {
    let key = "k\(Int.random(in: 0..<5, using: &random))"
    let content = UInt8.random(in: 0..<2, using: &random)
    var append = Append(actor: "operator", via: "cli")
    append.events = [note(key)]
    append.idempotency = Idempotency(key: key, content: [content], subject: nil)
    guard let earlier = model.keys[key] else {
      let receipt = try await log.append(append)
      model.add(key, "a:1")
      model.keys[key] = (content, receipt.first)
      return
    }
    if earlier.content == content {
      let receipt = try await log.append(append)
      #expect(receipt.repeated && receipt.first == earlier.first, about)
    } else {
      await #expect(throws: EventLogError.conflictingContent(position: earlier.first), about) {
        try await log.append(append)
      }
    }
  }

  private func compare(_ log: EventLog, _ model: Model, _ about: Comment) throws {
    let events = try log.events(from: 1, limit: .max)
    #expect(events.map { $0.data["text"]?.string ?? "" } == model.texts, about)
    for (stream, position) in model.streams {
      #expect(try log.lastPosition(ofStream: stream) == position, about)
    }
    for person in model.people {
      if person.erased {
        #expect(throws: EventLogError.erased(person.registered.subject.id), about) {
          try log.open(person.registered.name, purpose: "name")
        }
      } else {
        #expect(
          try log.open(person.registered.name, purpose: "name") == Array(person.name.utf8), about)
      }
    }
  }
}
