import Foundation
import Testing

@testable import LinearSVM

@Suite struct ElementaryTests {
  private func units(_ value: Double, _ exact: Double) -> Double {
    (value - exact).magnitude / exact.ulp
  }

  @Test func `exp and log are within two units of the C library's`() {
    var generator = Generator(seed: 41)
    for _ in 0..<50_000 {
      let x = (generator.unit() - 0.5) * 1_400
      #expect(units(Elementary.exp(x), exp(x)) <= 2, "seed 41, x \(x)")
      let y = Double(bitPattern: generator.bits() >> 1)
      guard y.isFinite, y > 0 else { continue }
      #expect(units(Elementary.log(y), log(y)) <= 2, "seed 41, y \(y)")
    }
  }

  @Test func `exp and log keep their ends`() {
    #expect(Elementary.exp(0) == 1)
    #expect(Elementary.exp(710) == .infinity)
    #expect(Elementary.exp(-746) == 0)
    #expect(Elementary.exp(-745) > 0)
    #expect(Elementary.exp(709.7).isFinite)
    #expect(Elementary.exp(.nan).isNaN)
    #expect(Elementary.log(1) == 0)
    #expect(Elementary.log(0) == -.infinity)
    #expect(Elementary.log(-1).isNaN)
    #expect(Elementary.log(.infinity) == .infinity)
    #expect(units(Elementary.log(.leastNonzeroMagnitude), log(.leastNonzeroMagnitude)) <= 2)
  }

  @Test func `a sigmoid stays between 0 and 1 and never falls`() {
    var last = 0.0
    for step in -8_000...8_000 {
      let p = Elementary.sigmoid(Double(step) / 10)
      #expect(p >= last && p <= 1)
      last = p
    }
    #expect(Elementary.sigmoid(0) == 0.5)
  }

  @Test func `halves are rounded to even`() {
    #expect(
      [0.5, 1.5, 2.5, 6_499.5, 6_500.5, 9_999.5].map(Elementary.nearest) == [
        0, 2, 2, 6_500, 6_500, 10_000,
      ])
  }

  @Test func `a permutation reaches every order of three about equally often`() {
    var random = SplitMix64(state: 42)
    var counts = [Int](repeating: 0, count: 3)
    for _ in 0..<30_000 { counts[Int(random.next(below: 3))] += 1 }
    #expect(counts.allSatisfy { (9_600...10_400).contains($0) }, "\(counts)")
  }
}
