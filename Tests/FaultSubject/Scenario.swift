import EventStore
import Glibc

/// Writes a line at once: a buffered one would be lost with the process.
func say(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  // Whoever cannot answer has acknowledged nothing, and goes no further.
  guard unsafe write(1, bytes, bytes.count) == bytes.count else { exit(1) }
}

/// Says what was acknowledged, and the signed head that the answer carried, which must hold for ever.
func acknowledge(_ what: String, under note: String) {
  say("ack \(what) under \(note.replacing("\n", with: "|"))")
}

func acknowledge(_ receipt: Receipt) {
  acknowledge("\(receipt.last)", under: receipt.checkpoint)
}

/// What is done to a data folder while faults are injected.
struct Scenario {
  let folder: String
  /// The number of the first call of a soak.
  var start = 1

  var data: String { folder + "/data" }
  var backup: String { folder + "/backup" }
  var escrow: String { folder + "/escrow" }
  /// Where an escrow is kept anew.
  var medium: String { folder + "/medium" }
  /// Where it is kept in the end, if what was to lie there does not.
  var other: String { folder + "/other" }
  var restored: String { folder + "/restored" }

  func run(_ name: String) async throws {
    switch name {
    case "prepare": try await prepare()
    case "begin":
      let log = try EventLog.open(data)
      acknowledge(try await log.append(Self.events(1, "first")))
      log.close()
    case "restore":
      let (log, _) = try await EventLog.restore(
        backup, escrow: escrow, to: restored, recording: { Self.restored($0) })
      acknowledge("restore", under: try log.checkpoint())
      log.close()
    default:
      let log = try EventLog.open(data, create: false)
      switch name {
      case "append":
        for index in 1...3 {
          acknowledge(try await log.append(Self.numbered(index)))
        }
      case "recover":
        say("opened")
        for index in 1...3 { try await insist(on: Self.numbered(index), log) }
      case "register":
        for name in ["saburo", "shiro"] {
          acknowledge(try await log.append(Self.person(name, log)))
        }
      case "await":
        say("opened")
        _ = readLine()
        acknowledge(try await log.append(Self.person("goro", log)))
      case "erase":
        let subjects = try people(log).prefix(2).map { $0.subject }
        let receipt = try await log.erase(subjects, recording: Self.erasure(of: subjects))
        acknowledge("erase", under: receipt.checkpoint)
      case "rotate":
        let receipt = try await log.rotateSigningKey { _ in Self.events(1, "rotated") }
        acknowledge("rotate", under: receipt.checkpoint)
      case "checkpoint":
        for index in 1...2 {
          acknowledge(try await log.append(Self.events(300, "many \(index)")))
        }
      case "grow": try await grow(log)
      case "command": try await command(log)
      case "fill": try await fill(log)
      case "race":
        for _ in 0..<30 {
          while try await !race(log) {}
        }
      case "soak":
        for index in start... {
          let receipt = try await log.append(Self.numbered(index))
          acknowledge("\(index) \(receipt.first)", under: receipt.checkpoint)
          if index % 16 == 0 { _ = try await log.append(Self.person("soak-\(index)", log)) }
        }
      case "crowd":
        try await crowd(log)
        say("ack crowd \(try log.head)")
      case "backup":
        acknowledge("backup", under: try await log.backup(to: folder + "/second"))
      case "escrow":
        // Only what is gone is another one kept for.
        unsafe unlink(escrow)
        try await log.keepEscrow(at: medium)
        acknowledge("escrow", under: try log.checkpoint())
      default: exit(64)
      }
      log.close()
    }
  }

  /// Appends, and after a failure repeats the same command with the same key, as a client would.
  private func insist(on append: Append, _ log: EventLog) async throws {
    for _ in 1...9 {
      if let receipt = try? await log.append(append) { return acknowledge(receipt) }
      say("failed")
      // Readers, too, must find the log open again.
      _ = try? log.head
    }
    acknowledge(try await log.append(append))
  }

  /// Decides on a stream while another process does the same, and says whether the decision stood.
  private func race(_ log: EventLog) async throws -> Bool {
    var append = Self.events(1, "race")
    append.expecting = ["notes": try log.lastPosition(ofStream: "notes")]
    do {
      let receipt = try await log.append(append)
      say("ack \(receipt.first)")
      return true
    } catch {
      guard case EventLogError.streamChanged = error else { throw error }
      return false
    }
  }

  private func prepare() async throws {
    let checkpoint = try await fillFolder()
    // What is tried is done in copies of it, as if each were this one.
    try forgetKeeper(of: data + "/log")
    acknowledge("prepare", under: checkpoint)
  }

  private func fillFolder() async throws -> String {
    let log = try EventLog.open(data)
    defer { log.close() }
    _ = try await log.append(Self.events(20, "begun"))
    for name in ["hanako", "taro", "jiro"] {
      _ = try await log.append(Self.person(name, log))
    }
    try await log.backup(to: backup)
    try await log.keepEscrow(at: escrow)
    return try log.checkpoint()
  }

  /// Somebody with a sealed name and a sealed file.
  static func person(_ name: String, _ log: EventLog) -> Append {
    let subject = log.makeSubject()
    let sealed = log.seal(Array(name.utf8), for: subject, purpose: "name")
    let document = log.sealDocument([UInt8](repeating: 65, count: 20_000), for: subject)
    var append = Append(actor: "operator", via: "cli")
    append.events = [
      EventDraft(
        stream: "person:\(name)", type: "person.named",
        data: ["file": document.reference.json, "name": sealed.reference.json])
    ]
    append.subjects = [subject]
    append.sealed = [sealed]
    append.documents = [document]
    return append
  }

  /// The sealed names of the people, in order: three, and those that were registered meanwhile.
  func people(_ log: EventLog) throws -> [SealedReference] {
    try log.events(from: 21, through: 25, limit: 5).compactMap {
      $0.data["name"].flatMap { SealedReference($0) }
    }
  }

  static func events(_ count: Int, _ text: String) -> Append {
    var append = Append(actor: "operator", via: "cli")
    append.events = (0..<count).map {
      EventDraft(stream: "notes", type: "note.made", data: ["text": .string("\(text) \($0)")])
    }
    return append
  }

  static func numbered(_ index: Int) -> Append {
    var append = events(2, "call \(index)")
    append.idempotency = Idempotency(
      key: "call \(index)", content: Array("\(index)".utf8), subject: nil)
    return append
  }

  static func restored(_ restoration: Restoration) -> Append { events(1, "restored") }

  static func erasure(of subjects: [SubjectID]) -> Append {
    var append = Append(actor: "operator", via: "cli")
    append.events = subjects.map {
      EventDraft(stream: "people", type: "person.erased", data: ["subject": .string($0.hex)])
    }
    return append
  }
}
