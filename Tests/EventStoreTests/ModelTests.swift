import TestSupport
import Testing

@testable import EventStore

/// Any sequence of operations must leave what the simplest thinkable store would hold.
@Suite struct ModelTests {
  private func operations(_ count: Int, seed: UInt64) -> [Operation] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in .random(using: &random) }
  }

  @Test(arguments: 0..<8)
  func randomOperationsGiveWhatTheModelGives(run: Int) async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    let operations = operations(60, seed: seed)
    guard let failure = try await ModelRun.failure(of: operations) else { return }
    let shortest = try await shrunk(operations) { try await ModelRun.failure(of: $0) != nil }
    let again = try await ModelRun.failure(of: shortest)
    Issue.record("seed \(seed): \(failure); at its shortest, \(shortest): \(again ?? "nothing")")
  }

  /// Somebody who looks for a bug is to read five operations, not sixty.
  @Test func whatFailsIsShrunkToWhatMatters() async throws {
    func fails(_ operations: [Operation]) async throws -> Bool {
      // What is true, and taken for wrong: there is somebody in a restored log who is erased.
      try await ModelRun.failure(of: operations) { run in
        let isThere = run.copies.restored > 0 && run.model.people.contains { $0.isErased }
        return isThere ? "Somebody stays erased." : nil
      } == "Somebody stays erased."
    }
    var seed = UInt64.random(in: 0..<(1 << 32))
    while try await !fails(operations(40, seed: seed)) { seed += 1 }
    let shortest = try await shrunk(operations(40, seed: seed), while: fails)
    let about: Comment = "seed \(seed): \(shortest)"
    #expect(shortest.count == 5, about)
    #expect(Set(shortest).isSuperset(of: [.register, .backUp, .keepEscrow]), about)
  }
}

@Suite struct ShrinkingTests {
  /// A list fails when it holds some numbers in their order: these alone must be left, wherever they stood.
  @Test(arguments: [[], [7], [0, 99], [3, 4, 5], [10, 50, 51, 98]])
  func nothingIsLeftButWhatMatters(matter: [Int]) async throws {
    var calls = 0
    let shortest = try await shrunk(Array(0..<100)) { list in
      calls += 1
      return matter.allSatisfy(list.contains)
    }
    #expect(shortest == matter)
    #expect(calls < 200)
  }

  /// Where one element stands for another, what cannot be shortened by one element may stay.
  @Test func whatIsLeftFailsAndNoElementOfItCanBeSpared() async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    let list = (0..<60).map { _ in Int.random(in: 1...9, using: &random) }
    func fails(_ list: [Int]) -> Bool { list.reduce(0, +) >= 40 }
    let shortest = try await shrunk(list, while: fails)
    #expect(fails(shortest), "seed \(seed)")
    for index in shortest.indices {
      var shorter = shortest
      shorter.remove(at: index)
      #expect(!fails(shorter), "seed \(seed): \(shortest)")
    }
  }
}
