import Glibc

/// The part of `senko-worker` that repairs a log: `senko-worker repair DIRECTORY NOTE TARGET
/// BACKUP…`, where the note of the last checkpoint and the target may be empty.
///
/// Writes the report to standard output as canonical JSON; the end of its standard input ends it.
public enum RepairWorker {
  /// Repairs, and ends the process: 0 when that could be done, whatever is left unrepaired.
  public static func run(arguments: [String]) -> Never {
    // A damaged file is expected to end it by a signal.
    Hardening.apply()
    guard arguments.count >= 3 else { exit(64) }
    let (directory, note, target) = (arguments[0], arguments[1], arguments[2])
    let backups = Array(arguments.dropFirst(3))
    WorkerProcess.limitTime(for: directory)
    closefrom(3)
    WorkerProcess.endWithInput()
    do {
      if target.isEmpty {
        let report = try repairLog(
          directory: directory, from: backups, lastCheckpoint: note.isEmpty ? nil : note)
        WorkerProcess.write(report.json(""))
      } else {
        let (checkpoint, report) = try backUpRest(of: directory, to: target, from: backups)
        WorkerProcess.write(report.json(checkpoint))
      }
      exit(0)
    } catch {
      WorkerProcess.write(["failure": .string(error.description)])
      exit(1)
    }
  }
}

/// Repairs the log in `directory` in a child process, so that a damaged file, its own or a backup's, cannot end this one.
///
/// A child that dies has changed nothing of the log but files that events name.
///
/// - Parameters:
///   - worker: the path of `senko-worker`.
///   - backups, lastCheckpoint: as of `repairLog`.
/// - Throws: `.inconsistent` with what the child said, or which signal ended it; `.storage` for one that could not be
///   run.
public func repairInChild(
  worker: String, directory: String, from backups: [String], lastCheckpoint: String? = nil
) throws(EventLogError) -> RepairReport {
  try runRepair(worker, [directory, lastCheckpoint ?? "", ""] + backups).report
}

/// As `backUpRest`, in a child process.
///
/// - Throws: as `repairInChild`.
public func backUpRestInChild(
  worker: String, of directory: String, to destination: String, from backups: [String]
) throws(EventLogError) -> (checkpoint: String, report: RepairReport) {
  try runRepair(worker, [directory, "", destination] + backups)
}

private func runRepair(
  _ worker: String, _ arguments: [String]
) throws(EventLogError) -> (checkpoint: String, report: RepairReport) {
  let directory = arguments[0]
  guard Files.exists(directory) else { throw .absent(directory: directory) }
  let child = try ChildProcess(worker, ["repair"] + arguments, input: [])
  var last: JSONValue?
  let status = child.wait(isCancelled: { false }) { line in
    last = try? JSONValue(canonical: line.span)
  }
  if let signal = status.signal {
    throw .inconsistent(
      "The repair ended by signal \(signal): the log's file in '\(directory)', or a backup's, is torn or damaged beyond "
        + "reading, and nothing was changed. Restore from another backup and the escrow."
    )
  }
  if let failure = last?["failure"]?.string { throw .inconsistent(failure) }
  guard let last, let report = RepairReport(last) else {
    throw .storage(operation: "repair", reason: "senko-worker gave no report")
  }
  return (last["checkpoint"]?.string ?? "", report)
}

extension RepairReport {
  /// The report as canonical JSON, with the checkpoint of what was written.
  fileprivate func json(_ checkpoint: String) -> JSONValue {
    [
      "checkpoint": .string(checkpoint),
      "commands": .array(commands.map { .integer(Int64($0.rawValue)) }),
      "events": .array(events.map { .integer(Int64($0.rawValue)) }),
      "kept": .string(kept ?? ""), "nodes": .integer(Int64(nodes)),
      "unrepaired": .array(unrepaired.map { .string($0) }), "values": .integer(Int64(values)),
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
  }
}
