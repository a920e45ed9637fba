import Dispatch
import Glibc
import Synchronization

/// The process in which a log's file is read that may be damaged, so that a signal ends it and not the program that
/// wants to know.
///
/// `senko-worker` is one; so is any program that calls `run` with what it was started with.
public enum LogWorker {
  /// Does what `verifyInChild`, `repairInChild` or a backup has started this program for, and ends the process: with
  /// code 0 when that could be done, whatever was found.
  ///
  /// The answer goes to standard output as a line of canonical JSON; lines ahead of it tell how far the work has come.
  /// A check and a repair read their options from standard input as such a line. The end of the input is that of the process
  /// that waits for the answer, and ends this one.
  ///
  /// - Parameter arguments: what stands behind the program's name on the command line.
  public static func run(_ arguments: [String]) -> Never {
    // It unwraps every subject's key, and a damaged file is expected to end it by a signal.
    Hardening.apply()
    let work = ChildWork(arguments) {
      var line = Array((readLine(strippingNewline: false) ?? "").utf8)
      // Who has gone before the line's end waits for nothing.
      guard line.popLast() == 0x0A else { exit(1) }
      return (try? JSONValue(canonical: line.span)) ?? .object([:])
    }
    guard let work else { exit(64) }
    let directory = arguments[1]
    limitTime(to: seconds(for: work, in: directory))
    // What a server or a shell has open would not end while this process holds it, too.
    closefrom(3)
    endWithInput()
    do throws(EventLogError) {
      tell(try work.perform(in: directory) { tell($0) })
      exit(0)
    } catch {
      tell(["error": error.told])
      exit(1)
    }
  }

  /// How many seconds of a processor are far more than reading the log's folder and the backups takes.
  static func seconds(for work: ChildWork, in directory: String) -> UInt {
    let sizes = ([directory] + work.backups).map { path in
      let folder = LogFolder(path: path)
      return Files.size(folder.log + "/data.mdb")
        + (work.readsDocuments ? documentSize(folder) : 0)
    }
    return 15 + UInt(sizes.reduce(0, +)) / 2_000_000
  }

  /// Ends this process by a signal when it takes longer: damaged links may lead in circles.
  private static func limitTime(to seconds: UInt) {
    // At the first, the signal tells it from a process that was killed from outside.
    var limit = rlimit(rlim_cur: seconds, rlim_max: seconds + 5)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
  }

  /// How many bytes the sealed files have that are read.
  private static func documentSize(_ folder: LogFolder) -> Int {
    var size = 0
    for name in (try? Files.names(in: folder.documents)) ?? [] {
      let inner = folder.documents + "/" + name
      for file in (try? Files.names(in: inner)) ?? [] {
        let bytes = Files.size(inner + "/" + file)
        if bytes <= Files.largestFile { size += bytes }
      }
    }
    return size
  }

  /// Ends this process when its standard input does.
  ///
  /// The kernel could signal a parent's end as well, but counts as the parent the thread that started the child, which
  /// may end sooner (prctl(2), PR_SET_PDEATHSIG).
  package static func endWithInput() {
    DispatchQueue(label: "input").async {
      var byte: UInt8 = 0
      while true {
        let count = unsafe read(STDIN_FILENO, &byte, 1)
        if count == 0 || count < 0 && errno != EINTR { _exit(1) }
      }
    }
  }

  private static let output = Mutex(())

  /// Writes a line; several threads may.
  private static func tell(_ json: JSONValue) {
    let line = json.encoded() + [0x0A]
    output.withLock { _ in
      var rest = line[...]
      while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes {
          unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { _exit(1) }
        rest = rest.dropFirst(count)
      }
    }
  }
}
