import ArgumentParser
import EventStore
import Foundation
import Screening

struct ApplicantsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "applicants",
    abstract: "List applicants, the newest first unless --sort says otherwise.",
    discussion: """
      Examples:
        senko applicants --opening engineer --unlabelled --sort=-probability
        senko applicants --outcome second-look --unread
        senko applicants --name 田中 --word Kubernetes --received-from 2026-04-01T00:00:00+09:00
      """)
  @Option(help: "Only this opening.") var opening: String?
  @Option(help: "Only this state.") var state: ApplicantState?
  @Option(help: "Only this label: ok, ng or hold.") var label: Label?
  @Option(help: "Only this outcome: review, second-look, undecidable or unscored.")
  var outcome: Outcome?
  @Flag(help: "Only those nobody has labelled.") var unlabelled = false
  @Flag(help: "Only those nobody has opened.") var unread = false
  @Option(help: "Only from this OK percentage on, such as 50 or 62.5.") var scoreFrom: Percentage?
  @Option(help: "Only up to this OK percentage.") var scoreTo: Percentage?
  @Option(help: "Only applications that arrived at or after this time, such as 2026-04-01.")
  var receivedFrom: Beginning?
  @Option(help: "Only applications that arrived before this time, such as 2026-05-01.")
  var receivedBefore: Beginning?
  @Option(help: "Only those whose documents have this noun.") var word: String?
  @Option(help: "Only those whose name has this part.") var name: String?
  @Option(
    help:
      "Only those with this flag: \(ApplicantFlag.allCases.map(\.rawValue).joined(separator: ", "))."
  ) var flag: ApplicantFlag?
  @Option(
    help: "The order: applicant, received or probability, with a '-' before it to let it fall.")
  var sort = ApplicantOrder.newest
  @Option(help: "At most so many.") var limit: Count?
  @Option(help: "Only those after this applicant in the order.") var after: ApplicantNumber?
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let applicants = try await office.applicants(
        asOf: moment.moment, filter: try filter(), order: sort, limit: limit?.value,
        after: after, by: .commandLine)
      try showApplicants(applicants, data)
    }
  }

  func validate() throws {
    guard let scoreFrom, let scoreTo, scoreFrom.basisPoints > scoreTo.basisPoints else { return }
    throw ValidationError("--score-from lies above --score-to. Nobody stands between them.")
  }

  private func filter() throws -> ApplicantFilter {
    var filter = ApplicantFilter(
      opening: try opening.map { try Opening($0) }, state: state, label: label,
      unlabelled: unlabelled ? true : nil, outcome: outcome, unread: unread ? true : nil)
    if scoreFrom != nil || scoreTo != nil {
      filter.probability = (scoreFrom?.basisPoints ?? 0)...(scoreTo?.basisPoints ?? 10_000)
    }
    filter.receivedFrom = receivedFrom?.time
    filter.receivedBefore = receivedBefore?.time
    filter.word = word
    filter.name = name
    filter.flag = flag
    return filter
  }
}

/// Prints applicants as a table or as JSON lines.
func showApplicants(_ applicants: [ApplicantSummary], _ data: DataOptions) throws {
  let word = data.language
  try Output.list(
    applicants, json: data.json,
    [
      word(.number), word(.name), word(.opening), word(.received), word(.state), word(.label),
      word(.by), word(.probability), word(.outcome), word(.model), word(.flags),
    ]
  ) { applicant in
    [
      String(applicant.applicant), applicant.name ?? "—", applicant.opening,
      String(applicant.received.prefix(10)), applicant.state.rawValue,
      applicant.label?.rawValue ?? "—", applicant.labelledBy ?? "—",
      percent(applicant.probability), applicant.outcome?.rawValue ?? "—",
      applicant.model.map { String($0) } ?? "—",
      applicant.flags.map(\.rawValue).joined(separator: " "),
    ]
  }
}

struct ApplicantCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "applicant", abstract: "Show one applicant; the look is recorded.")
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let detail = try await office.applicant(
        applicant, asOf: moment.moment, by: .commandLine)
      if data.json {
        try Output.json(detail)
        return
      }
      let summary = detail.summary
      let person = [summary.name ?? "—", detail.kana, detail.email, detail.address]
      Output.line(([String(summary.applicant)] + person.compactMap(\.self)).joined(separator: "  "))
      Output.line("\(summary.opening)  \(summary.received)  \(summary.state.rawValue)")
      if let hold = detail.hold { Output.line("under legal hold: \(hold)") }
      if let label = summary.label {
        Output.line("\(label.rawValue) by \(summary.labelledBy ?? "—")  \(detail.reason ?? "")")
      }
      if let screening = detail.screening { Output.line(sentence(screening, data.language.card)) }
      for document in detail.documents {
        let reason = document.reason.map { ": \($0)" } ?? ""
        Output.line(
          "\ndocument \(document.document) (\(document.form.rawValue), \(document.size) bytes): "
            + "\(document.status)\(reason) \(document.flags.joined(separator: " "))")
        if let text = document.text { Output.line(text) }
      }
    }
  }
}

struct DocumentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "document", abstract: "Write a document's file to standard output.",
    discussion: "Example:\n  senko document 17 1 > resume.pdf")
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @Argument(help: "The document's number, from 1.") var document: Int = 1
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      Output.write(
        Data(
          try await office.document(
            document, of: applicant, asOf: moment.moment, by: .commandLine)))
    }
  }
}

struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Show every event of an applicant; the look is recorded.")
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let entries = try await office.history(
        applicant, asOf: moment.moment, by: .commandLine)
      let word = data.language
      try Output.list(
        entries, json: data.json,
        [word(.position), word(.time), word(.event), word(.actor), word(.facts)]
      ) { entry in
        let facts = entry.facts.sorted { $0.key < $1.key }
          .filter { $0.value.utf8.count <= 40 }
          .map { "\($0.key)=\($0.value)" }
        return [
          String(entry.position),
          timeInJapan(entry.happened ?? entry.at, in: data.language.card), entry.type,
          entry.onBehalfOf.map { "\($0) (named by \(entry.actor))" } ?? entry.actor,
          facts.joined(separator: " ") + (entry.reason.map { "  「\($0)」" } ?? ""),
        ]
      }
    }
  }
}

struct VocabularyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocabulary", abstract: "List the nouns that at least three applicants share.")
  @Option(help: "Only nouns of this opening.") var opening: String?
  @Option(help: "Only nouns that begin so.") var prefix: String?
  @Option(help: "At most so many.") var limit: Count?
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let entries = try await office.vocabulary(
        asOf: moment.moment, opening: try opening.map { try Opening($0) }, prefix: prefix,
        limit: limit?.value
      ).entries
      let word = data.language
      try Output.list(
        entries, json: data.json,
        [word(.term), word(.count), word(.opening), word(.contribution)]
      ) { entry in
        [
          entry.term, String(entry.applicants),
          entry.openings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", "),
          entry.weights.sorted { $0.key < $1.key }.map { "\($0.key) \(decimal($0.value))" }
            .joined(separator: ", "),
        ]
      }
    }
  }
}

struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the models that were trained.")
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      try showModels(try office.models(asOf: moment.moment), data)
    }
  }
}
