import ArgumentParser
import Screening

struct PolicyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract:
      "The threshold from which applicants go to ordinary review, when scores are shown, and how long applications are "
      + "kept.",
    subcommands: [Show.self, List.self, Adopt.self], defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the policy in force.")
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let policy = try office.policy(asOf: moment.moment)
        if data.json {
          try Output.json(policy)
        } else {
          let origin = policy.position == 0 ? "built in" : "adopted at event \(policy.position)"
          let shown = policy.scores == .always ? "" : ", scores shown after the label"
          Output.line("threshold \(Threshold(basisPoints: policy.threshold))\(shown), \(origin)")
          for rule in policy.retention {
            Output.line(rule.sentence)
          }
        }
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List every policy that was in force, the built-in one first.")
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let policies = try office.policies(asOf: moment.moment)
        let word = data.language
        try Output.list(
          policies, json: data.json,
          [
            word(.position), word(.time), word(.by), word(.threshold), word(.scores),
            word(.retention),
          ]
        ) { adopted in
          [
            String(adopted.rule.position), adopted.at ?? "—", adopted.by ?? "—",
            "\(Threshold(basisPoints: adopted.rule.threshold))",
            adopted.rule.scores.rawValue,
            adopted.rule.retention.isEmpty
              ? "—"
              : adopted.rule.retention
                .compactMap { rule in rule.days.map { "\(rule.opening) \($0)" } }
                .joined(separator: ", "),
          ]
        }
      }
    }
  }

  struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put another policy in force; earlier screenings keep their threshold.",
      discussion: """
        With --scores after-label nobody but auditors sees a score before somebody has labelled the applicant, \
        but for the admin who makes a disclosure: people decide first. With --retention an opening's applications are kept so many days after the last \
        decision or withdrawal, until the next 'senko retention run'. Examples:
          senko policy adopt --threshold 62.5
          senko policy adopt --scores after-label
          senko policy adopt --opening engineer --retention 365
        """)
    @Option(help: "Percent from 1 to 99.99, such as 65 or 62.5. Default: as in force.")
    var threshold: Threshold?
    @Option(help: "When people see scores: always, or after-label. Default: as in force.")
    var scores: ScoreDisplay?
    @Option(help: "The opening whose applications are kept for --retention.") var opening: String?
    @Option(help: "Days that its applications are kept after the selection, or none for no limit.")
    var retention: RetentionLength?
    @Option(help: "The address of who decides so.") var by: String?
    @OptionGroup var terms: TermsOptions
    @OptionGroup var data: DataOptions

    func validate() throws {
      guard (opening == nil) == (retention == nil) else {
        throw ValidationError("--opening and --retention belong together. Give both, or neither.")
      }
    }

    func run() async throws {
      var rule: RetentionRule?
      if let opening, let retention {
        rule = RetentionRule(opening: try Opening(opening), days: retention.days)
      }
      try await data.withOffice { [rule] office in
        let result = try await office.adoptPolicy(
          threshold: threshold?.basisPoints, scores: scores, retention: rule,
          by: try office.origin(by: by, in: .ruling, terms))
        if data.json {
          try Output.json(result)
        } else {
          Output.line("event \(result.position)")
        }
      }
    }
  }
}

/// How long an opening's applications are kept: a number of days, or `none` for no limit.
struct RetentionLength: ExpressibleByArgument {
  let days: Int?

  init?(argument: String) {
    days = Int(argument)
    guard argument == "none" || RetentionRule.lengths.contains(days ?? 0) else { return nil }
  }
}

extension RetentionRule {
  /// What the rule says.
  var sentence: String {
    "\(opening): kept \(days.map { "\($0) days after the selection" } ?? "without limit")"
  }
}
