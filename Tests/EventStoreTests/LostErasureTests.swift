import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// Who was erased stays so, and is told of, where the event of the erasure itself is lost.
@Suite struct LostErasureTests {
  private struct Lost {
    let erased: Registered
    let living: Registered
    /// Where the erasure was recorded.
    let position: Position
  }

  /// Makes a log, and takes the event of an erasure out of every page of its file.
  private func prepare(_ data: String, escrow: String) async throws -> Lost {
    let log = try EventLog.open(data)
    _ = try await log.append(notes(40))
    let (erased, living) = (
      try await Registered.append(log, name: "太郎"), try await Registered.append(log, name: "花子様")
    )
    _ = try await log.append(notes(40))
    try await log.keepEscrow(at: escrow)
    let position = try await erased.erase(from: log, named: true).last
    _ = try await log.append(notes(20))
    let event = Data(try log.events(from: position, limit: 1)[0].bytes)
    log.close()
    let url = URL(fileURLWithPath: data + "/log/data.mdb")
    var file = try Data(contentsOf: url)
    let leaves = file.leaves(of: try #require(file.roots["events"]))
    for page in leaves where file[(page * 4096)..<(page * 4096 + 4096)].range(of: event) != nil {
      file.replaceSubrange((page * 4096)..<(page * 4096 + 4096), with: Data(count: 4096))
    }
    // What earlier transactions have left of it.
    while let range = file.range(of: event) {
      file.replaceSubrange(range, with: Data(count: range.count))
    }
    try file.write(to: url)
    return Lost(erased: erased, living: living, position: position)
  }

  /// Puts in a row that says that somebody was erased who was not.
  private func lie(of living: Registered, in log: EventLog) throws {
    try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
      try transaction.put(bigEndian(999), at: living.subject.id.bytes, in: log.tables.erased)
    }
  }

  /// A row is put in by whoever can write to the file; a key under the wrapping key in force is not.
  @Test func nobodyWhoHasAKeyIsTakenForErased() async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let (backup, again) = (directory + "/backup", directory + "/again")
      let living: Registered
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        living = try await Registered.append(log, name: "花子")
        try await log.backup(to: backup)
        try lie(of: living, in: log)
        try await log.keepEscrow(at: escrow)
      }
      #expect(try repairLog(directory: data, from: []).unrepaired == [])
      #expect(try verifyLog(directory: data).problems.isEmpty)
      let (restored, restoration) = try await EventLog.restore(backup, escrow: escrow, to: again) {
        _ in notes(1)
      }
      defer { restored.close() }
      #expect(restoration.erased == [])
      #expect(try restored.open(living.name, purpose: "name") == Array("花子".utf8))
      #expect(try !restored.isErased(living.subject.id))
      try lie(of: living, in: restored)
      _ = try await living.erase(from: restored, named: true)
      #expect(throws: EventLogError.erased(living.subject.id)) {
        try restored.open(living.name, purpose: "name")
      }
    }
  }

  @Test func whoseErasureIsLostIsToldOfAgain() async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let (rest, again) = (directory + "/rest", directory + "/again")
      let lost = try await prepare(data, escrow: escrow)
      let id = lost.erased.subject.id
      let (note, report) = try backUpRest(of: data, to: rest, from: [])
      #expect(try #require(Checkpoint(note: note)).size < lost.position.rawValue)
      #expect(report.unrepaired.count == 1, "\(report.unrepaired)")
      #expect(report.unrepaired.first?.contains("of 1 people that they were erased") == true)
      #expect(try verifyLog(directory: rest).problems.count == 1)
      func restore(despiteDamage: Bool) async throws -> (EventLog, Restoration) {
        try await EventLog.restore(rest, escrow: escrow, to: again, despiteDamage: despiteDamage) {
          var append = Append(actor: "operator", via: "cli")
          append.events = [$0.draft(naming: $0.formerOrigin)]
          return append
        }
      }
      // The table alone says so, and who can write to it could have put anybody there.
      let refused = await #expect(throws: EventLogError.self) {
        try await restore(despiteDamage: false)
      }
      #expect(refused?.description.contains("says that somebody was erased") == true)
      let (log, restoration) = try await restore(despiteDamage: true)
      #expect(restoration.erased == [id] && restoration.damage.count == 1)
      #expect(try log.isErased(id) && log.untoldErasures == [id])
      #expect(try log.open(lost.living.name, purpose: "name") == Array("花子様".utf8))
      var told = Append(actor: "operator", via: "cli")
      told.events = [
        EventDraft(stream: "a:1", type: "a.erased", data: ["subject": .string(id.hex)])
      ]
      _ = try await log.append(told)
      try await log.noteErasuresTold()
      _ = try await log.append(notes(40))
      log.close()
      let problems = try verifyInChild(
        worker: product("senko-worker"), directory: again
      ).problems
      #expect(problems.isEmpty, "\(problems)")
    }
  }
}

extension Data {
  /// The leaves of a table's tree.
  fileprivate func leaves(of page: Int) -> [Int] {
    let start = page * 4096
    guard word(start + 10) & 1 == 1 else { return [page] }
    return (0..<((word(start + 12) - 16) / 2)).flatMap { index in
      let node = start + word(start + 16 + 2 * index)
      return leaves(of: word(node) | word(node + 2) << 16)
    }
  }
}
