import Glibc

/// A moment on the machine's steady clock, by which a process must have answered.
struct Deadline {
  private let moment: ContinuousClock.Instant
  /// Who has more time for as long as it runs, or could if it had a core.
  private let process: pid_t?
  /// What it will have used of the processor when it has no more time, in milliseconds.
  private let mostWork: Int

  /// Begins to wait.
  ///
  /// - Parameters:
  ///   - process: a process that gives way to others, and has more time while it is ready to run: a busy machine says
  ///     nothing of its work.
  ///   - processorMilliseconds: how much of the processor it may use until it has no more time in any case: of a limit
  ///     of its own it may have rid itself.
  init(milliseconds: Int, moreWhileReady process: pid_t? = nil, processorMilliseconds: Int = 0) {
    moment = .now + .milliseconds(milliseconds)
    self.process = process
    let before = process.flatMap { Self.work(of: $0)?.milliseconds } ?? 0
    mostWork = before + processorMilliseconds
  }

  /// How long there is still to wait, in milliseconds.
  var millisecondsLeft: Int {
    let left = ContinuousClock.now.duration(to: moment).components
    let milliseconds = Int(left.seconds) * 1000 + Int(left.attoseconds / 1_000_000_000_000_000)
    if milliseconds <= 0, let process, let work = Self.work(of: process), work.isReady,
      work.milliseconds < mostWork
    {
      return Self.respite
    }
    return max(0, milliseconds)
  }

  /// After how many milliseconds such a process is looked at again.
  private static let respite = 20

  /// Whether the process's first thread runs, or waits for a core and nothing else; and what all of its threads have
  /// used of the processor (proc_pid_stat(5)).
  private static func work(of process: pid_t) -> (isReady: Bool, milliseconds: Int)? {
    guard let text = FileDigest.contents("/proc/\(process)/stat", atMost: 1024),
      // The name before it, in parentheses, may hold any byte.
      let end = text.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 12,
      let user = Int(String(decoding: fields[11], as: UTF8.self)),
      let system = Int(String(decoding: fields[12], as: UTF8.self))
    else { return nil }
    let ticks = max(1, sysconf(Int32(_SC_CLK_TCK)))
    return (fields[0].elementsEqual("R".utf8), (user + system) * 1000 / ticks)
  }
}
