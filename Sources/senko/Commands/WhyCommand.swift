import ArgumentParser
import EventStore
import Screening

struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Explain an applicant's OK度数; the look is recorded.",
    discussion: """
      In JSON the words stand in the order of their UTF-8 bytes: bias, then the values added one by one, is \
      the score bit for bit. The table is sorted by size. With --excluded, for whoever audits: the words that \
      the lexicon kept out, and what they would have done in a shadow model that is trained for the answer \
      and kept nowhere. Example:
        senko why 42 --excluded
      """)
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @Option(help: "The position of a screening. Default: the newest.") var screening: Position?
  @Option(help: "How many words the table shows.") var words = Count(20)
  @Flag(help: "Show instead what the exclusion lexicon kept out.") var excluded = false
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      if excluded {
        let words = try await Progress.during { progress in
          try await office.excludedWords(
            of: applicant, screening: screening,
            asOf: moment.moment, by: .commandLine
          ) { progress.show($0) }
        }
        if data.json { try Output.json(words) } else { show(words) }
        return
      }
      let why = try await office.why(
        applicant, screening: screening,
        asOf: moment.moment, by: .commandLine)
      if data.json { try Output.json(why) } else { show(why) }
    }
  }

  private func show(_ excluded: ExcludedWords) {
    Output.line(
      "applicant \(excluded.applicant), model \(excluded.model): "
        + "\(counted(excluded.words.count, "different term")) kept out; with the applicant's own name and "
        + "address, words were left out \(counted(excluded.occurrences, "time")). "
        + "\(decimal(100 * excluded.unknownShare, 1)) % of the nouns are unknown to the model")
    if let reason = excluded.shadowReason {
      Output.line("no shadow score\(explained(reason, data.language.card))")
    }
    Output.table(
      [data.language(.term), "", data.language(.contribution)],
      excluded.words.prefix(words.value).map {
        [$0.term, $0.category, $0.contribution.map { decimal($0) } ?? "—"]
      })
  }

  private func show(_ whole: Why) {
    let why = whole.explanation
    let reason = why.reason.map { explained($0, data.language.card) } ?? ""
    Output.line(
      "applicant \(why.applicant): OK度数 \(percent(why.probability)) "
        + "[\(percent(interval: why.interval))] → \(why.outcome.rawValue)\(reason), threshold "
        + "\(Threshold(basisPoints: why.threshold))")
    if let model = why.model, let training = why.training {
      Output.line(
        "model \(model), trained on \(training.labels.ok) ok and \(training.labels.ng) ng up to event "
          + "\(training.through), gap \(scientific(training.gapDecimal))")
    }
    if !whole.opened.isEmpty {
      let readers = whole.opened.map { "\($0.by) at \($0.at)" }.joined(separator: ", ")
      Output.line("opened by \(readers)")
    }
    if let label = why.label {
      let claimed = why.labelClaimed ? " (named by the operator)" : ""
      let view = why.scoreInView ? "this score in view" : "this score not in view"
      Output.line(
        "label \(label.rawValue) by \(why.labelledBy ?? "—")\(claimed), \(view)"
          + (why.labelReason.map { "  「\($0)」" } ?? ""))
    }
    guard let score = why.scoreDecimal, let bias = why.biasDecimal else { return }
    Output.line(
      "score \(decimal(score)) = bias \(decimal(bias)) + \(counted(why.contributions.count, "word")); "
        + "\(counted(why.unknown, "word")) unknown to the model. Sorted by size:\n")
    let sorted = why.contributions.sorted { abs($0.valueDecimal) > abs($1.valueDecimal) }
    let word = data.language
    Output.table(
      [word(.term), word(.contribution)],
      sorted.prefix(words.value).map { part in
        [part.term, (part.valueDecimal < 0 ? "" : "+") + decimal(part.valueDecimal)]
      })
  }
}
