import ArgumentParser
import Foundation
import Screening

struct RegisterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Register an applicant with the documents sent, and screen at once.",
    discussion: "Example:\n  senko register --name 山田花子 --opening engineer resume.pdf")
  @Option(help: "The applicant's name.") var name: String
  @Option(help: "The name in kana.") var kana: String?
  @Option(help: "The applicant's mail address.") var email: String?
  @Option(help: "The applicant's postal address.") var address: String?
  @Option(help: "The vacancy applied for: a–z, 0–9 and -.") var opening: String?
  @Option(help: "When it arrived, RFC 3339. Default: now.") var received: String?
  @Option(help: "A key that makes a second try of the same registration harmless.")
  var key: String?
  @Argument(help: "PDF or UTF-8 text files.") var files: [String]
  @OptionGroup var scans: ScanOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    let documents = try files.map {
      try DocumentFile(reading: $0, called: "The document '\($0)'", outside: data.folder)
    }
    try await data.withOffice(recognisingScans: scans.recognises) { office in
      let registration = try await office.register(
        Application(
          name: name, kana: kana, email: email, address: address,
          opening: try opening.map { try Opening($0) } ?? .general, received: received,
          documents: documents, idempotencyKey: key), by: .commandLine)
      if data.json {
        try Output.json(registration)
        return
      }
      Output.line("applicant \(registration.applicant)")
      for document in registration.documents {
        let reason = document.reason.map { ": \($0)" } ?? ""
        Output.line(
          "document \(document.document): \(document.status)\(reason), \(document.nouns) nouns")
        scans.hint(after: document.reason)
      }
      if let screening = registration.screening {
        Output.line(sentence(screening, data.language.card))
      }
    }
  }
}

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Register many applicants from a manifest.",
    discussion: """
      One JSON object a line: {"key","name","kana","email","address","opening","receivedAt", \
      "documents":[…],"label","labelledBy","labelledAt","reason"}; paths are relative to the manifest. A bad line is reported and \
      the rest goes on. Importing again imports nothing twice.
      """)
  @Argument(help: "The manifest, a file of JSON lines.") var manifest: String
  @Option(help: "Who gave the labels of lines without \"labelledBy\".") var by: String?
  @OptionGroup var scans: ScanOptions
  @OptionGroup var workers: WorkerOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice(recognisingScans: scans.recognises, readingMany: workers) {
      office in
      let progress = Progress()
      let reader = try office.user(named: by, option: "--by")
      let report = try await office.importManifest(
        manifest, reader: reader, by: Origin(actor: .operator, channel: .import)
      ) { progress.show("import", $0.done, of: $0.total) }
      for failure in report.failed { complain("line \(failure.line): \(failure.reason)") }
      if data.json {
        try Output.json(report)
      } else {
        Output.line(
          "imported \(report.imported), already there \(report.repeated), failed "
            + "\(report.failed.count), unreadable documents \(report.unreadableDocuments)")
      }
      if !report.failed.isEmpty { throw ExitCode(1) }
    }
  }
}

/// What a screening says, in a sentence.
func sentence(_ screening: ScreeningResult, _ language: CardLanguage) -> String {
  let reason = screening.reason.map { explained($0, language) } ?? ""
  guard let probability = screening.probability else {
    return "\(screening.applicant): \(screening.outcome.rawValue)\(reason)"
  }
  return
    "\(screening.applicant): OK度数 \(percent(probability)) [\(percent(interval: screening.interval))] "
    + "\(screening.outcome.rawValue), model \(screening.model ?? 0)"
}

/// A reason for which there is no percentage, by its name and in words.
func explained(_ reason: String, _ language: CardLanguage) -> String {
  " (\(reason)\(Withholding.sentence(for: reason).map { ": " + $0(language) } ?? ""))"
}
