import EventStore
import Glibc

/// Reopens a folder after a fault, finishes what was begun, and says what it finds.
struct Check {
  let folder: String
  /// The last head that was answered of the log, and of the restored one: each must hold it for ever.
  var heads: [String] = []
  /// Whether the folder is not the one that the scenario ran in.
  var isCopy = false

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private func require(_ condition: Bool, _ what: String) throws {
    guard condition else { throw Failure(description: what) }
  }

  func run(_ name: String) async throws {
    let scenario = Scenario(folder: folder)
    if name == "begin" { return try await begun(scenario) }
    try await look(scenario, name)
    // What was begun can be done again, and then is whole.
    try await finish(scenario, name)
    try verify(scenario.data, against: head(0))
    if name == "restore" { try verify(scenario.restored, against: head(1)) }
    try expectNothingLeft()
    say("ok")
  }

  /// Whatever lies beside what belongs there may hold keys of those who are erased.
  private func expectNothingLeft() throws {
    let own = [
      "documents", "erasure-lock", "intents", "lock", "log", "signing-key", "wrapping-key",
    ]
    let known = [
      "": [
        "again", "backup", "data", "escrow", "medium", "other", "restored", "rotated", "second",
      ],
      "/data": own, "/data/intents": [], "/data/log": ["data.mdb", "lock.mdb"],
      // A restore that was cut off when its folder was in its place.
      "/restored": own + ["restoring"], "/restored/log": ["data.mdb", "lock.mdb"],
    ]
    for (place, names) in known {
      let right = names.map { "\(folder)\(place)/\($0)" }
      let left = paths(matching: "\(folder)\(place)/*").filter { !right.contains($0) }
      try require(left.isEmpty, "left are \(left)")
    }
  }

  private func verify(_ directory: String, against head: String?) throws {
    let report = try verifyLog(directory: directory, options: VerifyOptions(against: head))
    try require(report.problems.isEmpty, "verify: \(report.problems)")
  }

  private func head(_ index: Int) -> String? {
    guard heads.indices.contains(index), !heads[index].isEmpty else { return nil }
    return heads[index].replacing("|", with: "\n")
  }

  /// A log whose making was cut short begins at the next start, or goes on.
  private func begun(_ scenario: Scenario) async throws {
    do {
      let log = try EventLog.open(scenario.data)
      defer { log.close() }
      say("head \(try log.head)")
      _ = try await log.append(Scenario.events(1, "after"))
    }
    try verify(scenario.data, against: head(0))
    try expectNothingLeft()
    say("ok")
  }

  private func look(_ scenario: Scenario, _ name: String) async throws {
    let log = try EventLog.open(scenario.data, create: false)
    defer { log.close() }
    if isCopy { try await takeEscrowOver(log) }
    say("head \(try log.head)")
    let people = try scenario.people(log)
    let expected = name == "register" ? Int(try log.head.rawValue) - 20 : 3
    try require(people.count == expected, "a person is lost")
    var erased = 0
    for person in people {
      do {
        try require(try log.open(person, purpose: "name").count >= 4, "a name is cut")
      } catch EventLogError.erased { erased += 1 }
    }
    if name == "erase" {
      let recorded = try log.head == 25
      try require(erased == (recorded ? 2 : 0), "\(erased) are erased, recorded: \(recorded)")
      say("erased \(erased)")
    } else {
      try require(erased == 0, "somebody is erased")
    }
    for left in ["wrapping-key.next", "signing-key.next"] {
      try require(unsafe access(scenario.data + "/" + left, F_OK) != 0, "\(left) is left")
    }
    let files = paths(matching: scenario.data + "/documents/??/*").count
    try require(files >= expected - erased, "a document is lost")
    if erased > 0 { try require(files == 3 - erased, "an erased document is left") }
  }

  /// Makes a copy of the folder the one that keeps the escrow, as whoever has moved it does.
  private func takeEscrowOver(_ log: EventLog) async throws {
    guard let path = try log.escrowPath() else { return }
    do { try await log.requireEscrow() } catch EventLogError.escrowForked {
      try await log.keepEscrow(at: path)
    } catch EventLogError.escrowUnreachable {}
  }

  private func paths(matching pattern: String) -> [String] {
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
    return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
      unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
    }
  }

  /// Erases two people, unless that is done.
  private func erase(in log: EventLog, _ scenario: Scenario) async throws {
    let subjects = try scenario.people(log).prefix(2).map { $0.subject }
    guard try !log.isErased(subjects[0]) else { return }
    _ = try await log.erase(subjects, recording: Scenario.erasure(of: subjects))
  }

  /// Restores the backup of before an erasure by an escrow that is to know of it.
  private func restore(by escrow: String, _ scenario: Scenario) async throws {
    let (again, _) = try await EventLog.restore(
      scenario.backup, escrow: escrow, to: folder + "/again",
      recording: { Scenario.restored($0) })
    defer { again.close() }
    for (index, person) in try scenario.people(again).enumerated() {
      do {
        _ = try again.open(person, purpose: "name")
        try require(index == 2, "a restore brings back who was erased")
      } catch EventLogError.erased {
        try require(index < 2, "a restore erases somebody else")
      }
    }
  }

  /// An escrow that was begun is one that erasures keep up to date, or refuse to go on without.
  private func finishEscrow(of log: EventLog, _ scenario: Scenario) async throws {
    if unsafe access(scenario.medium, F_OK) == 0 { say("escrow") }
    do { try await erase(in: log, scenario) } catch EventLogError.escrowUnreachable {
      // Whoever goes elsewhere writes over nothing of the first try; in a copy, that could be another folder's.
      let isThere = unsafe access(scenario.medium, F_OK) == 0
      try await log.keepEscrow(at: isThere || isCopy ? scenario.medium : scenario.other)
      try await erase(in: log, scenario)
    }
    // What somebody has removed, and a power cut has brought back, the log need not know.
    for escrow in [scenario.medium, try log.escrowPath() ?? ""]
    where unsafe access(escrow, F_OK) == 0 { return try await restore(by: escrow, scenario) }
  }

  /// The escrow holds the key in force, whichever that is: the log goes on under its name with it.
  private func restoreLast(of log: EventLog, _ scenario: Scenario) async throws {
    let copy = folder + "/rotated"
    try await log.backup(to: copy)
    let (again, restoration) = try await EventLog.restore(
      copy, escrow: scenario.escrow, to: scenario.restored, lastCheckpoint: log.checkpoint(),
      recording: { Scenario.restored($0) })
    again.close()
    try require(restoration.keepsName, "the escrow is not of the last key")
  }

  private func finish(_ scenario: Scenario, _ name: String) async throws {
    switch name {
    case "restore":
      if unsafe access(scenario.restored + "/log/data.mdb", F_OK) != 0 {
        try await scenario.run("restore")
      } else {
        let log = try EventLog.open(scenario.restored, create: false)
        defer { log.close() }
        say("restored \(try log.head)")
      }
    case "backup":
      let second = folder + "/second"
      if unsafe access(second + "/checkpoint", F_OK) == 0 {
        say("backup")
        let report = try verifyLog(directory: second)
        try require(report.problems.isEmpty, "the backup: \(report.problems)")
      }
    default:
      let log = try EventLog.open(scenario.data, create: false)
      defer { log.close() }
      if name == "append" || name == "recover" {
        let before = try log.head
        var repeated = 0
        for index in 1...3 {
          if try await log.append(Scenario.numbered(index)).repeated { repeated += 1 }
        }
        try require(try log.head == 29, "repeating gave \(try log.head) events, not 29")
        try require(
          before.rawValue == 23 + UInt64(repeated) * 2, "a call was stored in part")
      }
      if name == "escrow" { try await finishEscrow(of: log, scenario) }
      if name == "erase" {
        try await erase(in: log, scenario)
        try await restore(by: scenario.escrow, scenario)
      }
      if name == "rotate" {
        if try log.head == 23 {
          _ = try await log.rotateSigningKey { _ in Scenario.events(1, "rotated") }
        }
        try await restoreLast(of: log, scenario)
      }
      _ = try await log.append(Scenario.events(1, "after"))
    }
  }
}
