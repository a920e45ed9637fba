/// What is done with the log in a folder by a process of its own, which damage to the file may end by a signal.
enum ChildWork {
  /// Checks it.
  case verify(VerifyOptions)
  /// Repairs it from backups, given the note that no other followed, where that is known.
  case repair(from: [String], String?)
  /// Writes what can be read ahead of a loss as a backup, with what backups hold of it.
  case backUpRest(to: String, from: [String])
  /// Copies its file into an empty folder.
  case copy(to: String)

  /// What a process was started for; `nil` where that is none of these.
  ///
  /// - Parameters:
  ///   - arguments: the work's name, the log's folder, and what else it takes.
  ///   - options: reads what is too long for an argument.
  init?(_ arguments: [String], options: () -> JSONValue) {
    guard arguments.count >= 2 else { return nil }
    let others = Array(arguments[2...])
    switch (arguments[0], others.count) {
    case ("verify", 0): self = .verify(VerifyOptions(options()))
    case ("repair", _): self = .repair(from: others, options()["lastCheckpoint"]?.string)
    case ("rest", 1...): self = .backUpRest(to: others[0], from: Array(others[1...]))
    case ("copy", 1): self = .copy(to: others[0])
    default: return nil
    }
  }

  /// What the process is started with.
  func arguments(for directory: String) -> [String] {
    switch self {
    case .verify: [name, directory]
    case .repair(let backups, _): [name, directory] + backups
    case .backUpRest(let target, let backups): [name, directory, target] + backups
    case .copy(let target): [name, directory, target]
    }
  }

  /// What it is sent.
  var input: [UInt8] {
    var options: JSONValue = .object([:])
    switch self {
    case .verify(let given): options = given.json
    case .repair(_, let note?): options = ["lastCheckpoint": .string(note)]
    case .repair, .backUpRest, .copy: break
    }
    return options.encoded() + [0x0A]
  }

  /// What messages call it.
  var name: String {
    switch self {
    case .verify: "verify"
    case .repair: "repair"
    case .backUpRest: "rest"
    case .copy: "copy"
    }
  }

  /// What is read beside the log's folder.
  var backups: [String] {
    switch self {
    case .repair(let backups, _), .backUpRest(_, let backups): backups
    case .verify, .copy: []
    }
  }

  /// Whether the sealed files are read as well.
  var readsDocuments: Bool {
    if case .copy = self { false } else { true }
  }

  /// Does it.
  ///
  /// - Parameter tell: is given what the parent is to know before the end.
  /// - Returns: what the parent makes its report of.
  func perform(
    in directory: String, tell: @escaping @Sendable (JSONValue) -> Void
  ) throws(EventLogError) -> JSONValue {
    switch self {
    case .verify(let options):
      var damage: String?
      do throws(EventLogError) {
        return try verifyLog(
          directory: directory, options: options,
          damaged: {
            damage = $0
            tell(["damage": .string($0)])
          },
          progress: { tell(["done": .integer(Int64($0)), "total": .integer(Int64($1))]) }
        ).json
      } catch {
        switch error {
        case .absent, .unopened, .unsteady: throw error
        default: break
        }
        // What else keeps a log from being checked is wrong with it.
        var report = VerifyReport()
        if let damage { report.report(unreadable: damage) }
        report.report(error.description)
        return report.json
      }
    case .repair(let backups, let note):
      return try repairLog(directory: directory, from: backups, lastCheckpoint: note).json
    case .backUpRest(let target, let backups):
      let (checkpoint, report) = try EventStore.backUpRest(
        of: directory, to: target, from: backups)
      return ["checkpoint": .string(checkpoint), "report": report.json]
    case .copy(let target):
      try EventStore.copy(LogFolder(path: directory).environment(readOnly: true), to: target)
      return .object([:])
    }
  }
}
