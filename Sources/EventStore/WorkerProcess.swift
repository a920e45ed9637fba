import Dispatch
import Glibc
import Synchronization

/// What the parts of `senko-worker` share that read a log's folder, whose damage may end them by a signal.
package enum WorkerProcess {
  /// Ends this process by a signal when it takes far longer than reading the file can: damaged links may
  /// lead in circles.
  static func limitTime(for directory: String) {
    var status = stat()
    let found = unsafe stat(LogFolder(path: directory).log + "/data.mdb", &status) == 0
    let seconds = 15 + (found ? UInt(status.st_size) / 2_000_000 : 0)
    var limit = rlimit(rlim_cur: seconds, rlim_max: seconds)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
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
  static func write(_ json: JSONValue) {
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
