import Foundation
import Testing

@testable import LinearSVM

/// A model that nobody can train again to the bit proves nothing about a decision of last year.
@Suite struct DeterminismTests {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func recorded() throws -> [String] {
    try String(
      contentsOf: root.appending(path: "snapshots/learning/digests"), encoding: .utf8
    ).split(separator: "\n").map(String.init)
  }

  @Test func `trainings give the recorded digests`() throws {
    let recorded = try Self.recorded()
    #expect(recorded.count == DeterminismCase.all.count)
    for (index, recordedCase) in DeterminismCase.all.enumerated() {
      #if DEBUG
        guard recordedCase.count <= 300 else { continue }
      #endif
      let digest = String(try recordedCase.digest(), radix: 16)
      #expect(String(repeating: "0", count: 16 - digest.count) + digest == recorded[index])
    }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["SENKO_CROSS_BUILDS"] == "1"))
  func `every build and arm64 give the recorded digests`() throws {
    let process = Process()
    process.executableURL = Self.root.appending(path: "tools/determinism/run")
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test(arguments: [11 as UInt64, 12, 13])
  func `the order of examples and terms leaves no trace`(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    let examples = generator.examples(40)
    let set = try TrainingSet(examples)
    let trained = try train(set)
    for _ in 0..<3 {
      let shuffled = generator.shuffled(examples).map {
        Example(number: $0.number, terms: generator.shuffled($0.terms), label: $0.label)
      }
      let other = try TrainingSet(shuffled)
      #expect(other.canonicalBytes == set.canonicalBytes, "seed \(seed)")
      let again = try train(other)
      #expect(again.model.encoded() == trained.model.encoded(), "seed \(seed)")
      #expect(again.alphaBytes == trained.alphaBytes, "seed \(seed)")
    }
  }

  @Test func `the number of threads and the order of results leave no trace`() async throws {
    var generator = Generator(seed: 21)
    let set = try TrainingSet(generator.examples(60))
    let serial = try train(set).model.encoded()
    var training = try Training(set)
    while training.finished == nil {
      let results = await withTaskGroup(of: SolveResult.self) { group in
        for job in training.pending { group.addTask { job.run() } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      try training.complete(generator.shuffled(results))
    }
    #expect(training.finished?.model.encoded() == serial)
  }

  @Test func `results of other jobs are refused`() throws {
    var generator = Generator(seed: 22)
    var training = try Training(try TrainingSet(generator.examples(40)))
    let results = training.pending.map { $0.run() }
    #expect(throws: TrainingError.foreignResults) { try training.complete([]) }
    #expect(throws: TrainingError.foreignResults) {
      try training.complete(Array(results.dropLast()))
    }
    try training.complete(results)
    #expect(throws: TrainingError.foreignResults) { try training.complete(results) }
  }
}
