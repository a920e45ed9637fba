import Glibc

/// A moment on the machine's steady clock, by which a process must have answered.
struct Deadline {
  private let moment: ContinuousClock.Instant
  /// Who has more time for as long as it runs, or could if it had a core.
  private let process: pid_t?

  /// Begins to wait.
  ///
  /// - Parameter process: a process that gives way to others, and has more time while it is ready to run: a busy machine
  ///   says nothing of its work. It must be under a limit of processor time.
  init(milliseconds: Int, moreWhileReady process: pid_t? = nil) {
    moment = .now + .milliseconds(milliseconds)
    self.process = process
  }

  /// How long there is still to wait, in milliseconds.
  var millisecondsLeft: Int {
    let left = ContinuousClock.now.duration(to: moment).components
    let milliseconds = Int(left.seconds) * 1000 + Int(left.attoseconds / 1_000_000_000_000_000)
    if milliseconds <= 0, let process, Self.isReady(process) { return Self.respite }
    return max(0, milliseconds)
  }

  /// After how many milliseconds such a process is looked at again.
  private static let respite = 20

  /// Whether the process's first thread runs, or waits for a core and nothing else (proc_pid_stat(5)).
  private static func isReady(_ process: pid_t) -> Bool {
    guard let text = FileDigest.contents("/proc/\(process)/stat", atMost: 1024),
      // The name before it, in parentheses, may hold any byte.
      let end = text.lastIndex(of: UInt8(ascii: ")")), end + 2 < text.count
    else { return false }
    return text[end + 2] == UInt8(ascii: "R")
  }
}
