import Foundation
import Testing

@testable import LinearSVM

@Suite struct DriftTests {
  private func trained() throws -> (TrainedModel, Generator) {
    var generator = Generator(seed: 111)
    return (try train(TrainingSet(generator.examples(60))), generator)
  }

  @Test func `applicants of the same kind show little drift, others much`() throws {
    let (trained, first) = try trained()
    var generator = first
    var same = try #require(Drift(comparedWith: trained.heldOutScores))
    for example in generator.examples(200) { same.add(trained.model.score(example.terms).total) }
    var other = try #require(Drift(comparedWith: trained.heldOutScores))
    for example in generator.examples(200, vocabulary: 600) {
      other.add(trained.model.score(example.terms).total)
    }
    #expect(same.count == 200 && same.tenths.reduce(0, +) == 200)
    #expect(other.stabilityIndex > same.stabilityIndex)
  }

  @Test func `no applicants are no drift, and few held out no measure`() throws {
    let (trained, _) = try trained()
    let drift = try #require(Drift(comparedWith: trained.heldOutScores))
    #expect(drift.stabilityIndex == 0 && drift.chanceIndex == .infinity)
    #expect(Drift(comparedWith: Array(trained.heldOutScores.prefix(9))) == nil)
  }

  /// Otherwise a change is told of where there is none: the usual rule alone would do so nine times of ten for twenty
  /// applicants.
  @Test(arguments: [(100, 20), (100, 100), (400, 40), (40, 1_000)])
  func `chance exceeds its index once in twenty`(references: Int, applicants: Int) throws {
    var generator = Generator(seed: UInt64(references * applicants))
    let draws = 400
    var (alarms, found) = (0, 0)
    for _ in 0..<draws {
      let scores = (0..<references).map { _ in generator.unit() }
      var same = try #require(Drift(comparedWith: scores))
      var other = same
      for _ in 0..<applicants {
        same.add(generator.unit())
        other.add(generator.unit() * generator.unit() * generator.unit())
      }
      if same.stabilityIndex > same.chanceIndex { alarms += 1 }
      if other.stabilityIndex > other.chanceIndex { found += 1 }
    }
    #expect(alarms <= draws / 10, "\(alarms) of \(draws)")
    #expect(found >= draws / 2, "\(found) of \(draws)")
  }

  /// Otherwise scores of one candidate would be compared with tenths that other candidates' scores are mixed into.
  @Test func `the reference is on the scale that the calibration was fitted to`() throws {
    for seed in 1...6 {
      var generator = Generator(seed: UInt64(seed))
      let set = try TrainingSet(generator.examples(120))
      let trained = try train(set)
      let fit = PlattFit(scores: trained.heldOutScores, labels: set.labels)
      #expect(trained.model.calibration?.a == fit.a && trained.model.calibration?.b == fit.b)
    }
  }

  /// Otherwise those who taught a model are said to know it better than anybody who comes later can.
  @Test func `a term is known of an applicant by the others who have it`() {
    var rows = TermRows()
    for row in [["a", "b"], ["a", "b"], ["a", "b"], ["a", "c"], []] {
      rows.beginRow()
      for term in row { rows.add([UInt8](term.utf8).span, count: 2) }
    }
    rows.sort()
    // Three others have "a", two at most "b", nobody "c".
    #expect(rows.shareUnknown(fewest: 3) == 2.0 / 5)
    #expect(rows.shareUnknown(fewest: 2) == 0.5 / 5)
    #expect(rows.shareUnknown(fewest: 4) == 4.0 / 5)
    #expect(TermRows().shareUnknown(fewest: 1) == 0)
  }

  @Test func `the plot has a disc for each bin`() throws {
    let metrics = try #require(try trained().0.model.metrics)
    let svg = String(decoding: metrics.reliabilityPlot(), as: UTF8.self)
    #expect(svg.components(separatedBy: "<circle ").count - 1 == metrics.reliability.count)
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
  }

  @Test func `a share's interval is Wilson's`() {
    let interval = Wilson.interval(ok: 7, of: 10)
    // From the closed form, computed by hand with z = 1.6448536.
    #expect((interval.lower - 0.4417).magnitude < 1e-4, "\(interval)")
    #expect((interval.upper - 0.8731).magnitude < 1e-4, "\(interval)")
    #expect(Wilson.interval(ok: 0, of: 0) == (0, 1))
    #expect(Wilson.interval(ok: 0, of: 5).lower == 0)
    #expect(Wilson.interval(ok: 5, of: 5).upper == 1)
  }
}
