import CBaseline
import EventStore
import Glibc

/// `verify` against the bare hash over the same bytes, on the log that `StoreBench` has left: with the newest
/// signature, and with all that are stored.
func verifying(_ folder: String) async throws {
  var options = VerifyOptions()
  try await verifying("verify", folder, options, hashing: ["events"], bar: 0.5)
  options.everySignature = true
  try await verifying("verify, all signatures", folder, options, hashing: ["events"])
}

/// `verify` where nearly all bytes are sealed values, on a log of its own.
func verifyingSealed(_ folder: String) async throws {
  do {
    let log = try EventLog.open(folder)
    for _ in 0..<40 {
      let subject = log.makeSubject()
      let values = (0..<100).map {
        log.seal([UInt8](repeating: UInt8($0), count: 16_000), for: subject, purpose: "text")
      }
      var append = Append(actor: "user:2", via: "cli")
      append.events = values.map {
        EventDraft(stream: "applicant:17", type: "document.read", data: ["text": $0.reference.json])
      }
      append.subjects = [subject]
      append.sealed = values
      _ = try await log.append(append)
    }
    log.close()
  }
  try await verifying(
    "verify, sealed values", folder, VerifyOptions(), hashing: ["events", "sealed"])
}

private func verifying(
  _ name: String, _ folder: String, _ options: VerifyOptions, hashing tables: [String],
  bar: Double? = nil
) async throws {
  var ratios: [Double] = []
  var work: [Double] = []
  var own: [Double] = []
  var found = VerifyReport?.none
  var size: UInt64 = 0
  for _ in 0..<15 {
    let before = baseline_cpu()
    let time = try await seconds {
      let report = try verifyLog(directory: folder, options: options)
      guard report.problems.isEmpty else { fatalError("\(report.problems.prefix(3))") }
      found = report
    }
    let spent = baseline_cpu() - before
    let raw = baseline_read(folder + "/log")
    let idle = baseline_cpu()
    var bare = 0.0
    size = 0
    for table in tables {
      var (bytes, count): (UInt64, UInt64) = (0, 0)
      bare += baseline_sha256(raw, table, &bytes, &count)
      size += bytes
    }
    work.append((baseline_cpu() - idle) / spent)
    baseline_close(raw)
    own.append(time)
    ratios.append(bare / time)
  }
  guard let found else { return }
  row(
    name,
    "\(rounded(Double(found.events) / median(own), 0)) events/s with \(found.notes) roots, "
      + "\(rounded(Double(size) / median(own) / 1e6, 0)) MB/s, processor time \(rounded(median(work)))",
    median(ratios), bar: bar.map { "\($0)" } ?? "none", holds: median(ratios) >= bar ?? 0)
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
    "open at \(events) events", "\(rounded(median(opens) * 1e3)) ms", bar: "200 ms at 1,000,000",
    holds: median(opens) <= 0.2)
}
