import ArgumentParser
import EventStore
import Foundation
import Screening

/// Which labels and what else a model is trained with.
struct TrainingOptions: ParsableArguments {
  @Option(help: "Only labels recorded from this position of the log on, or from this time on.")
  var from: RangeStart?
  @Option(help: "See the log only up to this position, or up to this time.") var until: AsOf?
  @Option(help: "Only labels given at or after this time, such as 2025-04-01.")
  var labelledSince: Beginning?
  @Option(help: "Only labels given before this time, such as 2026-04-01T09:00:00+09:00.")
  var labelledBefore: Beginning?
  @Option(help: "all, or blind for those given with no score in view.")
  var labels: TrainRequest.Labels = .all
  @Option(help: "Only labels of the reader with this address.") var reader: String?
  @Option(help: "The analysis whose readings are used, when there are several.")
  var analysis: String?
  @Option(help: "A file with another exclusion lexicon than the one in force.")
  var lexicon: String?

  /// Whether anything else than the defaults is asked for.
  var areGiven: Bool {
    from != nil || until != nil || labelledSince != nil || labelledBefore != nil || labels != .all
      || reader != nil || analysis != nil || lexicon != nil
  }

  /// The request that these options make, with C and the representation still open.
  func request(_ office: Office) throws -> TrainRequest {
    TrainRequest(
      from: from?.moment, until: until, labelledSince: labelledSince?.time,
      labelledBefore: labelledBefore?.time, labels: labels,
      reader: try office.user(named: reader, option: "--reader"), analysis: analysis,
      lexicon: try lexicon.map { try readText($0) })
  }
}

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model for each opening from the labels recorded.",
    discussion: """
      The first model of an opening is put in force; later ones by 'senko promote'. With --like, a what-if \
      becomes a model, if it still gives the same bits:
        senko replay --opening engineer --c 0.5 --json > what-if.json
        senko train --like what-if.json
      """)
  @Option(help: "Only this opening.") var opening: String?
  @Option(name: .customLong("c"), help: "The cost of a misplaced label. Default: by log-loss.")
  var c: Double?
  @Option(help: "binary, log-tf or naive-bayes. Default: by log-loss.") var representation: String?
  @Option(help: "A file with what 'senko replay --json' printed for one what-if.")
  var like: String?
  @OptionGroup var training: TrainingOptions
  @OptionGroup var terms: TermsOptions
  @OptionGroup var data: DataOptions

  func validate() throws {
    guard like != nil, opening != nil || c != nil || representation != nil || training.areGiven
    else { return }
    throw ValidationError("--like takes everything from its file. Give no other choice beside it.")
  }

  func run() async throws {
    try await data.withOffice { office in
      let announce: @Sendable (Opening) -> Void = { [json = data.json] opening in
        if !json { complain("training for \(opening) …") }
      }
      if let like {
        let replay = try RecordedReplay(parsing: try readText(like))
        announce(try Opening(replay.parameters.opening))
        let model = try await Progress.during { progress in
          try await office.train(
            like: replay.parameters, digest: replay.digest, by: .commandLine(terms)
          ) { progress.show($0) }
        }
        return try showTrained([model], data)
      }
      var request = try training.request(office)
      request.c = c
      request.representation = representation
      let models = try await Progress.during { [request] progress in
        try await office.train(
          opening: try opening.map { try Opening($0) }, request,
          by: .commandLine(terms),
          beginning: {
            progress.clear()
            announce($0)
          }, progress: { progress.show($0) })
      }
      try showTrained(models, data)
    }
  }

  /// Prints the models, and says beside them whose labels taught nothing.
  private func showTrained(_ models: [ModelSummary], _ data: DataOptions) throws {
    try showModels(models, data)
    for model in models {
      guard let sentence = model.leftOut?.sentence else { continue }
      complain("model \(model.model): \(sentence(data.language.card))")
    }
  }
}

/// What is read of a replay's report to make its what-if a model.
private struct RecordedReplay: Decodable {
  let parameters: ReplayParameters
  let digest: String

  init(parsing text: String) throws {
    guard let replay = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      throw Refusal(
        "The file of --like is not what 'senko replay --json' prints for one what-if training.")
    }
    self = replay
  }
}

struct PromoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Put a model in force for its opening.")
  @Argument(help: "The model's number.") var model: ModelNumber
  @Option(help: "The address of who decides so.") var by: String?
  @OptionGroup var terms: TermsOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let result = try await office.promote(
        model, by: try office.origin(by: by, in: .ruling, terms))
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
  @Argument(help: "The applicants' numbers.") var applicants: [ApplicantNumber] = []
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
        all ? nil : applicants, by: .commandLine
      ) { progress.show("screen", $0, of: $1) }
      for result in results {
        if data.json {
          try Output.json(result)
        } else {
          Output.line(sentence(result, data.language.card))
        }
      }
    }
  }
}

/// Prints models as a table or as JSON lines.
func showModels(_ models: [ModelSummary], _ data: DataOptions) throws {
  let word = data.language
  try Output.list(
    models, json: data.json,
    [
      word(.model), word(.opening), "ok/ng", word(.logLoss), word(.brier), word(.baseRate),
      word(.gap), word(.inForce), word(.digest),
    ]
  ) {
    [
      String($0.model), $0.opening, "\($0.labels.ok)/\($0.labels.ng)", decimal($0.logLoss),
      decimal($0.brier), decimal($0.baseRate, 2), scientific($0.gap), $0.inForce ? "●" : "",
      String($0.digest.prefix(12))
        + ($0.withheld.map { " \(explained($0, data.language.card))" } ?? "")
        + ($0.erased == 0
          ? "" : data.language == .ja ? "（その後の消去 \($0.erased) 人）" : " (\($0.erased) erased since)"),
    ]
  }
}
