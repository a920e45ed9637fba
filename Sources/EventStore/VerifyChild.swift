import Glibc

/// The part of `senko-worker` that checks a log: `senko-worker verify DIRECTORY`.
///
/// Reads the options from standard input as canonical JSON, writes the report to standard output.
public enum VerifyWorker {
  /// Runs the check, and ends the process: 0 when it could be run, whatever it found.
  public static func run(arguments: [String]) -> Never {
    // It unwraps every subject's key, and a damaged file is expected to end it by a signal.
    Hardening.apply()
    guard let directory = arguments.first else { exit(64) }
    limitTime(for: directory)
    var input: [UInt8] = []
    while let line = readLine(strippingNewline: false) { input += Array(line.utf8) }
    var options = VerifyOptions()
    if !input.isEmpty, let json = try? JSONValue(canonical: input.span) {
      options.against = json["against"]?.string
      options.publicKey = json["publicKey"]?.string
      options.witnessed = (json["witnessed"]?.array ?? []).compactMap { $0.string }
      options.witnesses = (json["witnesses"]?.array ?? []).compactMap {
        $0.string.flatMap { WitnessKey($0) }
      }
      options.everySignature = json["everySignature"]?.integer == 1
    }
    do {
      let report = try verifyLog(directory: directory, options: options)
      print(String(decoding: report.json.encoded(), as: UTF8.self))
      exit(0)
    } catch {
      let failure: JSONValue = ["failure": .string(error.description)]
      print(String(decoding: failure.encoded(), as: UTF8.self))
      exit(1)
    }
  }
}

extension VerifyWorker {
  /// Ends this process by a signal when it takes far longer than reading the file can: damaged links may
  /// lead in circles.
  private static func limitTime(for directory: String) {
    var status = stat()
    let found = unsafe stat(LogFolder(path: directory).log + "/data.mdb", &status) == 0
    let seconds = 15 + (found ? UInt(status.st_size) / 2_000_000 : 0)
    var limit = rlimit(rlim_cur: seconds, rlim_max: seconds)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
  }
}

/// Checks the log in `directory` in a child process, so that a damaged file cannot end this one.
///
/// - Parameter worker: the path of `senko-worker`.
/// - Returns: the report; a child that died by a signal is a problem in it.
public func verifyInChild(
  worker: String, directory: String, options: VerifyOptions = VerifyOptions()
) throws(EventLogError) -> VerifyReport {
  var members: JSONObject = [
    "everySignature": .integer(options.everySignature ? 1 : 0),
    "witnessed": .array(options.witnessed.map { .string($0) }),
    "witnesses": .array(options.witnesses.map { .string($0.description) }),
  ]
  if let against = options.against { members["against"] = .string(against) }
  if let publicKey = options.publicKey { members["publicKey"] = .string(publicKey) }
  let child = try ChildProcess(
    worker, ["verify", directory], input: JSONValue.object(members).encoded())
  let (output, status) = try child.wait()
  if let signal = status.signal {
    var report = VerifyReport()
    report.report(
      "Checking ended by signal \(signal): the log's file is torn or damaged beyond reading.")
    return report
  }
  let trimmed = output.last == 0x0A ? Array(output.dropLast()) : output
  guard let json = try? JSONValue(canonical: trimmed.span) else {
    throw .storage(operation: "verify", reason: "senko-worker gave no report")
  }
  if let failure = json["failure"]?.string {
    var report = VerifyReport()
    report.report(failure)
    return report
  }
  guard let report = VerifyReport(json) else {
    throw .storage(operation: "verify", reason: "senko-worker is of another version")
  }
  return report
}
