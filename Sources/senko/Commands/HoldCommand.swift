import ArgumentParser
import Screening

struct HoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Keep an applicant's data from being erased while the law asks for it.",
    subcommands: [Place.self, Lift.self])

  struct Place: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Place a legal hold: erasure and retention leave the person out until it is lifted.",
      discussion: "Example:\n  senko hold place 17 --reason-code lawsuit --by admin@example.jp")
    @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
    @Option(name: .customLong("reason-code"), help: "A code such as lawsuit.") var reason: String
    @Option(help: "The address of who places it.") var by: String
    @OptionGroup var terms: TermsOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let result = try await office.placeHold(
          on: applicant, reason: reason, by: try office.origin(by: by, in: .ruling, terms))
        try report(result, json: data.json)
      }
    }
  }

  struct Lift: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lift a legal hold.")
    @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
    @Option(help: "The address of who lifts it.") var by: String
    @OptionGroup var terms: TermsOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let result = try await office.liftHold(
          on: applicant, by: try office.origin(by: by, in: .ruling, terms))
        try report(result, json: data.json)
      }
    }
  }
}
