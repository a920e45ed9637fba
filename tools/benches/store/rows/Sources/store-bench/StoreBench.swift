import CBaseline
import EventStore
import Glibc

func seconds(_ body: () async throws -> Void) async rethrows -> Double {
  let start = ContinuousClock.now
  try await body()
  let (whole, atto) = (ContinuousClock.now - start).components
  return Double(whole) + Double(atto) / 1e18
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func rounded(_ value: Double, _ digits: Int = 2) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  return "\((value * scale).rounded() / scale)"
}

func row(_ name: String, _ own: String, _ ratio: Double?, bar: String) {
  let against = ratio.map { "  \(rounded($0)) of the baseline" } ?? ""
  print("\(name): \(own)\(against)  (bar: \(bar))")
}

struct StoreBench {
  let folder: String
  let events: Int
  private let pairs = 15

  /// An event's data of such a size that the event has about 300 bytes.
  private let data: JSONValue = [
    "document": .string(String(repeating: "0123456789abcdef", count: 4)),
    "model": 3, "score": 6700, "status": "active",
  ]

  private func append(_ count: Int, key: String?, stream: String = "applicant:17") -> Append {
    var append = Append(actor: "user:2", via: "cli")
    append.events = (0..<count).map { _ in
      EventDraft(stream: stream, type: "applicant.screened", data: data)
    }
    if let key { append.idempotency = Idempotency(key: key, content: [1], subject: nil) }
    return append
  }

  func run() async throws {
    let sync = baseline_fdatasync(folder + "/sync", 200)
    print("fdatasync of 4 KiB: \(rounded(sync * 1e6, 0)) µs")
    let log = try EventLog.open(folder + "/log")
    let raw = baseline_open(folder + "/raw")
    defer { baseline_close(raw) }
    _ = try await log.append(append(1, key: "first"))
    guard let sample = try log.event(at: 1)?.bytes else { return }
    print("an event: \(sample.count) bytes")
    var next: UInt64 = 1
    func baseline(_ count: Int, _ batch: Int) -> Double {
      defer { next += UInt64(count) }
      return baseline_append(raw, sample, sample.count, next, UInt64(count), UInt64(batch))
    }
    try await single(log, baseline)
    try await concurrent(log, baseline)
    try await bulk(log, baseline)
    while try log.head.rawValue < UInt64(events) {
      _ = try await log.append(append(1000, key: nil))
    }
    while next < UInt64(events) { _ = baseline(1000, 1000) }
    try await reading(log, raw, sample)
    try await proving(log)
    log.close()
  }

  private func single(_ log: EventLog, _ baseline: (Int, Int) -> Double) async throws {
    var ratios: [Double] = []
    var own: [Double] = []
    for pair in 0..<pairs {
      let time = try await seconds {
        for index in 0..<100 {
          _ = try await log.append(append(1, key: "single \(pair) \(index)"))
        }
      }
      own.append(time)
      ratios.append(baseline(100, 1) / time)
    }
    row(
      "durable append, one caller", "\(rounded(100 / median(own), 0)) events/s", median(ratios),
      bar: "0.6")
  }

  private func concurrent(_ log: EventLog, _ baseline: (Int, Int) -> Double) async throws {
    var ratios: [Double] = []
    var own: [Double] = []
    var latencies: [Double] = []
    for pair in 0..<pairs {
      let time = try await seconds {
        latencies += try await withThrowingTaskGroup(of: [Double].self) { group in
          for caller in 0..<64 {
            group.addTask {
              var times: [Double] = []
              for index in 0..<20 {
                times.append(
                  try await seconds {
                    _ = try await log.append(
                      append(1, key: "many \(pair) \(caller) \(index)", stream: "a:\(caller)"))
                  })
              }
              return times
            }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
      }
      own.append(time)
      ratios.append(baseline(1280, 64) / time)
    }
    let p99 = latencies.sorted()[latencies.count * 99 / 100]
    row(
      "64 callers, group commit",
      "\(rounded(1280 / median(own), 0)) events/s, p99 \(rounded(p99 * 1e3)) ms", median(ratios),
      bar: "0.5")
  }

  private func bulk(_ log: EventLog, _ baseline: (Int, Int) -> Double) async throws {
    var ratios: [Double] = []
    var own: [Double] = []
    for pair in 0..<pairs {
      let prepared = append(1000, key: "bulk \(pair)")
      let time = try await seconds { _ = try await log.append(prepared) }
      own.append(time)
      ratios.append(baseline(1000, 1000) / time)
    }
    row(
      "one call of 1000 events", "\(rounded(1000 / median(own), 0)) events/s", median(ratios),
      bar: "200,000 events/s and 0.15")
  }

  private func reading(
    _ log: EventLog, _ raw: UnsafeMutableRawPointer?, _ sample: [UInt8]
  ) async throws {
    var scans: [Double] = []
    for _ in 0..<pairs {
      var sum: UInt64 = 0
      var count: UInt64 = 0
      let own = try await seconds {
        try log.forEach(from: 1) { _, bytes in
          sum += UInt64(bytes[bytes.count / 2])
          count += 1
          return true
        }
      }
      var (rawSum, rawCount): (UInt64, UInt64) = (0, 0)
      let other = baseline_scan(raw, &rawSum, &rawCount)
      scans.append((other / Double(rawCount)) / (own / Double(count)))
    }
    row("cursor scan", "", median(scans), bar: "0.9")
    var lines: [Double] = []
    for _ in 0..<pairs {
      var versions = 0
      lines.append(
        try await seconds {
          for _ in 0..<20_000 { versions += try EventLine(sample.span).version }
        })
      precondition(versions == 20_000)
    }
    row(
      "scanning an event line", "\(rounded(20_000 / median(lines), 0)) events/s", nil,
      bar: "1,000,000")
  }

  private func proving(_ log: EventLog) async throws {
    let head = try log.head.rawValue
    var random = SystemRandomNumberGenerator()
    var times: [Double] = []
    for _ in 0..<1000 {
      let position = Position(rawValue: .random(in: 1...head, using: &random))
      times.append(try await seconds { _ = try log.proof(of: position) })
    }
    row(
      "inclusion proof at \(head) events", "\(rounded(median(times) * 1e6, 1)) µs", nil,
      bar: "50 µs at 10,000,000")
  }
}
