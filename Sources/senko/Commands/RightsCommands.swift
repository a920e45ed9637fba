import ArgumentParser
import Foundation
import Screening

struct CorrectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct", abstract: "Put an applicant's name, address or opening right.",
    discussion: """
      What was recorded before stays in the history. Example:
        senko correct 17 --name '髙橋 一郎' --by sato@example.jp
      """)
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @Option(help: "The right name.") var name: String?
  @Option(help: "The right name in kana.") var kana: String?
  @Option(help: "The right mail address.") var email: String?
  @Option(help: "The right postal address.") var address: String?
  @Option(help: "The right opening.") var opening: String?
  @Option(help: "The address of who corrects it.") var by: String?
  @OptionGroup var terms: TermsOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let correction = Correction(
        name: name, kana: kana, email: email, address: address,
        opening: try opening.map { try Opening($0) })
      let result = try await office.correct(
        applicant, correction, by: try office.origin(by: by, in: .deciding, terms))
      try report(result, json: data.json)
    }
  }
}

struct DiscloseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disclose",
    abstract: "Write everything that is held about an applicant, for the applicant.",
    discussion: """
      Every document's text, every decision with who took it and why, every score with its model, and when and \
      in which role people looked at it; that it was told is recorded. In plain Japanese, or English by \
      --lang. Example:
        senko disclose 17 --out kaiji.txt --lang ja --by admin@example.jp
      """)
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @Option(help: "The file to write. Default: standard output.") var out: String?
  @Option(help: "The address of who discloses it.") var by: String?
  @OptionGroup var terms: TermsOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try data.requireOutside(out)
    try await data.withOffice { office in
      let disclosure = try await office.disclose(
        applicant, by: try office.origin(by: by, in: .ruling, terms))
      let text = disclosure.text(in: data.language == .en && data.lang != nil ? .en : .ja)
      guard let out else {
        return data.json ? try Output.json(disclosure) : Output.line(text)
      }
      try Output.write(data.json ? Output.encoded(disclosure) : Data(text.utf8), to: out)
    }
  }
}
