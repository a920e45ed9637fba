import CBaseline
import EventStore
import Glibc

/// `verify` against the bare hash over the same events, on the log that `StoreBench` has left.
func verifying(_ folder: String) async throws {
  var ratios: [Double] = []
  var work: [Double] = []
  var own: [Double] = []
  var events = 0
  for _ in 0..<15 {
    let before = baseline_cpu()
    let time = try await seconds {
      let report = try verifyLog(directory: folder)
      guard report.problems.isEmpty else { fatalError("\(report.problems.prefix(3))") }
      events = Int(report.events)
    }
    let spent = baseline_cpu() - before
    let raw = baseline_read(folder + "/log")
    var (bytes, count): (UInt64, UInt64) = (0, 0)
    let idle = baseline_cpu()
    let bare = baseline_sha256(raw, &bytes, &count)
    work.append((baseline_cpu() - idle) / spent)
    baseline_close(raw)
    own.append(time)
    ratios.append(bare / time)
  }
  row(
    "verify",
    "\(rounded(Double(events) / median(own), 0)) events/s, processor time \(rounded(median(work)))",
    median(ratios), bar: "0.5")
}

/// Opening the log until it says where it ends.
func opening(_ folder: String) async throws {
  var events: UInt64 = 0
  var opens: [Double] = []
  for _ in 0..<15 {
    opens.append(
      try await seconds {
        let log = try EventLog.open(folder, create: false)
        events = try log.head.rawValue
        log.close()
      })
  }
  row(
    "open at \(events) events", "\(rounded(median(opens) * 1e3)) ms", nil,
    bar: "200 ms at 1,000,000")
}
