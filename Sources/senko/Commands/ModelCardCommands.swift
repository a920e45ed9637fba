import ArgumentParser
import Foundation
import Screening

extension ModelCommand {
  struct Card: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what a model learnt from, how true its percentages are, and its limits.",
      discussion: """
        Trains two further models that are not kept: one without the lexicon's exclusions, and one of the \
        earlier labels, tried on the later ones. Examples:
          senko model card 1 --lang ja
          senko model card 1 --html > card.html
        """)
    @Argument(help: "The model's number.") var model: ModelNumber
    @Flag(help: "Write a page for a browser, with the reliability diagram.") var html = false
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func validate() throws {
      guard !html || !data.json else {
        throw ValidationError("Ask for --html or --json, not both.")
      }
    }

    func run() async throws {
      try await data.withOffice { office in
        let card = try await Progress.during { progress in
          try await office.card(of: model, asOf: moment.moment) {
            progress.show($0)
          }
        }
        if data.json {
          try Output.json(card)
        } else if html {
          Output.write(Data(card.html(in: data.language.card).utf8))
        } else {
          show(card)
        }
      }
    }

    private func show(_ card: ModelCard) {
      let language = data.language.card
      let trained = timeInJapan(card.trained, in: language)
      Output.line("\(card.opening) \(card.model)  \(card.digest.prefix(12))  \(trained)")
      for section in card.sections(in: language) {
        Output.line("\n── \(section.title(language)) ──")
        for (name, value) in section.facts { Output.line("\(name(language)): \(value)") }
        for sentence in section.sentences { Output.line("· \(sentence(language))") }
        if !section.rows.isEmpty {
          Output.table(section.head.map { $0(language) }, section.rows)
        }
      }
    }
  }

  struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "drift",
      abstract: "Show how those whom a model judged differ from those who taught it.",
      discussion: """
        By the month they applied in: the share of nouns that the model does not know, and how the scores \
        fall into the tenths of the training (stability index: under 0.1 little has changed, above 0.25 \
        much has, if it is also above what chance gives once in twenty, which stands beside it; of fewer \
        than twenty scores there is none). Example:
          senko model drift 1
        """)
    @Argument(help: "The model's number.") var model: ModelNumber
    @OptionGroup var moment: MomentOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let drift = try await Progress.during { progress in
          try await office.drift(of: model, asOf: moment.moment) {
            progress.show($0)
          }
        }
        if data.json { try Output.json(drift) } else { show(drift) }
      }
    }

    private func show(_ drift: ModelDrift) {
      let isJapanese = data.language == .ja
      if let reference = drift.reference {
        Output.line(
          "\(drift.opening) \(drift.model): "
            + (isJapanese
              ? "\(reference.applicants) 人, " : "\(counted(reference.applicants, "applicant")), ")
            + "\(timeInJapan(reference.first, in: data.language.card)) – "
            + "\(timeInJapan(reference.last, in: data.language.card)), "
            + (isJapanese ? "未知の語 " : "unknown words ") + percent(reference.unknownShare))
      }
      Output.table(
        isJapanese
          ? ["月", "人数", "未知の語", "安定指数", "偶然の上限", "平均 OK度数"]
          : [
            "Month", "Applicants", "Unknown words", "Stability index", "By chance up to", "Mean OK",
          ],
        (drift.periods + (drift.all.map { [$0] } ?? [])).map {
          [
            $0.month, String($0.applicants), percent($0.unknownShare),
            decimal($0.stabilityIndex, 3), decimal($0.chanceIndex, 3),
            mean($0.meanProbability),
          ]
        })
      for warning in drift.warnings { Output.line("! \(warning.text(data.language.card))") }
    }

    private func percent(_ share: Double) -> String { decimal(100 * share, 1) + " %" }

    private func mean(_ basisPoints: Int?) -> String {
      basisPoints.map { decimal(Double($0) / 100, 1) + " %" } ?? "—"
    }
  }
}

extension Language {
  /// The language of a card.
  var card: CardLanguage { self == .ja ? .ja : .en }
}
