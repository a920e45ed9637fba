import ArgumentParser
import EventStore
import Screening

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Train a what-if model over history and say who would be placed otherwise.",
    discussion: """
      Nothing is recorded. Several values of --c and --representation make a grid of what-ifs, which share \
      what is opened:
        senko replay --opening engineer --c 0.25 --c 1 --representation binary --representation log-tf
      Labels that a what-if has not learnt from show how it would have done: train on those given until \
      April, and see what became of the later ones:
        senko replay --opening engineer --labelled-before 2026-04-01
      A range of the log, by positions or times of recording, is learnt from alone:
        senko replay --opening engineer --from 1200 --until 5400
      """)
  @Option(help: "The opening. Default: every opening with a model, one after another.") var opening:
    String?
  @Option(
    name: .customLong("c"),
    help: "The cost of a misplaced label; may be repeated. Default: by log-loss.")
  var c: [Double] = []
  @Option(help: "binary, log-tf or naive-bayes; may be repeated. Default: by log-loss.")
  var representation: [String] = []
  @Option(help: "A recorded model instead of another training.") var model: ModelNumber?
  @Option(help: "The model that it is compared with. Default: the one in force.")
  var against: ModelNumber?
  @Option(help: "A what-if threshold: percent from 1 to 99.99.") var threshold: Threshold?
  @OptionGroup var training: TrainingOptions
  @OptionGroup var data: DataOptions

  func validate() throws {
    guard model != nil, !c.isEmpty || !representation.isEmpty || training.areGiven else { return }
    throw ValidationError(
      "--model compares a recorded model as it is. Leave out how another one would be trained.")
  }

  func run() async throws {
    try await data.withOffice { office in
      let openings =
        try opening.map { [$0] } ?? Set(office.models().map(\.opening)).sorted()
      guard !openings.isEmpty else {
        throw Refusal("No model has been trained yet. Begin with 'senko train'.")
      }
      let candidates = try candidates(office)
      let requests = try openings.flatMap { name in
        let opening = try Opening(name)
        return candidates.map { candidate in
          ReplayRequest(
            opening: opening, candidate: candidate, against: against,
            threshold: threshold?.basisPoints)
        }
      }
      let reports = try await Progress.during { progress in
        try await office.replay(requests) { progress.show($0) }
      }
      for report in reports {
        if data.json { try Output.json(report) } else { show(report, alone: reports.count == 1) }
      }
    }
  }

  /// Every combination of the values given.
  private func candidates(_ office: Office) throws -> [ReplayRequest.Candidate] {
    if let model { return [.model(model)] }
    let request = try training.request(office)
    let costs: [Double?] = c.isEmpty ? [nil] : c
    let representations: [String?] = representation.isEmpty ? [nil] : representation
    return costs.flatMap { cost in
      representations.map { representation in
        var one = request
        one.c = cost
        one.representation = representation
        return .training(one)
      }
    }
  }

  private func show(_ report: ReplayReport, alone: Bool) {
    let candidate = report.candidate.map { "model \($0)" } ?? "what-if"
    Output.line(
      "\(report.opening): model \(report.model) against \(candidate) (\(report.representation), C "
        + "\(report.c), \(report.labels.ok) ok, \(report.labels.ng) ng, \(report.digest.prefix(12)))"
    )
    if let heldOut = report.heldOut { Output.line("  held out   \(sentence(heldOut))") }
    if let unseen = report.unseen {
      if let figures = unseen.whatIf { Output.line("  unseen     \(sentence(figures))") }
      if let figures = unseen.present {
        let learnt = unseen.presentLearnt > 0 ? " (learnt \(unseen.presentLearnt) of them)" : ""
        Output.line("  model \(report.model)\(learnt) there: \(sentence(figures))")
      }
    }
    Output.line(
      "  \(counted(report.applicants, "applicant")): both review \(report.bothReview), both second look "
        + "\(report.bothSecondLook), to review \(report.toReview), to second look "
        + "\(report.toSecondLook), without score \(report.other)"
        + (report.hidden > 0 ? ", \(report.hidden) shown after their label" : ""))
    guard alone else { return }
    for change in report.changes {
      let words = change.words.map { "\($0.term) \(decimal($0.difference, 3))" }
      Output.line(
        "  \(change.applicant): \(change.from.rawValue) \(percent(change.fromProbability)) → "
          + "\(change.to.rawValue) \(percent(change.toProbability))  "
          + words.joined(separator: ", "))
    }
  }

  private func sentence(_ figures: ReplayReport.Figures) -> String {
    "\(counted(figures.count, "label")): log-loss \(decimal(figures.logLoss)) (base rate "
      + "\(decimal(figures.baseRateLogLoss))), accuracy \(decimal(figures.accuracy, 2)), "
      + "\(figures.aboveThresholdOK) of \(figures.aboveThreshold) at or above "
      + "\(Threshold(basisPoints: figures.threshold)) were OK"
  }
}
