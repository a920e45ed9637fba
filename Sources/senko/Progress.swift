import Foundation
import Synchronization

/// A bar on standard error for work that takes long, when a person is looking.
final class Progress: Sendable {
  private let shown: Bool
  private let last = Mutex(ContinuousClock.now - .seconds(1))

  init() { shown = isatty(STDERR_FILENO) == 1 }

  /// Shows how much is done; at most ten times a second.
  func show(_ what: String, _ done: Int, of total: Int) {
    guard shown, total > 0 else { return }
    let now = ContinuousClock.now
    let due = last.withLock { last in
      guard done == total || now - last > .milliseconds(100) else { return false }
      last = now
      return true
    }
    guard due else { return }
    let width = 30
    let full = width * done / total
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    let end = done == total ? "\n" : ""
    FileHandle.standardError.write(Data("\r\(what) \(bar) \(done)/\(total)\(end)".utf8))
  }
}
