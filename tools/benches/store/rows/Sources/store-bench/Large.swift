import CBaseline
import EventStore
import Glibc

/// The rows that take minutes: ten million events against a hundred thousand, and an erasure among a
/// million subjects.
struct Large {
  let folder: String
  private let pairs = 15
  private let bench: StoreBench

  init(folder: String) {
    self.folder = folder
    bench = StoreBench(folder: folder, events: 0, rows: [])
  }

  /// The same appends to a log of 100,000 events and to one of 10,000,000, in turn.
  func growing() async throws {
    print("fdatasync of 4 KiB: \(rounded(baseline_fdatasync(folder + "/sync", 200) * 1e6, 0)) µs")
    let small = try EventLog.open(folder + "/small")
    try await fill(small, to: 100_000)
    let before = baseline_anonymous()
    try await first()
    try await opening(folder + "/big")
    let big = try EventLog.open(folder + "/big", create: false)
    try await fill(big, to: 10_000_000)
    let after = baseline_anonymous()
    try await bench.proving(big)
    for (name, calls, count) in [("one caller", 100, 1), ("calls of 1000 events", 5, 1000)] {
      var ratios: [Double] = []
      for _ in 0..<pairs {
        let few = try await time(small, calls, count)
        let many = try await time(big, calls, count)
        ratios.append(few / many)
      }
      row(
        "throughput at 10,000,000 events, \(name)", "\(rounded(median(ratios))) of that at 100,000",
        bar: "0.9", holds: median(ratios) >= 0.9)
    }
    // Flat: what a hundred times as many events take is no more than what one allocator's arena may hold back.
    row(
      "memory of its own",
      "\(before >> 20) MiB at 100,000 events, \(after >> 20) MiB at 10,000,000",
      bar: "16 MiB more", holds: after <= before + 16 << 20)
    small.close()
    big.close()
  }

  private func first() async throws {
    let log = try EventLog.open(folder + "/big")
    try await fill(log, to: 1_000_000)
    log.close()
  }

  private func time(_ log: EventLog, _ calls: Int, _ count: Int) async throws -> Double {
    let appends = (0..<calls).map { _ in call(of: count) }
    return try await seconds { for append in appends { _ = try await log.append(append) } }
  }

  /// As a busy log grows: calls of ten events, each call with a key of its own, on one stream of a million.
  private func fill(_ log: EventLog, to events: UInt64) async throws {
    while try log.head.rawValue < events {
      for result in await log.append(inOrder: (0..<100).map { _ in call(of: 10) }) {
        _ = try result.get()
      }
    }
  }

  private func call(of count: Int) -> Append {
    bench.append(
      count, key: String(UInt64.random(in: 0...UInt64.max), radix: 16),
      stream: "applicant:\(UInt32.random(in: 1...1_000_000))")
  }

  /// A key of each of a million subjects is wrapped anew when one of them is erased.
  func erasing() async throws {
    let log = try EventLog.open(folder + "/subjects")
    var last = log.makeSubject()
    var erasures: [Double] = []
    for _ in 0..<1000 {
      var append = bench.append(1, key: nil)
      append.subjects = (0..<1000).map { _ in log.makeSubject() }
      last = append.subjects[0]
      _ = try await log.append(append)
    }
    for _ in 0..<3 {
      let one = last
      erasures.append(
        try await seconds {
          _ = try await log.erase([one.id], recording: bench.append(1, key: nil))
        })
      var append = bench.append(1, key: nil)
      last = log.makeSubject()
      append.subjects = [last]
      _ = try await log.append(append)
    }
    log.close()
    row(
      "erasure among 1,000,000 subjects", "\(rounded(median(erasures))) s", bar: "2 s",
      holds: median(erasures) <= 2)
  }
}
