import Glibc

extension ChildWork {
  /// Has it done in a process of its own, and returns what `perform` gave there.
  ///
  /// - Parameters:
  ///   - worker: the path of `senko-worker`, or of another program that runs `LogWorker`.
  ///   - isCancelled: is asked ten times a second; the process is killed once it says so.
  ///   - take: is given what the process tells before its end.
  /// - Throws: `.cancelled`; `.unreadable` where a signal has ended it, since the file is damaged; `.program` for a worker
  ///   that cannot be run, or is none; what else the process was ended by, or has thrown.
  func run(
    _ worker: String, in directory: String, isCancelled: () -> Bool = { false },
    take: (JSONValue) -> Void = { _ in }
  ) throws(EventLogError) -> JSONValue {
    let child = try ChildProcess(worker, arguments(for: directory), input: input)
    var answer: JSONValue?
    let ending = child.wait(isCancelled: isCancelled) { line in
      answer = try? JSONValue(canonical: line.span)
      if let answer { take(answer) }
    }
    if isCancelled() { throw .cancelled }
    switch ending {
    case .signal(let signal):
      // Damage kills nobody: who runs out of memory is killed.
      guard ![SIGHUP, SIGINT, SIGTERM, SIGKILL].contains(signal) else {
        throw .storage(
          operation: name,
          reason: "its process was ended from outside by signal \(signal)"
            + (signal == SIGKILL ? ", as where memory runs out" : ""))
      }
      throw .unreadable(directory: directory, signal: signal)
    case .code(let code):
      if let error = answer?["error"] { throw EventLogError(told: error) }
      guard code == 0, let answer else {
        throw .program(
          path: worker, reason: "it has ended with code \(code) and without an answer")
      }
      return answer
    case .overlong:
      throw .program(path: worker, reason: "its answer is longer than any report")
    }
  }
}
