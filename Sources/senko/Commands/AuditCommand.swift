import ArgumentParser
import Screening

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Show whether people read and decided, and how groups fared; each audit is recorded.",
    subcommands: [Reading.self, Groups.self, List.self], defaultSubcommand: Reading.self)

  struct Reading: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Who was under the threshold, who of them was read by a person, and do readers agree.",
      discussion: """
        Draws a sample of both sides for a second reader, whose labels are given with 'senko label ID ok \
        --purpose second-reading'. How far the two agree is told of each side alone, with the 90 % interval \
        of κ from thirty readings upward. Example:
          senko audit reading --opening engineer --sample 20
        """)
    @Option(help: "The opening.") var opening: String
    @Option(help: "How many of each side are drawn for a second reader.") var sample = Count(10)
    @Option(help: "The address of who audits.") var by: String?
    @OptionGroup var moment: MomentOptions
    @OptionGroup var terms: TermsOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let audit = try await Progress.during { progress in
          try await office.auditReading(
            of: try Opening(opening), asOf: moment.moment, sample: sample.value,
            by: try office.origin(by: by, in: .auditing, terms)
          ) { progress.show($0) }
        }
        if data.json { return try Output.json(audit) }
        Output.line(
          "\(audit.opening), up to event \(audit.through), recorded as \(audit.position)\n")
        Output.table(
          [
            "", "people", "opened", "ok", "ng", "hold", "open", "withdrawn", "duplicate",
            "ng unopened",
            "claimed", "blind",
          ],
          [
            ("review", audit.review), ("second look", audit.secondLook),
            ("without score", audit.withoutScore),
          ].map { name, side in
            [name]
              + [
                side.applicants, side.opened, side.ok, side.ng, side.hold, side.undecided,
                side.withdrawn, side.duplicate, side.ngUnopened, side.claimed, side.blind,
              ].map { String($0) }
          })
        if audit.erased > 0 { Output.line("\nerased: \(audit.erased)") }
        let sides = [
          ("review", audit.review.agreement), ("second look", audit.secondLook.agreement),
          ("without score", audit.withoutScore.agreement),
        ].filter { $0.1.count > 0 }
        if !sides.isEmpty {
          Output.line("\ntwo readers, of whom the second could see what the first had decided:")
        }
        for (name, agreement) in sides {
          let kappa = agreement.kappa.map { "κ \(decimal($0, 2))" } ?? "κ undefined"
          let margin = agreement.margin.map { " ± \(decimal($0, 2))" } ?? ""
          Output.line(
            "  \(name): \(agreement.count) read twice, \(decimal(agreement.observed, 2)) alike, "
              + kappa + margin)
        }
        Output.line(
          "\nfor a second reader: \(list(audit.review.sample)) at or above the threshold,")
        Output.line("  \(list(audit.secondLook.sample)) under it")
      }
    }

    private func list(_ numbers: [UInt64]) -> String {
      numbers.isEmpty ? "nobody" : numbers.map { String($0) }.joined(separator: ", ")
    }
  }

  struct Groups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Selection rates and impact ratios of declared groups, for the model and for people.",
      discussion: """
        Each report is about people with both a decision and a percentage whom no earlier one counted, at \
        least thirty, without other filters; until there are so many, the last one is shown again. A group is \
        shown only if five people of it, and five others, were selected, and as many were not; all others \
        stand together. So nobody is found by comparing figures with lists or with each other. The ratio is \
        to the largest rate of the groups shown, and 'more than chance' says that the two rates differ by \
        more than chance gives once in twenty (Fisher's exact test). Example:
          senko audit groups --opening engineer
        """)
    @Option(help: "The opening.") var opening: String
    @Option(help: "The address of who audits.") var by: String?
    @OptionGroup var moment: MomentOptions
    @OptionGroup var terms: TermsOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let audit = try await Progress.during { progress in
          try await office.auditGroups(
            of: try Opening(opening), asOf: moment.moment,
            by: try office.origin(by: by, in: .auditing, terms)
          ) { progress.show($0) }
        }
        if data.json { return try Output.json(audit) }
        Output.line(
          "\(audit.opening): \(audit.applicants) people, up to event \(audit.through), recorded as "
            + "\(audit.position); \(audit.waiting) more without a decision or a percentage")
        if audit.wordless > 0 {
          Output.line(
            "\(audit.wordless) of them have no document any more whose words can be trusted; 'senko applicant' says "
              + "of each document why. They count as people who wrote none of the words below.")
        }
        if audit.tables.isEmpty {
          Output.line(
            "\nNo table could be shown without telling of single people. The next report counts these people too, "
              + "once thirty more have a decision and a percentage.")
        }
        for table in audit.tables {
          for (name, figures) in [
            ("scored above the median", table.scoring), ("placed for review", table.model),
            ("labelled OK by people", table.people),
          ] where !figures.isEmpty { show(table.attribute, name, figures) }
          for word in table.words {
            Output.line(
              "  \(word.group): \(word.term) in \(decimal(word.share, 2)), of the others "
                + decimal(word.others, 2))
          }
        }
      }
    }

    private func show(_ attribute: String, _ name: String, _ figures: [GroupFigures]) {
      Output.line("\n\(attribute), \(name):")
      Output.table(
        ["group", "people", "selected", "rate", "90 %", "ratio", ""],
        figures.map { row in
          [
            row.group, String(row.count), String(row.selected), decimal(row.rate, 3),
            row.interval.map { decimal($0, 2) }.joined(separator: "–"), decimal(row.impactRatio, 2),
            [
              row.underFourFifths ? "under 4/5" : nil,
              row.significant.map { $0 ? "more than chance" : nil } ?? nil,
              row.small ? "few" : nil,
            ].compactMap(\.self).joined(separator: ", "),
          ]
        })
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the audits that were made, oldest first.")
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let reports = try office.auditReports(asOf: moment.moment)
        let word = data.language
        try Output.list(
          reports, json: data.json,
          [word(.position), word(.time), word(.by), word(.event), word(.opening), word(.count)]
        ) {
          [
            String($0.position), $0.at, $0.by, $0.kind, $0.opening, String($0.applicants),
          ]
        }
      }
    }
  }
}

struct DeclareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "declare",
    abstract: "Record which groups an applicant, of their own will, declared to belong to.",
    discussion: """
      Sealed, on no page of the applicant, in no model; only 'senko audit groups' counts them. Example:
        senko declare 17 --set sex=female --set age=thirties
      """)
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @Option(name: .customLong("set"), help: "NAME=VALUE, of a–z, 0–9 and '-'.") var values: [String]
  @Option(help: "The address of who records it.") var by: String?
  @OptionGroup var terms: TermsOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    var attributes: [String: String] = [:]
    for value in values {
      let parts = value.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--set is NAME=VALUE, as sex=female.") }
      guard attributes.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw ValidationError("--set names '\(parts[0])' twice. Give one value.")
      }
    }
    try await data.withOffice { [attributes] office in
      let result = try await office.declare(
        applicant, attributes, by: try office.origin(by: by, in: .ruling, terms))
      try report(result, json: data.json)
    }
  }
}
