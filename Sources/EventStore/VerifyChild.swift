import Glibc

/// The part of `senko-worker` that checks a log: `senko-worker verify DIRECTORY`.
///
/// Reads the options from standard input as canonical JSON, writes the report to standard output. Options that a line
/// feed ends are those of a process that goes on waiting: lines ahead of the report tell it how far the check has
/// come, and the end of the input, which is its end, ends the check.
public enum VerifyWorker {
  /// Runs the check, and ends the process: 0 when it could be run, whatever it found.
  public static func run(arguments: [String]) -> Never {
    // It unwraps every subject's key, and a damaged file is expected to end it by a signal.
    Hardening.apply()
    guard let directory = arguments.first else { exit(64) }
    WorkerProcess.limitTime(for: directory)
    var options = VerifyOptions()
    var input = Array((readLine(strippingNewline: false) ?? "").utf8)
    let isWatched = input.last == 0x0A
    if isWatched {
      input.removeLast()
      // A connection that a server has open would not end while this process holds it, too.
      closefrom(3)
      WorkerProcess.endWithInput()
    }
    if let json = try? JSONValue(canonical: input.span) { options = VerifyOptions(json) }
    do {
      let report = try verifyLog(
        directory: directory, options: options,
        damaged: { if isWatched { WorkerProcess.write(["damage": .string($0)]) } },
        progress: { done, total in
          guard isWatched else { return }
          WorkerProcess.write(["done": .integer(Int64(done)), "total": .integer(Int64(total))])
        })
      WorkerProcess.write(report.json)
      exit(0)
    } catch {
      WorkerProcess.write(["failure": .string(error.description)])
      exit(1)
    }
  }
}

/// Checks the log in `directory` in a child process, so that a damaged file cannot end this one.
///
/// - Parameters:
///   - worker: the path of `senko-worker`.
///   - progress: is told how many events are checked, of how many.
///   - isCancelled: is asked ten times a second; the child is killed once it says so.
/// - Returns: the report. A child that died by a signal is a problem in it, and so is what `verifyLog` throws.
/// - Throws: `.cancelled`, or `.storage` for a child that could not be run.
public func verifyInChild(
  worker: String, directory: String, options: VerifyOptions = VerifyOptions(),
  progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
  isCancelled: () -> Bool = { false }
) throws(EventLogError) -> VerifyReport {
  let notes = [options.against, options.publicKey].compactMap(\.self) + options.witnessed
  guard notes.allSatisfy({ $0.utf8.count <= VerifyOptions.longestNote }) else {
    throw .invalid(
      "A checkpoint, receipt or key that was given has over \(VerifyOptions.longestNote) bytes: it is none."
    )
  }
  let child = try ChildProcess(
    worker, ["verify", directory], input: options.json.encoded() + [0x0A])
  var last: JSONValue?
  var damage: String?
  let status = child.wait(isCancelled: isCancelled) { line in
    last = try? JSONValue(canonical: line.span)
    if let done = last?["done"]?.integer, let total = last?["total"]?.integer {
      progress(Int(done), Int(total))
    }
    damage = damage ?? last?["damage"]?.string
  }
  if isCancelled() { throw .cancelled }
  if let signal = status.signal {
    guard ![SIGHUP, SIGINT, SIGTERM].contains(signal) else {
      throw .storage(
        operation: "verify", reason: "senko-worker was ended from outside by signal \(signal)")
    }
    var report = VerifyReport()
    if let damage { report.report(unreadable: damage) }
    report.report(
      unreadable:
        "Checking ended by signal \(signal): the log's file is torn or damaged beyond reading.")
    return report
  }
  guard let last else {
    throw .storage(operation: "verify", reason: "senko-worker gave no report")
  }
  if let failure = last["failure"]?.string {
    var report = VerifyReport()
    if let damage { report.report(unreadable: damage) }
    report.report(failure)
    return report
  }
  guard var report = VerifyReport(last) else {
    throw .storage(operation: "verify", reason: "senko-worker is of another version")
  }
  // It is among the report's problems already.
  report.isReadable = damage == nil
  return report
}

extension VerifyOptions {
  /// The most bytes that a note or a receipt has.
  fileprivate static let longestNote = 1 << 20

  /// The options as the child reads them.
  fileprivate var json: JSONValue {
    var members: JSONObject = [
      "everySignature": .integer(everySignature ? 1 : 0),
      "witnessed": .array(witnessed.map { .string($0) }),
      "witnesses": .array(witnesses.map { .string($0.description) }),
    ]
    if let against { members["against"] = .string(against) }
    if let publicKey { members["publicKey"] = .string(publicKey) }
    return .object(members)
  }

  fileprivate init(_ json: JSONValue) {
    self.init(against: json["against"]?.string, publicKey: json["publicKey"]?.string)
    witnessed = (json["witnessed"]?.array ?? []).compactMap { $0.string }
    witnesses = (json["witnesses"]?.array ?? []).compactMap {
      $0.string.flatMap { WitnessKey($0) }
    }
    everySignature = json["everySignature"]?.integer == 1
  }
}
