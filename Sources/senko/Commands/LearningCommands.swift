import ArgumentParser
import EventStore
import Screening

/// How a model is trained.
struct TrainingOptions: ParsableArguments {
  @Option(name: .customLong("c"), help: "The cost of a misplaced label. Default: by log-loss.")
  var c: Double?
  @Option(help: "binary, log-tf or naive-bayes. Default: by log-loss.") var representation: String?
  @Option(help: "See the log only up to this position.") var until: UInt64?
  @Option(name: .customLong("labelled-since"), help: "Only labels given at or after this time.")
  var labelledSince: String?
  @Option(help: "all, or blind for those given with no score in view.")
  var labels: TrainRequest.Labels = .all
  @Option(help: "The analysis whose readings are used, when there are several.")
  var analysis: String?

  var request: TrainRequest {
    get throws {
      let since = try labelledSince.map { text in
        guard let time = Timestamp(parsing: text) else {
          throw ValidationError(
            "--labelled-since is a time like 2025-04-01 or 2025-04-01T09:00:00+09:00.")
        }
        return time
      }
      return TrainRequest(
        c: c, representation: representation, until: until.map { Position(rawValue: $0) },
        labelledSince: since, labels: labels, analysis: analysis)
    }
  }
}

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model for each opening from the labels recorded.",
    discussion: "The first model of an opening is put in force; later ones by 'senko promote'.")
  @Option(help: "Only this opening.") var opening: String?
  @OptionGroup var training: TrainingOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let models = try await office.train(
        opening: try opening.map { try Opening($0) }, try training.request, by: .commandLine
      ) { if !data.json { complain("training for \($0) …") } }
      try showModels(models, data)
    }
  }
}

struct PromoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Put a model in force for its opening.")
  @Argument(help: "The model's number.") var model: UInt64
  @Option(help: "The address of who decides so.") var by: String?
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let result = try await office.promote(
        ModelNumber(model), by: try office.origin(by: by))
      if data.json {
        try Output.json(result)
      } else {
        Output.line("model \(model) is in force from event \(result.position)")
      }
    }
  }
}

struct ScreenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen", abstract: "Ask the models in force about applicants.",
    discussion: "Asking again with nothing changed answers from the record.")
  @Argument(help: "The applicants' numbers.") var applicants: [UInt64] = []
  @Flag(help: "Everybody who is active.") var all = false
  @OptionGroup var data: DataOptions

  func validate() throws {
    guard all != !applicants.isEmpty else {
      throw ValidationError("Name applicants, or say --all.")
    }
  }

  func run() async throws {
    try await data.withOffice { office in
      let progress = Progress()
      let results = try await office.screen(
        all ? nil : applicants.map { ApplicantNumber($0) }, by: .commandLine
      ) { progress.show("screen", $0, of: $1) }
      for result in results {
        if data.json { try Output.json(result) } else { Output.line(sentence(result)) }
      }
    }
  }
}

struct PolicyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "The threshold from which applicants go to ordinary review.",
    subcommands: [Show.self, Adopt.self], defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the policy in force.")
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let policy = try office.policy(asOf: try moment.moment)
        if data.json {
          try Output.json(policy)
        } else {
          let origin = policy.position == 0 ? "built in" : "adopted at event \(policy.position)"
          Output.line("threshold \(Threshold(basisPoints: policy.threshold)), \(origin)")
        }
      }
    }
  }

  struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put another threshold in force; earlier screenings keep theirs.")
    @Option(help: "Percent between 0 and 100, such as 65 or 62.5.") var threshold: Threshold
    @Option(help: "The address of who decides so.") var by: String?
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let result = try await office.adoptPolicy(
          threshold: threshold.basisPoints, by: try office.origin(by: by))
        if data.json {
          try Output.json(result)
        } else {
          Output.line("event \(result.position)")
        }
      }
    }
  }
}

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Train a what-if model over history and say who would be placed otherwise.",
    discussion: "Nothing is recorded.\n  senko replay --opening engineer --c 0.5")
  @Option(help: "The opening; may be left out when there is one only.") var opening: String?
  @Option(help: "A what-if threshold: percent between 0 and 100.") var threshold: Threshold?
  @OptionGroup var training: TrainingOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let progress = Progress()
      let openings =
        try opening.map { [$0] } ?? Set(office.models().map(\.opening)).sorted()
      guard !openings.isEmpty else {
        throw Refusal("No model has been trained yet. Begin with 'senko train'.")
      }
      for name in openings {
        let report = try await office.replay(
          ReplayRequest(
            opening: try Opening(name), training: try training.request,
            threshold: threshold?.basisPoints)
        ) { progress.show("replay", $0, of: $1) }
        if data.json { try Output.json(report) } else { show(report) }
      }
    }
  }

  private func show(_ report: ReplayReport) {
    Output.line(
      "\(report.opening): model \(report.model) against what-if (C \(report.c), "
        + "\(report.labels.ok) ok, \(report.labels.ng) ng)")
    Output.line(
      "\(report.applicants) applicants: both review \(report.bothReview), both second look "
        + "\(report.bothSecondLook), otherwise \(report.changes.count), without score "
        + "\(report.other)")
    for change in report.changes {
      let words = change.words.map { "\($0.term) \(decimal($0.difference, 3))" }
      Output.line(
        "  \(change.applicant): \(change.from.rawValue) \(percent(change.fromProbability)) → "
          + "\(change.to.rawValue) \(percent(change.toProbability))  "
          + words.joined(separator: ", "))
    }
  }
}

/// Prints models as a table or as JSON lines.
func showModels(_ models: [ModelSummary], _ data: DataOptions) throws {
  if data.json {
    for model in models { try Output.json(model) }
    return
  }
  let word = data.language
  Output.table(
    [
      word(.model), word(.opening), "ok/ng", word(.logLoss), word(.brier), word(.baseRate),
      word(.gap), word(.inForce), word(.digest),
    ],
    models.map {
      [
        String($0.model), $0.opening, "\($0.labels.ok)/\($0.labels.ng)", decimal($0.logLoss),
        decimal($0.brier), decimal($0.baseRate, 2), scientific($0.gap), $0.inForce ? "●" : "",
        String($0.digest.prefix(12)) + ($0.withheld.map { "  (no percentage: \($0))" } ?? ""),
      ]
    })
}
