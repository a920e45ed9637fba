@testable import LinearSVM

/// A seeded source of small training sets.
struct Generator {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(state: seed) }

  mutating func below(_ bound: Int) -> Int { Int(random.next(below: UInt32(bound))) }
  mutating func bits() -> UInt64 { random.next() }
  mutating func unit() -> Double { Double(random.next() >> 11) * 0x1p-53 }

  /// Applicants whose terms lean one way or the other, with some labels wrong.
  mutating func examples(
    _ count: Int, vocabulary: Int = 60, length: Int = 12, noise: Double = 0.1, okShare: Double = 0.5
  ) -> [Example] {
    (1...count).map { number in
      let ok = unit() < okShare
      let terms = (0..<length).map { _ in
        let term = min(below(vocabulary), below(vocabulary))
        let leaning = (term % 3 == 0) == ok ? term : below(vocabulary)
        return (term: [UInt8]("語\(leaning)".utf8), count: UInt32(1 + below(4)))
      }
      return Example(number: UInt64(number * 7), terms: terms, label: unit() < noise ? !ok : ok)
    }
  }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for index in elements.indices.reversed() { elements.swapAt(index, below(index + 1)) }
    return elements
  }
}
