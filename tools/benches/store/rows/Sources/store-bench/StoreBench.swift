import CBaseline
import Cryptography
import EventStore
import Glibc
import Synchronization

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

/// A row of the output: a figure, its share of the baseline's if it has one, and whether the bar is kept.
func row(_ name: String, _ own: String, _ ratio: Double? = nil, bar: String, holds: Bool = true) {
  let against = ratio.map { "  \(rounded($0)) of the baseline" } ?? ""
  print("\(name): \(own)\(against)  (bar: \(bar))\(holds ? "" : "  MISSED")")
  if !holds { missed.store(true, ordering: .relaxed) }
}

/// Whether a row missed its bar.
let missed = Atomic(false)

struct StoreBench {
  let folder: String
  let events: Int
  /// Which rows to measure; none means all.
  let rows: Set<String>
  private let pairs = 15
  /// Tells the idempotency keys of this run from those of others over the same folder.
  private let run = String(UInt64.random(in: 0...UInt64.max), radix: 16)

  /// An event's data of such a size that the event has about 300 bytes.
  private let data: JSONValue = [
    "document": .string(String(repeating: "0123456789abcdef", count: 4)),
    "model": 3, "score": 6700, "status": "active",
  ]

  func append(_ count: Int, key: String?, stream: String = "applicant:17") -> Append {
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
    let rawRows = baseline_open(folder + "/raw-rows")
    defer { baseline_close(rawRows) }
    _ = try await log.append(append(1, key: "first \(run)"))
    guard let sample = try log.event(at: 1)?.bytes else { return }
    print("an event: \(sample.count) bytes")
    // Above the keys of every earlier run over the same folder.
    var next = UInt64(time(nil)) << 24
    func baseline(_ count: Int, _ batch: Int) -> Double {
      defer { next += UInt64(count) }
      return baseline_append(raw, sample, sample.count, next, UInt64(count), UInt64(batch))
    }
    func sameRows(_ count: Int, _ batch: Int) -> Double {
      defer { next += UInt64(count) }
      return baseline_rows(rawRows, sample, sample.count, next, UInt64(count), UInt64(batch))
    }
    func wants(_ row: String) -> Bool { rows.isEmpty || rows.contains(row) }
    if wants("single") { try await single(log, baseline, sameRows) }
    if wants("signing") { try await signing() }
    if wants("many") { try await concurrent(log, baseline, sameRows) }
    if wants("bulk") { try await bulk(log, baseline) }
    while try log.head.rawValue < UInt64(events) {
      _ = try await log.append(append(1000, key: nil))
    }
    if wants("scan") { try await scanning(log) }
    if wants("line") { try await parsing(sample) }
    if wants("proof") { try await proving(log) }
    log.close()
  }

  private func single(
    _ log: EventLog, _ baseline: (Int, Int) -> Double, _ rows: (Int, Int) -> Double
  ) async throws {
    var ratios: [Double] = []
    var same: [Double] = []
    var own: [Double] = []
    for pair in 0..<pairs {
      let time = try await alone(log, "\(pair)")
      own.append(time)
      ratios.append(baseline(100, 1) / time)
      same.append(rows(100, 1) / time)
    }
    row(
      "durable append, one caller",
      "\(rounded(100 / median(own), 0)) events/s, \(rounded(median(same))) of C writing the same rows",
      median(ratios), bar: "0.6", holds: median(ratios) >= 0.6)
  }

  /// A hundred appends of one caller, which are made before, as the peer's bytes are.
  private func alone(_ log: EventLog, _ name: String) async throws -> Double {
    let appends = (0..<100).map { append(1, key: "single \(run) \(name) \($0)") }
    return try await seconds { for append in appends { _ = try await log.append(append) } }
  }

  /// One caller's appends to a log whose signatures are zeros, and to one that signs, in turn.
  private func signing() async throws {
    let signed = try EventLog.open(folder + "/signed-\(run)")
    let unsigned = try EventLog.open(folder + "/unsigned-\(run)")
    let key = try Ed25519.PrivateKey(seed: .random(using: .system))
    let text = Array(try signed.checkpoint().utf8)
    var (costs, signatures): ([Double], [Double]) = ([], [])
    for pair in 0..<(2 * pairs) {
      baseline_sign(false)
      let without = try await alone(unsigned, "without \(pair)")
      baseline_sign(true)
      costs.append(try await alone(signed, "with \(pair)") / without - 1)
      signatures.append(try await seconds { for _ in 0..<100 { _ = try key.sign(text) } } / 100)
    }
    signed.close()
    unsigned.close()
    row(
      "signing the head",
      "\(rounded(median(signatures) * 1e6, 1)) µs, most of them beside the disk's write; an append of one caller takes "
        + "\(rounded(median(costs) * 100, 1)) % longer",
      bar: "15 %", holds: median(costs) <= 0.15)
  }

  private func concurrent(
    _ log: EventLog, _ baseline: (Int, Int) -> Double, _ rows: (Int, Int) -> Double
  ) async throws {
    var ratios: [Double] = []
    var own: [Double] = []
    var same: [Double] = []
    var latencies: [Double] = []
    for pair in 0..<pairs {
      // Made before, as the peer's bytes are.
      let appends = (0..<64).map { caller in
        (0..<20).map {
          append(1, key: "many \(run) \(pair) \(caller) \($0)", stream: "a:\(caller)")
        }
      }
      let time = try await seconds {
        latencies += try await withThrowingTaskGroup(of: [Double].self) { group in
          for own in appends {
            group.addTask {
              var times: [Double] = []
              for append in own {
                times.append(try await seconds { _ = try await log.append(append) })
              }
              return times
            }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
      }
      own.append(time)
      ratios.append(baseline(1280, 64) / time)
      same.append(rows(1280, 64) / time)
    }
    let p99 = latencies.sorted()[latencies.count * 99 / 100]
    row(
      "64 callers, group commit",
      "\(rounded(1280 / median(own), 0)) events/s, p99 \(rounded(p99 * 1e3)) ms, \(rounded(median(same))) of C writing the same rows",
      median(ratios), bar: "0.5", holds: median(ratios) >= 0.5)
  }

  private func bulk(_ log: EventLog, _ baseline: (Int, Int) -> Double) async throws {
    var ratios: [Double] = []
    var own: [Double] = []
    for pair in 0..<pairs {
      let prepared = append(1000, key: "bulk \(run) \(pair)")
      let time = try await seconds { _ = try await log.append(prepared) }
      own.append(time)
      ratios.append(baseline(1000, 1000) / time)
    }
    let rate = 1000 / median(own)
    row(
      "one call of 1000 events", "\(rounded(rate, 0)) events/s", median(ratios),
      bar: "200,000 events/s and 0.15", holds: rate >= 200_000 && median(ratios) >= 0.15)
  }

  private func scanning(_ log: EventLog) async throws {
    var scans: [Double] = []
    let raw = baseline_read(folder + "/log/log")
    defer { baseline_close(raw) }
    for _ in 0..<pairs {
      var sum: UInt64 = 0
      var count: UInt64 = 0
      let own = try await seconds {
        try log.forEach(from: 1) { position, bytes in
          sum += position.rawValue + UInt64(bytes[bytes.count / 2])
          count += 1
          return true
        }
      }
      var (rawSum, rawCount): (UInt64, UInt64) = (0, 0)
      let other = baseline_scan(raw, &rawSum, &rawCount)
      precondition(rawSum == sum && rawCount == count)
      scans.append(other / own)
    }
    row("cursor scan", "", median(scans), bar: "0.9", holds: median(scans) >= 0.9)
  }

  private func parsing(_ sample: [UInt8]) async throws {
    var lines: [Double] = []
    for _ in 0..<pairs {
      var versions = 0
      lines.append(
        try await seconds {
          for _ in 0..<20_000 { versions += try EventLine(sample.span).version }
        })
      precondition(versions == 20_000)
    }
    let rate = 20_000 / median(lines)
    row(
      "scanning an event line", "\(rounded(rate, 0)) events/s", bar: "1,000,000", holds: rate >= 1e6
    )
  }

  func proving(_ log: EventLog) async throws {
    let head = try log.head.rawValue
    var random = SystemRandomNumberGenerator()
    var times: [Double] = []
    for _ in 0..<1000 {
      let position = Position(rawValue: .random(in: 1...head, using: &random))
      times.append(try await seconds { _ = try log.proof(of: position) })
    }
    row(
      "inclusion proof at \(head) events", "\(rounded(median(times) * 1e6, 1)) µs",
      bar: "50 µs at 10,000,000", holds: median(times) <= 50e-6)
  }
}
