import Foundation
import Screening
import Synchronization

/// A bar on standard error for work that takes long, when a person is looking.
final class Progress: Sendable {
  private let shown: Bool
  private let last = Mutex(ContinuousClock.now - .seconds(1))

  init() { shown = isatty(STDERR_FILENO) == 1 }

  /// Shows a bar during `work` and takes it away again, however the work ends.
  static func during<Value>(
    _ work: (Progress) async throws -> Value
  ) async rethrows -> Value {
    let progress = Progress()
    defer { progress.clear() }
    return try await work(progress)
  }

  /// Shows how far a part of long work has come, in the place of the part before.
  func show(_ work: WorkProgress) {
    guard shown, isDue(now: work.done == work.total) else { return }
    write("\r\(bar(work.part.rawValue, work.done, of: work.total))\u{1B}[K")
  }

  /// Takes away what the last part showed.
  func clear() {
    if shown { write("\r\u{1B}[K") }
  }

  /// Shows how much is done; at most ten times a second.
  func show(_ what: String, _ done: Int, of total: Int) {
    guard shown, total > 0, isDue(now: done == total) else { return }
    write("\r\(bar(what, done, of: total))\(done == total ? "\n" : "")")
  }

  private func isDue(now isDue: Bool) -> Bool {
    let now = ContinuousClock.now
    return last.withLock { last in
      guard isDue || now - last > .milliseconds(100) else { return false }
      last = now
      return true
    }
  }

  private func bar(_ what: String, _ done: Int, of total: Int) -> String {
    let width = 30
    let full = width * done / total
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    return "\(what) \(bar) \(done)/\(total)"
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
