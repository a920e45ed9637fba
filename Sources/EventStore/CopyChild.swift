import Glibc
import LMDB

/// The part of `senko-worker` that copies a log's file: `senko-worker copy DIRECTORY TARGET`.
///
/// The end of its standard input ends it.
public enum CopyWorker {
  /// Copies, and ends the process: 0 when that could be done.
  public static func run(arguments: [String]) -> Never {
    // A damaged file is expected to end it by a signal.
    Hardening.apply()
    guard arguments.count == 2 else { exit(64) }
    let folder = LogFolder(path: arguments[0])
    WorkerProcess.limitTime(reading: Files.size(folder.log + "/data.mdb"))
    closefrom(3)
    WorkerProcess.endWithInput()
    do {
      let environment = try folder.environment(readOnly: true)
      try copy(environment, to: arguments[1])
      exit(0)
    } catch {
      switch error {
      case .diskFull: exit(CopyWorker.diskFull)
      case .damaged(let what): WorkerProcess.write(["damaged": .string(what)])
      default: WorkerProcess.write(["failure": .string(error.description)])
      }
      exit(1)
    }
  }

  /// The code with which a copy ends that finds no room.
  static let diskFull: Int32 = 2
}

/// Copies a log's file without what is free in it into the empty folder `target`.
///
/// LMDB's own copying knows no damage: it may write for ever, or end the process. So all pages are looked at before.
func copy(_ environment: Environment, to target: String) throws(EventLogError) {
  if let damage = try stored({ () throws(LMDBError) in try environment.damage() }) {
    throw .damaged("The log's file (\(damage))")
  }
  do throws(EventLogError) {
    try stored { () throws(LMDBError) in try environment.copy(to: target, compacting: true) }
  } catch {
    throw LogFolder(path: target).explained(error)
  }
}

/// As `copy(_:to:)`, in a child process, so that a damaged file cannot end this one.
///
/// - Throws: `.cancelled`, `.diskFull`, `.damaged`, or `.inconsistent` with what else the child said, or which signal ended it.
func copyInChild(
  worker: String, from directory: String, to target: String, isCancelled: () -> Bool
) throws(EventLogError) {
  let child = try ChildProcess(worker, ["copy", directory, target], input: [])
  var last: JSONValue?
  let status = child.wait(isCancelled: isCancelled) { line in
    last = try? JSONValue(canonical: line.span)
  }
  if isCancelled() { throw .cancelled }
  if status.isSuccess { return }
  if status.code == CopyWorker.diskFull { throw .diskFull }
  if let what = last?["damaged"]?.string { throw .damaged(what) }
  if let failure = last?["failure"]?.string {
    throw .inconsistent("No backup was made. \(failure)")
  }
  guard let signal = status.signal else {
    throw .storage(operation: "copy", reason: "senko-worker has copied nothing")
  }
  throw .inconsistent(
    "No backup was made: copying ended by signal \(signal), since the log's file in '\(directory)' is torn or damaged beyond "
      + "reading. Keep the backups that there are, and repair the log from them.")
}
