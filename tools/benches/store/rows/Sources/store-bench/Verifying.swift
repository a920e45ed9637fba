import CBaseline
import EventStore
import Glibc

/// `verify` against the bare hash over as many bytes, and opening: on the log that `StoreBench` has left.
func verifying(_ folder: String, bytes: Int) async throws {
  var ratios: [Double] = []
  var own: [Double] = []
  var events = 0
  let message = [UInt8](repeating: 65, count: bytes)
  for _ in 0..<5 {
    let time = try await seconds {
      let report = try verifyLog(directory: folder)
      guard report.problems.isEmpty else { fatalError("\(report.problems)") }
      events = Int(report.events)
    }
    own.append(time)
    ratios.append(baseline_sha256(message, bytes, UInt64(events)) / time)
  }
  row(
    "verify", "\(rounded(Double(events) / median(own), 0)) events/s", median(ratios), bar: "0.5")
  var opens: [Double] = []
  for _ in 0..<15 {
    opens.append(
      try await seconds {
        let log = try EventLog.open(folder, create: false)
        _ = try log.head
        log.close()
      })
  }
  row("open at \(events) events", "\(rounded(median(opens) * 1e3)) ms", nil, bar: "200 ms")
}
