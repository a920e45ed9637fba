import ArgumentParser
import EventStore
import Screening

struct RetentionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention", abstract: "Erase those whose time of keeping is over.",
    subcommands: [Run.self], defaultSubcommand: Run.self)

  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erase everybody whose time of keeping is over.",
      discussion: """
        By the retention that was adopted for each opening: so many days after the last decision, or after the \
        applicant withdrew, came back or came to another opening, to the end of the day in Japan. Whoever nobody has \
        decided about is kept, and named; so is who is under legal hold. With --older-than, once and by the time of \
        the application alone. A second try under the same --key erases only who is still due. Examples:
          senko policy adopt --opening engineer --retention 365
          senko retention run --dry-run
          senko retention run --by admin@example.jp
          senko retention run --opening engineer --older-than 365 --dry-run
        """)
    @Option(help: "Only this opening.") var opening: String?
    @Option(
      name: .customLong("older-than"),
      help: "Instead of by the rule: those of the opening who applied longer ago than so many days."
    )
    var days: Int?
    @Flag(name: .customLong("dry-run"), help: "Only say who they are.") var rehearsing = false
    @Option(help: "The address of who asks for it.") var by: String?
    @OptionGroup var terms: TermsOptions
    @OptionGroup var data: DataOptions

    func validate() throws {
      if let days {
        guard RetentionRule.lengths.contains(days) else {
          let most = RetentionRule.lengths.upperBound
          throw ValidationError("--older-than is a number of days from 1 to \(most).")
        }
        guard opening != nil else {
          throw ValidationError("--older-than is about one opening. Name it with --opening.")
        }
      }
      guard rehearsing || by != nil else {
        throw ValidationError("--by names who asks for the erasure; or say --dry-run.")
      }
    }

    func run() async throws {
      let opening = try opening.map { try Opening($0) }
      try await data.withOffice { office in
        let report = try await report(
          office, opening, by: try office.origin(by: by, in: .ruling, terms))
        if data.json {
          try Output.json(report)
          return
        }
        for rule in report.rules { Output.line(rule.sentence) }
        let numbers = list(report.applicants)
        Output.line(
          report.applicants.isEmpty
            ? "nobody" : report.erased ? "erased \(numbers)" : "would erase \(numbers)")
        if !report.held.isEmpty { Output.line("kept under legal hold \(list(report.held))") }
        if !report.undecided.isEmpty {
          Output.line("kept until somebody decides \(list(report.undecided))")
        }
        if !report.kept.isEmpty {
          Output.line("kept by what was recorded since the request \(list(report.kept))")
        }
        if !report.unknownOpenings.isEmpty {
          Output.line("nobody has applied for \(report.unknownOpenings.joined(separator: ", "))")
        }
        complainOfManifests(report.unreadManifests)
      }
    }

    private func report(
      _ office: Office, _ opening: Opening?, by origin: Origin
    ) async throws -> RetentionReport {
      guard let days, let opening else {
        return try await office.retain(opening: opening, rehearsing: rehearsing, by: origin)
      }
      return try await office.retain(
        opening: opening, olderThan: days, rehearsing: rehearsing, by: origin)
    }

    private func list(_ numbers: [UInt64]) -> String {
      numbers.map { String($0) }.joined(separator: ", ")
    }
  }
}
