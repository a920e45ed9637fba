import ArgumentParser
import EventStore
import Screening

struct RetentionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention", abstract: "Erase those whose time of keeping is over.",
    subcommands: [Run.self], defaultSubcommand: Run.self)

  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erase those of an opening who applied longer ago than so many days.",
      discussion: "Example:\n  senko retention run --opening engineer --older-than 365 --dry-run")
    @Option(help: "The opening.") var opening: String
    @Option(name: .customLong("older-than"), help: "Days.") var days: Int
    @Flag(name: .customLong("dry-run"), help: "Only say who they are.") var rehearsing = false
    @Option(help: "The address of who asks for it.") var by: String?
    @OptionGroup var terms: TermsOptions
    @OptionGroup var data: DataOptions

    func validate() throws {
      guard days > 0, days < 36_500 else {
        throw ValidationError("--older-than is a number of days, 1 or more.")
      }
      guard rehearsing || by != nil else {
        throw ValidationError("--by names who asks for the erasure; or say --dry-run.")
      }
    }

    func run() async throws {
      let now = WallClock.system.now().milliseconds
      let limit = Timestamp(milliseconds: now - Int64(days) * 86_400_000)
      try await data.withOffice { office in
        let report = try await office.retain(
          opening: try Opening(opening), since: limit, rehearsing: rehearsing,
          by: try office.origin(by: by, terms))
        if data.json {
          try Output.json(report)
          return
        }
        let numbers = report.applicants.map { String($0) }.joined(separator: ", ")
        Output.line(
          report.applicants.isEmpty
            ? "nobody" : report.erased ? "erased \(numbers)" : "would erase \(numbers)")
        if !report.held.isEmpty {
          Output.line(
            "kept under legal hold " + report.held.map { String($0) }.joined(separator: ", "))
        }
        complainOfManifests(report.unreadManifests)
      }
    }
  }
}
