/// Checks the log in `directory` in a child process, so that a damaged file cannot end this one.
///
/// - Parameters:
///   - worker: the path of `senko-worker`, or of another program that runs `LogWorker`.
///   - progress: is told how many events are checked, of how many.
///   - isCancelled: is asked ten times a second; the child is killed once it says so.
/// - Returns: the report. A child that died by a signal is a problem in it, and so is what else `verifyLog` throws.
/// - Throws: `.cancelled`, `.invalid` for options that are none, `.program` for a worker that cannot be run, `.storage`
///   for one that was ended from outside; `.absent`, `.unopened` and `.unsteady` as `verifyLog`.
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
  for _ in 0..<UnguardedReading.tries {
    let reading = UnguardedReading(of: LogFolder(path: directory))
    let report = try childReport(worker, directory, options, progress, isCancelled)
    if report.isReadable || !reading.isOvertaken { return report }
  }
  throw .unsteady(directory: directory)
}

/// What one child says.
private func childReport(
  _ worker: String, _ directory: String, _ options: VerifyOptions,
  _ progress: (_ done: Int, _ total: Int) -> Void, _ isCancelled: () -> Bool
) throws(EventLogError) -> VerifyReport {
  var damage: String?
  do throws(EventLogError) {
    let answer = try ChildWork.verify(options).run(
      worker, in: directory, isCancelled: isCancelled
    ) { told in
      if let done = told["done"]?.integer, let total = told["total"]?.integer {
        progress(Int(done), Int(total))
      }
      damage = damage ?? told["damage"]?.string
    }
    guard var report = VerifyReport(answer) else {
      throw .program(path: worker, reason: "its answer is of another version")
    }
    // It is among the report's problems already.
    report.isReadable = damage == nil
    return report
  } catch {
    guard case .unreadable(_, let signal) = error else { throw error }
    var report = VerifyReport()
    if let damage { report.report(unreadable: damage) }
    report.report(
      unreadable:
        "Checking ended by signal \(signal): the log's file is torn or damaged beyond reading.")
    return report
  }
}

extension VerifyOptions {
  /// The most bytes that a note or a receipt has.
  fileprivate static let longestNote = 1 << 20

  /// The options as the child reads them.
  var json: JSONValue {
    var members: JSONObject = [
      "everySignature": .integer(everySignature ? 1 : 0),
      "witnessed": .array(witnessed.map { .string($0) }),
      "witnesses": .array(witnesses.map { .string($0.description) }),
    ]
    if let against { members["against"] = .string(against) }
    if let publicKey { members["publicKey"] = .string(publicKey) }
    return .object(members)
  }

  init(_ json: JSONValue) {
    self.init(against: json["against"]?.string, publicKey: json["publicKey"]?.string)
    witnessed = (json["witnessed"]?.array ?? []).compactMap { $0.string }
    witnesses = (json["witnesses"]?.array ?? []).compactMap {
      $0.string.flatMap { WitnessKey($0) }
    }
    everySignature = json["everySignature"]?.integer == 1
  }
}
