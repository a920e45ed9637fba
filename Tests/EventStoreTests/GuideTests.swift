import EventStore
import Foundation
import TestSupport
import Testing

/// What the guides tell a reader to write must compile for whoever imports the module, and do what they say.
@Suite struct GuideTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The lines of a text without what indents them.
  private static func plain(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .joined(separator: "\n")
  }

  /// Every piece of Swift in a guide stands in this file as it is, apart from its indentation.
  @Test(arguments: ["EventStore", "Recording", "Safekeeping", "Erasure"])
  func thisFileHoldsTheGuidesSwift(article: String) throws {
    let folder = Self.root.appendingPathComponent("Sources/EventStore/EventStore.docc")
    let text = try String(
      contentsOf: folder.appendingPathComponent(article + ".md"), encoding: .utf8)
    let own = Self.plain(try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8))
    let pieces = text.components(separatedBy: "```swift\n").dropFirst()
    #expect(!pieces.isEmpty)
    for piece in pieces {
      let code = Self.plain(piece.components(separatedBy: "```")[0])
      #expect(own.contains(code), "\(article).md")
    }
  }

  private struct Failure: Error {
    let problems: [VerifyReport.Problem]
    init(_ problems: [VerifyReport.Problem]) { self.problems = problems }
  }

  // Recording

  func book(
    _ room: String, for guest: String, request: String, in log: EventLog
  ) async throws -> Receipt {
    while true {
      let stream = "room:\(room)"
      let seen = try log.lastPosition(ofStream: stream)
      var append = Append(actor: guest, via: "web")
      append.events = [
        EventDraft(stream: stream, type: "room.booked", data: ["nights": 2])
      ]
      append.expecting = [stream: seen]
      append.idempotency = Idempotency(
        key: request, content: Array("\(room) \(guest)".utf8), subject: nil)
      do { return try await log.append(append) } catch {
        guard case .streamChanged = error else { throw error }
      }
    }
  }

  func follow(
    _ log: EventLog, after position: Position, _ take: (Event) async throws -> Void
  ) async throws {
    var position = position
    while !Task.isCancelled {
      let events = try log.events(from: position.next, limit: 256)
      for event in events {
        try await take(event)
        position = event.position
      }
      if events.isEmpty { _ = try await log.waitForEvents(after: position, timeout: .seconds(10)) }
    }
  }

  private struct Enough: Error {}

  /// The first positions that a follower is given.
  private func positions(_ count: Int, of log: EventLog) async throws -> [Position] {
    var seen: [Position] = []
    do {
      try await follow(log, after: .zero) { event in
        seen.append(event.position)
        if seen.count == count { throw Enough() }
      }
    } catch is Enough {}
    return seen
  }

  @Test func manyBookOneRoomAndEveryBookingIsFollowedOnce() async throws {
    try await withLog { log, _ in
      async let followed = positions(20, of: log)
      try await withThrowingTaskGroup(of: Receipt.self) { group in
        for guest in 1...20 {
          for _ in 1...2 {
            group.addTask {
              try await book("7", for: "guest:\(guest)", request: "request-\(guest)", in: log)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await followed.map(\.rawValue) == Array(1...20))
    }
  }

  // EventStore

  @Test func theFirstExampleRecordsAName() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory)
      let person = log.makeSubject()
      let name = log.seal(Array("選考 花子".utf8), for: person, purpose: "name")

      var append = Append(actor: "user:2", via: "cli")
      append.events = [
        EventDraft(stream: "person:1", type: "person.named", data: ["name": name.reference.json])
      ]
      append.expecting = ["person:1": .zero]
      append.idempotency = Idempotency(
        key: "request-17", content: Array("花子".utf8), subject: person.id)
      append.subjects = [person]
      append.sealed = [name]
      let receipt = try await log.append(append)
      #expect(receipt.first == 1)
      #expect(try log.open(name.reference, purpose: "name") == Array("選考 花子".utf8))
      log.close()
    }
  }

  // Safekeeping

  @Test func aLogOfWhichAPageIsSpoiltIsRepaired() async throws {
    try await withTemporaryDirectory { directory in
      let (folder, backup) = (directory + "/log", directory + "/backup")
      do {
        let log = try EventLog.open(folder)
        _ = try await log.append(notes(9))
        try await log.backup(to: backup)
        log.close()
      }
      let file = try FileHandle(
        forUpdating: URL(fileURLWithPath: folder + "/log/data.mdb"))
      try file.write(contentsOf: [UInt8](repeating: 0, count: 4096))
      try file.close()

      let report = try repairLog(directory: folder, from: [backup])
      for sentence in report.unrepaired { print(sentence) }
      #expect(report.unrepaired.isEmpty && report.kept == folder + "/log.damaged")
      #expect(try verifyLog(directory: folder).problems.isEmpty)
    }
  }

  @Test func aLogThatIsBackedUpAndWitnessedIsRestored() async throws {
    try await withLog { log, directory in
      let (escrow, backup) = (directory + "-escrow", directory + "-backup")
      let (elsewhere, folder) = (directory + "-witness", directory + "-again")
      defer {
        for path in [escrow, backup, elsewhere, folder] {
          try? FileManager.default.removeItem(atPath: path)
        }
      }
      _ = try await log.append(notes(9))
      let key = try #require(VerifierKey(log.publicKey))

      try await log.keepEscrow(at: escrow)
      let checkpoint = try await log.backup(to: backup)
      let report = try verifyLog(
        directory: backup, options: VerifyOptions(against: checkpoint, publicKey: log.publicKey))
      guard report.problems.isEmpty else { throw Failure(report.problems) }

      let witness = try Witness(directory: elsewhere, name: "auditor")
      let note = try log.checkpoint()
      let cosigned = try witness.cosign(note, by: key, bridges: log.bridges()) {
        (from, to) throws(EventLogError) in
        try log.consistency(from: from, to: to)
      }

      var options = VerifyOptions(publicKey: key.description)
      options.witnessed = [cosigned]
      options.witnesses = [witness.key]
      let seen = try verifyLog(directory: backup, options: options)
      guard seen.problems.isEmpty, seen.pinned == seen.events else { throw Failure(seen.problems) }
      #expect(seen.witnessed.map(\.size) == [9])

      let (restored, restoration) = try await EventLog.restore(backup, escrow: escrow, to: folder) {
        restoration in
        var append = Append(actor: "operator", via: "cli")
        append.events = [
          EventDraft(
            stream: "log", type: "log.restored",
            data: [
              "knownRoot": .string(restoration.knownRoot),
              "knownSize": .integer(Int64(restoration.knownSize)),
              "origin": .string(restoration.formerOrigin),
              "size": .integer(Int64(restoration.size)),
            ])
        ]
        return append
      }
      #expect(restoration.lost == 0)
      #expect(try restored.head == 10)
      #expect(restored.publicKey != log.publicKey)
      restored.close()
      let continued = try verifyInChild(
        worker: product("senko-worker"), directory: folder, options: options)
      #expect(continued.problems.isEmpty && continued.covered == 9 && continued.pinned == 9)
      do {
        let folder = backup
        let cosigned = try witness.cosign(logIn: folder)
        #expect(Checkpoint(note: cosigned)?.size == 9)
      }
    }
  }

  /// The program that a reader makes of one line is what `senko-worker` makes of it, too.
  func worker() -> Never {
    LogWorker.run(Array(CommandLine.arguments.dropFirst()))
  }

  // Erasure

  @Test func whoIsErasedIsGone() async throws {
    try await withLog { log, _ in
      let person = log.makeSubject()
      let mail = log.seal(Array("hanako@example.jp".utf8), for: person, purpose: "mail")
      var append = Append(actor: "user:2", via: "web")
      append.events = [
        EventDraft(
          stream: "person:17", type: "person.registered", data: ["mail": mail.reference.json])
      ]
      append.subjects = [person]
      append.sealed = [mail]
      _ = try await log.append(append)

      var erasure = Append(actor: "user:2", via: "web")
      erasure.events = [
        EventDraft(
          stream: "person:17", type: "person.erased", data: ["subject": .string(person.id.hex)])
      ]
      _ = try await log.erase([person.id], recording: erasure)
      #expect(throws: EventLogError.erased(person.id)) {
        try log.open(mail.reference, purpose: "mail")
      }
    }
  }
}
