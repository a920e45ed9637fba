import ArgumentParser
import Screening

struct OpeningsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "openings",
    abstract: "List the openings: who is decided, who waits for a person, which model is asked.")
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let openings = try office.openingSummaries(asOf: moment.moment, by: .commandLine)
      let word = data.language
      try Output.list(
        openings, json: data.json,
        [word(.opening), word(.count), "ok/ng"] + Queue.allCases.map(\.rawValue)
          + ["withdrawn", "duplicate", "erased", word(.model)]
      ) { opening in
        [
          opening.opening, String(opening.applicants),
          "\(opening.labels.ok)/\(opening.labels.ng)",
        ]
          + Queue.allCases.map { String(opening.queues[$0.rawValue] ?? 0) }
          + [opening.withdrawn, opening.duplicate, opening.erased].map { String($0) }
          + [opening.model.map { String($0) } ?? "—"]
      }
    }
  }
}

struct QueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "List who waits for a person, the first to arrive first; no score ends the waiting.",
    discussion: """
      second-look: under the threshold; review: at or above it; undecidable: the documents allow no score; \
      unscored: no model was asked, or it gives no percentage; hold: put off by a person. Examples:
        senko queue --opening engineer
        senko queue undecidable
      """)
  @Argument(help: "second-look, review, undecidable, unscored or hold.")
  var queue = Queue.secondLook
  @Option(help: "Only this opening.") var opening: String?
  @Option(help: "At most so many.") var limit: Count?
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      try showApplicants(
        try await office.applicants(
          asOf: moment.moment,
          filter: ApplicantFilter(queue: queue, opening: try opening.map { try Opening($0) }),
          order: .earliest, limit: limit?.value, by: .commandLine), data)
    }
  }
}
