import ArgumentParser
import Screening

struct RereadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reread",
    abstract:
      "Read documents again whose newest reading is of another analysis than the present one.",
    discussion: """
      After a new dictionary, a new version or an own technology lexicon, training refuses to mix readings. \
      New readings are appended and the old ones stay; what is up to date is left alone, and so is what the same \
      programs have tried in vain.

      Examples:
        senko reread --all --dry-run
        senko reread --opening engineer
        senko reread --all --ocr      # also scanned pages, not read before
      """)
  @Option(help: "The opening whose documents are meant.") var opening: String?
  @Flag(help: "Of all openings.") var all = false
  @Flag(name: .customLong("dry-run"), help: "Only count them.") var rehearsing = false
  @Flag(name: .customLong("retry"), help: "Also try what the same programs have tried in vain.")
  var retrying = false
  @Option(help: "The address of who asks for it.") var by: String?
  @OptionGroup var scans: ScanOptions
  @OptionGroup var workers: WorkerOptions
  @OptionGroup var data: DataOptions

  func validate() throws {
    guard all != (opening != nil) else {
      throw ValidationError("Say either --opening, or --all.")
    }
  }

  func run() async throws {
    try await data.withOffice(recognisingScans: scans.recognises, readingMany: workers) {
      office in
      let progress = Progress()
      let report = try await office.reread(
        opening: try opening.map { try Opening($0) }, retrying: retrying, rehearsing: rehearsing,
        by: try office.origin(by: by, in: .ruling)
      ) { progress.show("reread", $0, of: $1) }
      if data.json {
        try Output.json(report)
        return
      }
      Output.line("analysis     \(report.analysis)")
      Output.line(
        "up to date   \(report.current), of which \(report.alike) by other files of a dictionary or of "
          + "poppler that read alike")
      Output.line("outdated     \(report.outdated)")
      Output.line(
        "unreadable   \(report.unreadable)"
          + few(report.tried, "were tried in vain by the same programs"))
      if !rehearsing {
        let lacking = few(report.scansLeftOut, "without their scanned pages")
        Output.line("read again   \(report.appended)\(lacking)")
        let reasons = report.inVain.sorted { $0.key < $1.key }
        let parts = reasons.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let count = reasons.reduce(0) { $0 + $1.value }
        Output.line("in vain      \(count)" + (parts.isEmpty ? "" : ": \(parts)"))
        for (reason, _) in reasons { scans.hint(after: reason) }
      }
      for failure in report.failed {
        complain(
          "Document \(failure.document) of applicant \(failure.applicant) cannot be read now "
            + "(\(failure.reason)); its old reading stays.")
        scans.hint(after: failure.reason)
      }
      for document in report.unopened {
        complain(
          "Document \(document.document) of applicant \(document.applicant) cannot be opened "
            + "(\(document.reason)) and was passed over. Look with 'senko verify', put it back from a backup with "
            + "'senko repair', and read again.")
      }
    }
  }

  private func few(_ count: Int, _ what: String) -> String {
    count == 0 ? "" : ", of which \(count) \(what)"
  }
}
