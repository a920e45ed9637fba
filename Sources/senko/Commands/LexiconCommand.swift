import ArgumentParser
import Foundation
import Screening

struct LexiconCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lexicon",
    abstract: "What must not decide: phrases and kinds of words that no model looks at.",
    subcommands: [Show.self, List.self, Adopt.self, Diff.self], defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the lexicon in force, as 'lexicon adopt' reads it.")
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let lexicon = try office.lexicon(asOf: moment.moment)
        if data.json {
          try Output.json(lexicon)
        } else {
          Output.write(Data(lexicon.text.utf8))
        }
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List every lexicon that was in force, the built-in one first.")
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let lexicons = try office.lexicons(asOf: moment.moment)
        let word = data.language
        try Output.list(
          lexicons, json: data.json,
          [word(.position), word(.time), word(.by), word(.lexicon), word(.digest)]
        ) { adopted in
          [
            String(adopted.rule.position), adopted.at ?? "—", adopted.by ?? "—",
            adopted.rule.name, String(adopted.rule.digest.prefix(12)),
          ]
        }
      }
    }
  }

  struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put another lexicon in force for the models trained from now on.")
    @Argument(help: "A file as 'lexicon show' writes it.") var file: String
    @Option(help: "The address of who decides so.") var by: String?
    @OptionGroup var terms: TermsOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      let text = try readText(file)
      try await data.withOffice { office in
        let result = try await office.adoptLexicon(
          text, by: try office.origin(by: by, in: .ruling, terms))
        if data.json { try Output.json(result) } else { Output.line("event \(result.position)") }
      }
    }
  }

  struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say which statements a file adds to or takes from the lexicon in force.")
    @Argument(help: "A file as 'lexicon show' writes it.") var file: String
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      let text = try readText(file)
      try await data.withOffice { office in
        let difference = try office.lexiconDifference(text, asOf: moment.moment)
        if data.json {
          try Output.json(difference)
          return
        }
        for statement in difference.removed { Output.line("- \(statement)") }
        for statement in difference.added { Output.line("+ \(statement)") }
      }
    }
  }
}
