import ArgumentParser
import Foundation
import Screening

struct ReadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Show what would be read from a file: text, nouns, flags; no store is needed.",
    discussion: """
      Examples:
        senko read resume.pdf
        senko read resume.pdf --explain
        senko read scan.pdf --ocr
        senko read locked.pdf --password-file /dev/stdin
        senko read resume.pdf --json --own 山田花子 | jq .tokens
      """)
  @Argument(help: "A PDF or UTF-8 text file.") var file: String
  @Flag(help: "Show the boxes of each page in reading order instead: kind, place in points, text.")
  var explain = false
  @Option(
    help: "An exclusion lexicon, as 'senko lexicon show' writes it. Default: the built-in one.")
  var lexicon: String?
  @Option(
    name: .customLong("technology"),
    help:
      "Names of technologies that stay whole, one a line, as in a store's technology-lexicon.tsv.")
  var technologies: String?
  @Option(help: "What only the applicant has, such as the name; excluded. May be repeated.")
  var own: [String] = []
  @Option(
    help:
      "A file whose first line is the password of an encrypted PDF, in which hidden text is not looked for."
  )
  var passwordFile: String?
  @OptionGroup var scans: ScanOptions
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    let document = try DocumentFile(reading: file, called: "The document '\(file)'")
    let password = try passwordFile.map(readText)?.prefix { !$0.isNewline } ?? ""
    let reader = try TrialReader(
      worker: try workerPath(), lexicon: try lexicon.map(readText),
      technologies: try technologies.map(readText), own: own,
      recognisesScans: scans.recognises)
    defer { reader.shutdown() }
    if explain {
      let pages = try await reader.explain(document, password: String(password))
      try show(pages)
      if pages.isEmpty {
        sayWhyNothingIsShown(try await reader.read(document, password: String(password)))
      }
    } else {
      let report = try await reader.read(document, password: String(password))
      try show(report)
      advise(after: report.reason)
    }
  }

  /// Says what could be done about a file that cannot be read.
  private func advise(after reason: String?) {
    guard reason == "encrypted" else { return scans.hint(after: reason) }
    if passwordFile == nil {
      complain("It is encrypted. If you know its password, name a file with it by --password-file.")
    } else {
      complain("The password does not open it. Look at the first line of the file that has it.")
    }
  }

  /// Says why there is no box to show.
  private func sayWhyNothingIsShown(_ report: ReadReport) {
    guard let reason = report.reason else {
      return complain("A plain text has no pages. Leave --explain out to see what is read of it.")
    }
    complain("No page of it can be shown, for it cannot be read: \(reason).")
    advise(after: reason)
  }

  private func show(_ report: ReadReport) throws {
    if json {
      try printJSON(report)
      return
    }
    Output.line("\(report.status)\(report.reason.map { ": \($0)" } ?? "")")
    if let text = report.text { Output.line(text) }
    Output.line(report.nouns.map { "\($0.term) \($0.count)" }.joined(separator: ", "))
    let excluded = report.tokens.compactMap { word in word.excluded.map { (word.term, $0) } }
    if !excluded.isEmpty {
      Output.line("excluded: " + excluded.map { "\($0) (\($1))" }.joined(separator: ", "))
    }
    if !report.flags.isEmpty { Output.line("flags: " + report.flags.joined(separator: " ")) }
    if !report.quality.isEmpty {
      let numbers = report.quality.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      Output.line("quality: " + numbers.joined(separator: ", "))
    }
    if let fingerprint = report.fingerprint { Output.line("fingerprint: \(fingerprint)") }
    if let recogniser = report.recogniser {
      let parts = recogniser.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      Output.line("recognised by: " + parts.joined(separator: ", "))
    }
    Output.line(
      "took \(report.wallMicroseconds / 1000) ms, \(report.processorMicroseconds / 1000) ms of processor, "
        + "\(report.peakMemoryBytes >> 20) MiB at most")
  }

  /// Prints the words some at a time: an encoder takes a kilobyte for each until it has seen the last.
  private func printJSON(_ report: ReadReport) throws {
    var rest = report
    rest.tokens = []
    let text = try Output.encoded(rest)
    guard let list = text.range(of: Data(#""tokens":["#.utf8)) else { return Output.write(text) }
    Output.write(text[..<list.upperBound])
    for start in stride(from: 0, to: report.tokens.count, by: Self.wordsAtATime) {
      let end = min(report.tokens.count, start + Self.wordsAtATime)
      let words = try Output.encoded(Array(report.tokens[start..<end])).dropFirst()
      Output.write((start > 0 ? Data(",".utf8) : Data()) + words.dropLast("]\n".utf8.count))
    }
    Output.write(text[list.upperBound...])
  }

  private static let wordsAtATime = 2_000

  private func show(_ pages: [PageReport]) throws {
    for page in pages {
      if json {
        try Output.json(page)
        continue
      }
      let flags = page.flags.isEmpty ? "" : ", " + page.flags.joined(separator: " ")
      Output.line("page \(page.page): \(page.orientation)\(flags)")
      Output.table(
        ["kind", "left", "top", "width", "height", "text"],
        page.boxes.map {
          [$0.kind, "\($0.left)", "\($0.top)", "\($0.width)", "\($0.height)", $0.text]
        })
    }
  }
}
