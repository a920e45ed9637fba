// Also compiled together with the module's sources by tools/determinism/run, where there is no module to
// import.
#if canImport(LinearSVM)
  @testable import LinearSVM
#endif

/// A training whose digest is recorded in `snapshots/learning/digests`, one a line in the order of `all`.
struct DeterminismCase {
  var count: Int
  var vocabulary: UInt32
  var length: Int
  var options: TrainingOptions

  static let all = [
    DeterminismCase(count: 40, vocabulary: 60, length: 15, options: TrainingOptions()),
    DeterminismCase(count: 160, vocabulary: 300, length: 40, options: TrainingOptions()),
    DeterminismCase(
      count: 2_000, vocabulary: 5_000, length: 120,
      options: TrainingOptions(c: 1, representation: .logTF)),
    DeterminismCase(
      count: 2_000, vocabulary: 5_000, length: 120,
      options: TrainingOptions(c: 0.25, representation: .naiveBayes)),
    DeterminismCase(count: 12, vocabulary: 20, length: 8, options: TrainingOptions(c: 16)),
  ]

  /// FNV-1a over the model file and the alphas.
  func digest() throws(TrainingError) -> UInt64 {
    let trained = try train(TrainingSet(examples()), options: options)
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in trained.model.encoded() + trained.alphaBytes {
      state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return state
  }

  /// Applicants whose labels lean on their terms, one in eight the wrong way.
  func examples() -> [Example] {
    var random = SplitMix64(state: UInt64(count))
    return (1...count).map { number in
      let label = random.next() & 1 == 0
      let terms = (0..<length).map { _ in
        let first = random.next(below: vocabulary)
        let second = random.next(below: vocabulary)
        let term = min(first, second) & ~1 | (label == (random.next() & 7 != 0) ? 1 : 0)
        let bytes: [UInt8] = [
          0x74, UInt8(term >> 16 & 0xff), UInt8(term >> 8 & 0xff), UInt8(term & 0xff),
        ]
        return (term: bytes, count: 1 + random.next(below: 5))
      }
      return Example(number: UInt64(number), terms: terms, label: label)
    }
  }
}
