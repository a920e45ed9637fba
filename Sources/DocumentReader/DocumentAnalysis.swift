/// Everything that reading needs, loaded once; reads one document after another.
final class DocumentAnalysis {
  let fingerprint: Fingerprint
  private let limits: Limits
  private let analyser: Analyser
  private let technologies: TechnologyLexicon
  private let sentinel: PDFDocument?

  /// Loads the dictionary and takes the fingerprint; `nil` when the dictionary is not there.
  init?(
    limits: Limits, technologies own: OwnTechnologies = OwnTechnologies(),
    digests: inout DigestCache
  ) {
    guard let analyser = Analyser() else { return nil }
    self.limits = limits
    self.analyser = analyser
    technologies = TechnologyLexicon(adding: own)
    sentinel = try? PDFDocument(Sentinel.bytes)
    fingerprint = Fingerprint(
      analyser: analyser, technologies: technologies, digests: &digests)
  }

  /// Whether poppler finds what it needs to read fonts that are not embedded.
  func readsUnembeddedFonts() -> Bool {
    sentinel?.page(0, atMost: 100)?.text.contains(Sentinel.text) ?? false
  }

  /// The answer to a request of the parent.
  func answer(to request: [UInt8]) -> [UInt8] {
    switch request.first.flatMap(Request.init(rawValue:)) {
    case .read: read(Array(request.dropFirst())).encoded
    case .explain: PageExplanation.encode(explain(Array(request.dropFirst())))
    case nil: ReadingOutcome.unreadable(reason: "not-a-document", fingerprint).encoded
    }
  }

  /// The boxes of a PDF in reading order.
  func explain(_ bytes: [UInt8]) -> [PageExplanation] {
    (try? DocumentContent(bytes, limits, explaining: true) { cost(of: $0) })?.explanations ?? []
  }

  /// Reads a document of either form.
  func read(_ bytes: [UInt8]) -> ReadingOutcome {
    do throws(Unreadable) {
      let content = try DocumentContent(bytes, limits) { cost(of: $0) }
      return .read(try reading(of: content))
    } catch {
      return .unreadable(reason: error.rawValue, fingerprint)
    }
  }

  /// What MeCab makes of a text, for each character: much for what is no language.
  private func cost(of text: String) -> Int {
    let visible = Mask.hide(in: Array(Normaliser.normalise(text, spread: true).utf8))
    var count = 0
    for byte in visible where byte > 0x20 && byte & 0xC0 != 0x80 { count += 1 }
    return count == 0 ? 0 : analyser.cost(of: visible) / count
  }

  private func reading(of content: DocumentContent) throws(Unreadable) -> Reading {
    let rawText = content.text
    let text = Normaliser.normalise(
      rawText, spread: content.flags.contains("searchable-scan"))
    let bytes = Array(text.utf8)
    let visible = Mask.hide(in: bytes)
    let names = technologies.matches(in: visible)
    let analysis = analyser.analyse(visible, keeping: names)
    let tokens = NounRules.tokens(from: analysis.words)
    var gate = QualityGate(content)
    try gate.judge(text: text, analysis: analysis, tokens: tokens)
    return Reading(
      rawText: rawText, text: text, tokens: tokens, flags: gate.flags, quality: gate.numbers,
      fingerprint: fingerprint)
  }
}

/// Why a document has no reading.
enum Unreadable: String, Error {
  case encrypted
  case damaged
  case empty
  case noText = "no-text"
  case notADocument = "not-a-document"
  case garbled
}
