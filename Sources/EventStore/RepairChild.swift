/// Repairs the log in `directory` in a child process, so that a damaged file, its own or a backup's, cannot end this one.
///
/// A child that dies has changed nothing of the log but files that events name.
///
/// - Parameters:
///   - worker: the path of `senko-worker`, or of another program that runs `LogWorker`.
///   - backups, lastCheckpoint: as of `repairLog`.
/// - Throws: as `repairLog`; `.unreadable` where a file is so damaged that reading it has ended the child; `.program` for a
///   worker that cannot be run.
public func repairInChild(
  worker: String, directory: String, from backups: [String], lastCheckpoint: String? = nil
) throws(EventLogError) -> RepairReport {
  guard Files.exists(directory) else { throw .absent(directory: directory) }
  let answer = try ChildWork.repair(from: backups, lastCheckpoint).run(worker, in: directory)
  guard let report = RepairReport(answer) else { throw .otherVersion(worker) }
  return report
}

/// As `backUpRest`, in a child process.
///
/// - Throws: as `repairInChild`.
public func backUpRestInChild(
  worker: String, of directory: String, to destination: String, from backups: [String]
) throws(EventLogError) -> (checkpoint: String, report: RepairReport) {
  guard Files.exists(directory) else { throw .absent(directory: directory) }
  let answer = try ChildWork.backUpRest(to: destination, from: backups).run(worker, in: directory)
  guard let checkpoint = answer["checkpoint"]?.string,
    let report = answer["report"].flatMap({ RepairReport($0) })
  else { throw .otherVersion(worker) }
  return (checkpoint, report)
}

extension EventLogError {
  fileprivate static func otherVersion(_ worker: String) -> EventLogError {
    .program(path: worker, reason: "its answer is of another version")
  }
}

extension RepairReport {
  /// The report as canonical JSON; of very much that is unrepaired, how much more there is.
  var json: JSONValue {
    let more = unrepaired.count - VerifyReport.mostTold
    let untold = more > 0 ? ["\(more) more could not be repaired."] : []
    let told = unrepaired.prefix(VerifyReport.mostTold) + untold
    return [
      "commands": .array(commands.map { .integer(Int64($0.rawValue)) }),
      "events": .array(events.map { .integer(Int64($0.rawValue)) }),
      "kept": .string(kept ?? ""), "keptEarlier": .array(keptEarlier.map { .string($0) }),
      "nodes": .integer(Int64(nodes)),
      "unrepaired": .array(told.map { .string($0) }), "values": .integer(Int64(values)),
    ]
  }

  /// Reads what `json` wrote.
  fileprivate init?(_ json: JSONValue) {
    guard let nodes = json["nodes"]?.integer, let values = json["values"]?.integer,
      let events = json["events"]?.array, let commands = json["commands"]?.array,
      let unrepaired = json["unrepaired"]?.array
    else { return nil }
    func positions(_ items: [JSONValue]) -> [Position] {
      items.compactMap { $0.unsigned.map { Position(rawValue: $0) } }
    }
    self.init(
      events: positions(events), nodes: Int(nodes), values: Int(values),
      commands: positions(commands), unrepaired: unrepaired.compactMap(\.string))
    if let kept = json["kept"]?.string, !kept.isEmpty { self.kept = kept }
    keptEarlier = (json["keptEarlier"]?.array ?? []).compactMap(\.string)
  }
}
