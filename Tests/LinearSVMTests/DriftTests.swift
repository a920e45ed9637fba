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
    var same = try #require(Drift(comparedWith: trained.heldOut))
    for example in generator.examples(200) { same.add(trained.model.score(example.terms)) }
    var other = try #require(Drift(comparedWith: trained.heldOut))
    for example in generator.examples(200, vocabulary: 600) {
      other.add(trained.model.score(example.terms))
    }
    #expect(same.count == 200 && same.tenths.reduce(0, +) == 200)
    #expect(other.unknownShare > same.unknownShare + 0.2)
    #expect(other.stabilityIndex > same.stabilityIndex)
  }

  @Test func `no applicants are no drift, and few held out no measure`() throws {
    let (trained, _) = try trained()
    let drift = try #require(Drift(comparedWith: trained.heldOut))
    #expect(drift.stabilityIndex == 0 && drift.unknownShare == 0)
    #expect(Drift(comparedWith: Array(trained.heldOut.prefix(9))) == nil)
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
