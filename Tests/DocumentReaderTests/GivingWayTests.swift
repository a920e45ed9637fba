import Foundation
import Synchronization
import TestSupport
import Testing

@testable import DocumentReader

/// What a busy machine does to a worker that gives way.
@Suite struct GivingWayTests {
  @Test func waitingForACoreIsNoTimeout() async throws {
    var limits = Limits()
    limits.wallMilliseconds = 50
    let pool = ReaderPool(
      worker: product("senko-worker"), workers: 1, limits: limits, givesWay: true)
    defer { pool.shutdown() }
    // The worker is there before the cores are taken.
    _ = try await pool.read(Sentinel.bytes)
    let cores = BusyCores()
    defer { cores.release() }
    let end = ContinuousClock.now + .seconds(1)
    repeat {
      guard case .read(let reading) = try await pool.read(Sentinel.bytes) else {
        Issue.record("A document was not read because others had the cores.")
        return
      }
      #expect(reading.text == "日本語テスト")
    } while ContinuousClock.now < end
  }

  @Test(.timeLimit(.minutes(1)))
  func whatWaitsForNoCoreHasNoMoreTime() async throws {
    let sleeper = Process()
    sleeper.executableURL = URL(fileURLWithPath: "/bin/sleep")
    sleeper.arguments = ["60"]
    try sleeper.run()
    defer { sleeper.terminate() }
    let deadline = Deadline(
      milliseconds: 20, moreWhileReady: sleeper.processIdentifier, processorMilliseconds: 60_000)
    while deadline.millisecondsLeft > 0 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(deadline.millisecondsLeft == 0)
  }

  /// A document that took its reader over may have it turn in circles for ever, and all who wait with it.
  @Test(.timeLimit(.minutes(1)))
  func whatRidItselfOfItsLimitHasNoMoreTimeThanThat() async throws {
    // It ends by itself where this process is ended before it.
    let circle = Process()
    circle.executableURL = URL(fileURLWithPath: "/bin/sh")
    circle.arguments = ["-c", "ulimit -t 50; while :; do :; done"]
    try circle.run()
    defer { circle.terminate() }
    let deadline = Deadline(
      milliseconds: 20, moreWhileReady: circle.processIdentifier, processorMilliseconds: 200)
    while deadline.millisecondsLeft > 0 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(deadline.millisecondsLeft == 0)
  }
}

/// Threads that keep all cores busy until they are released.
private final class BusyCores: Sendable {
  private let areReleased = Atomic(false)

  init() {
    for _ in 0..<(2 * ProcessInfo.processInfo.activeProcessorCount) {
      Thread.detachNewThread { [self] in
        while !areReleased.load(ordering: .relaxed) {}
      }
    }
  }

  func release() { areReleased.store(true, ordering: .relaxed) }
}
