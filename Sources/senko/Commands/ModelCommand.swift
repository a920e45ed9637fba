import ArgumentParser
import Foundation
import Screening

struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Show one model, its card or its drift, or write its file.",
    subcommands: [Show.self, Card.self, DriftCommand.self, Export.self],
    defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one model with its heaviest words.")
    @Argument(help: "The model's number.") var model: UInt64
    @Option(help: "How many words of each end.") var words = Count(15)
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let detail = try office.model(ModelNumber(model), asOf: try moment.moment)
        if data.json { try Output.json(detail) } else { try show(detail) }
      }
    }

    private func show(_ detail: ModelDetail) throws {
      try showModels([detail.summary], data)
      Output.line(
        "\nthrough event \(detail.summary.through), \(detail.summary.terms) terms, "
          + "\(detail.summary.representation), C \(detail.summary.c), "
          + "\(detail.summary.erased) of its applicants erased since\n")
      let words = words.value
      let sorted = detail.weights.sorted { $0.weight > $1.weight }
      let shown =
        sorted.count <= 2 * words ? sorted : Array(sorted.prefix(words) + sorted.suffix(words))
      Output.table(
        [data.language(.term), data.language(.contribution)],
        shown.map { [$0.term, decimal($0.weight)] })
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a model's file to standard output, as other programs read it.",
      discussion: "Example:\n  senko model export 1 --format liblinear > model.txt")
    @Argument(help: "The model's number.") var model: UInt64
    @Option(help: "senko, liblinear, safetensors or json.") var format = "senko"
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        Output.write(Data(try office.exportModel(ModelNumber(model), as: format)))
      }
    }
  }
}
