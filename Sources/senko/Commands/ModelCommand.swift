import ArgumentParser
import Foundation
import Screening

struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Show one model, what it learnt from, its card or its drift, or write its file.",
    subcommands: [
      Show.self, ManifestCommand.self, Card.self, DriftCommand.self, Export.self,
    ],
    defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one model with its heaviest words.")
    @Argument(help: "The model's number.") var model: ModelNumber
    @Option(help: "How many words of each end.") var words = Count(15)
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let detail = try office.model(model, asOf: moment.moment)
        if data.json { try Output.json(detail) } else { try show(detail) }
      }
    }

    private func show(_ detail: ModelDetail) throws {
      try showModels([detail.summary], data)
      Output.line(
        "\nthrough event \(detail.summary.through), \(counted(detail.summary.terms, "term")), "
          + "\(detail.summary.representation), C \(detail.summary.c), "
          + "\(detail.summary.erased) of its applicants erased since\n")
      let words = words.value
      let sorted = (detail.weights ?? []).sorted { $0.weight > $1.weight }
      let shown =
        sorted.count <= 2 * words ? sorted : Array(sorted.prefix(words) + sorted.suffix(words))
      Output.table(
        [data.language(.term), data.language(.contribution)],
        shown.map { [$0.term, decimal($0.weight)] })
    }
  }

  struct ManifestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "manifest", abstract: "List whose labels and readings a model learnt from.")
    @Argument(help: "The model's number.") var model: ModelNumber
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let manifest = try office.manifest(of: model, asOf: moment.moment)
        if data.json { return try Output.json(manifest) }
        let word = data.language
        Output.table(
          [word(.number), word(.label), word(.by), word(.position), word(.readings)],
          manifest.sources.map { source in
            [
              String(source.applicant),
              source.label.rawValue + (source.blind ? "" : " *"), source.labelledBy,
              String(source.position),
              source.readings.map { String($0) }.joined(separator: " ")
                + (source.erased ? " erased" : ""),
            ]
          })
        if manifest.sources.contains(where: { !$0.blind }) {
          Output.line("* a score was in view when the label was given")
        }
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a model's file to standard output, as other programs read it.",
      discussion: """
        Every format holds the same numbers. json lists the terms; liblinear numbers them from 1 and safetensors from \
        0 in its order. A row holds, for each term that an applicant has, 1 (binary), 1 + ln count (log-tf) or the \
        term's value (naive-bayes), and is divided by its Euclidean norm. The score is bias + row · weights, and the \
        share of OK 1 / (1 + exp(-(a · score + b))), with a and b from json's calibration. Examples:
          senko model export 1 --format liblinear > model.txt
          senko model export 1 --format json > terms.json
        """)
    @Argument(help: "The model's number.") var model: ModelNumber
    @Option(help: "senko, liblinear, safetensors or json.") var format = "senko"
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let asOf = moment.moment
        Output.write(Data(try office.exportModel(model, as: format, asOf: asOf)))
      }
    }
  }
}
