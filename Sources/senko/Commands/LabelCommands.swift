import ArgumentParser
import EventStore
import Screening

struct LabelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Record what a person decided about an applicant.",
    discussion: "Example:\n  senko label 17 ng --by sato@example.jp --reason 経験年数が足りない")
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @Argument(help: "ok, ng or hold.") var label: Label
  @Option(help: "The address of who decided.") var by: String
  @Option(help: "Why; sealed, and destroyed with an erasure.") var reason: String?
  @Option(help: "decision or second-reading.") var purpose: LabelPurpose = .decision
  @Flag(help: "The person decided without seeing a score.") var blind = false
  @OptionGroup var terms: TermsOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let result = try await office.label(
        applicant, label, purpose: purpose, reason: reason,
        shown: blind ? .zero : nil, by: try office.origin(by: by, in: .deciding, terms))
      try report(result, json: data.json)
    }
  }
}

struct OpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Record that a person opened an application to read it.",
    discussion: """
      Audits count who was read by a person: those under the threshold above all. Example:
        senko open 17 --by sato@example.jp
      """)
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @Option(help: "The address of who reads it.") var by: String
  @OptionGroup var terms: TermsOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let result = try await office.openApplicant(
        applicant, by: try office.origin(by: by, in: .deciding, terms))
      try report(result, json: data.json)
    }
  }
}

struct StateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "state", abstract: "Record that an application was withdrawn or is a duplicate.")
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @Argument(help: "active, withdrawn or duplicate.") var state: RecordedState
  @Option(help: "The address of who says so.") var by: String?
  @OptionGroup var terms: TermsOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let result = try await office.setState(
        applicant, state.state, by: try office.origin(by: by, in: .deciding, terms))
      try report(result, json: data.json)
    }
  }
}

struct EraseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Destroy everything personal of applicants; the log still verifies.",
    discussion: """
      Their keys, texts and files are destroyed; number, opening, times and outcomes remain. Models that \
      learnt from them are named: train and promote new ones.
      """)
  @Argument(help: "The applicants' numbers.") var applicants: [ApplicantNumber]
  @Option(help: "The address of who asks for it.") var by: String
  @Option(name: .customLong("reason-code"), help: "A code such as request or retention.")
  var reason = "request"
  @Flag(
    help: """
      Give up an escrow that cannot be reached: whoever finds it can still open backups made before.
      """)
  var withoutEscrow = false
  @OptionGroup var terms: TermsOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let receipt = try await office.erase(
        applicants, reason: reason, withoutEscrow: withoutEscrow,
        by: try office.origin(by: by, in: .ruling, terms))
      if data.json {
        try Output.json(receipt)
        return
      }
      Output.line("erased \(receipt.applicants.map { String($0) }.joined(separator: ", "))")
      if !receipt.models.isEmpty {
        Output.line(
          "models that had learnt from them: "
            + receipt.models.map { String($0) }.joined(separator: ", "))
      }
      complainOfManifests(receipt.unreadManifests)
    }
  }
}

/// Says of which models it is not known whether they had learnt from the erased.
func complainOfManifests(_ models: [UInt64]) {
  guard !models.isEmpty else { return }
  let numbers = models.map { String($0) }.joined(separator: ", ")
  complain(
    "The training manifests of models \(numbers) cannot be read: whether they had learnt from the erased is not "
      + "known. Run 'senko verify', then 'senko repair' from a backup.")
}

func report(_ result: CommandResult, json: Bool) throws {
  if json {
    try Output.json(result)
  } else {
    Output.line("event \(result.position)")
  }
}
