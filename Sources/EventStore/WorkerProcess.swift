import Dispatch
import Glibc
import Synchronization

/// What the parts of `senko-worker` share that read a log's folder, whose damage may end them by a signal.
package enum WorkerProcess {
  /// Ends this process by a signal when it takes far longer than reading a log's folder can.
  static func limitTime(for directory: String) {
    let folder = LogFolder(path: directory)
    limitTime(reading: Files.size(folder.log + "/data.mdb") + documentSize(folder))
  }

  /// Ends this process by a signal when it takes far longer than reading so many bytes can: damaged links may lead in
  /// circles.
  static func limitTime(reading size: Int) {
    let seconds = 15 + UInt(size) / 2_000_000
    var limit = rlimit(rlim_cur: seconds, rlim_max: seconds)
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
