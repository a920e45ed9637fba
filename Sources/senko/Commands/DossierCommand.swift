import ArgumentParser
import Foundation
import Screening

struct DossierCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dossier",
    abstract: "Write all that stands behind the decisions about an applicant, with proofs.",
    discussion: """
      One file for an outsider, who checks it offline by 'tools/verify-log.py --dossier' and \
      'tools/verify-score.py': events with proofs under one signed checkpoint, models, scores, and every value \
      with the bytes that tie it to its hash, never a key. A name that ends in .html gives a page to print. \
      Examples:
        senko dossier 17 --out 17.json
        senko dossier 17 --out 17.html --lang ja
        senko dossier 17 --under cosigned.note --closed > 17.json
      As of the last event that the checkpoint covers, or of an earlier one by --as-of.
      """)
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @Option(help: "The file to write. Default: JSON to standard output.") var out: String?
  @Option(help: "A checkpoint note kept elsewhere, perhaps cosigned, that all proofs lead to.")
  var under: String?
  @Flag(help: "Open no sealed value: numbers, times and outcomes only.") var closed = false
  @Option(help: "The address of who asks.") var by: String?
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try data.requireOutside(out)
    try await data.withOffice { office in
      let (note, asOf, origin) = (
        try under.map { try self.note(at: $0) }, moment.moment,
        try office.origin(by: by, in: .auditing)
      )
      let dossier: Dossier
      do {
        dossier = try await Progress.during { progress in
          try await office.dossier(
            of: applicant, asOf: asOf, under: note, opening: !closed, by: origin
          ) { progress.show($0) }
        }
      } catch let error as ScreeningError where note != nil && error.kind == .invalid {
        throw Refusal(
          "\(error.description) 'senko checkpoint' writes the newest note, and 'senko verify --against' checks the log "
            + "by the one that was given.")
      }
      let isPage = out?.hasSuffix(".html") ?? false
      let bytes =
        isPage ? Data(dossier.html(in: data.language.card).utf8) : try Output.encoded(dossier)
      guard let out else { return Output.write(bytes) }
      try Output.write(bytes, to: out)
    }
  }

  private func note(at path: String) throws -> String {
    guard let note = FileManager.default.contents(atPath: path),
      let text = String(validating: note, as: UTF8.self)
    else { throw Refusal("The note '\(path)' cannot be read. Check the path.") }
    return text
  }
}
