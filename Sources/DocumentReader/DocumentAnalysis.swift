/// Everything that reading needs, loaded once; reads one document after another.
final class DocumentAnalysis {
  let fingerprint: Fingerprint
  private let limits: Limits
  private let analyser: Analyser
  private let language: Language
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
    language = Language(analyser: analyser, technologies: technologies)
    sentinel = try? PDFDocument(Sentinel.bytes)
    fingerprint = Fingerprint(language, digests: &digests)
  }

  /// Whether poppler finds what it needs to read fonts that are not embedded.
  func readsUnembeddedFonts() -> Bool {
    sentinel?.page(0, atMost: 100)?.text.contains(Sentinel.text) ?? false
  }

  /// The answer to a request of the parent about a document.
  func answer(to request: [UInt8], about document: [UInt8]) -> [UInt8] {
    do throws(CodingError) {
      let request = try Request(decoding: request)
      var recognised: [Int: RecognisedPage] = [:]
      for (page, answer) in request.recognised {
        recognised[Int(page)] = try RecognisedPage(decoding: answer)
      }
      switch request.kind {
      case .read:
        return encodedReading(document, password: request.password, recognised: recognised)
      case .explain:
        return PageExplanation.encode(
          explain(document, password: request.password, recognised: recognised))
      case .scans: return scans(in: document, password: request.password)
      case .picture:
        return picture(of: Int(request.page), in: document, password: request.password)
      }
    } catch {
      return ReadingOutcome.unreadable(reason: "not-a-document", fingerprint).encoded
    }
  }

  /// The boxes of a PDF in reading order.
  private func explain(
    _ bytes: [UInt8], password: String, recognised: [Int: RecognisedPage]
  ) -> [PageExplanation] {
    let content = try? DocumentContent(
      bytes, limits, password: password, explaining: true, recognised: recognised, language)
    return content?.explanations ?? []
  }

  /// Reads a document of either form.
  func read(_ bytes: [UInt8], recognised: [Int: RecognisedPage] = [:]) -> ReadingOutcome {
    do {
      return try ReadingOutcome(decoding: encodedReading(bytes, recognised: recognised))
    } catch {
      return .unreadable(reason: "crashed", fingerprint)
    }
  }

  /// Reads a document of either form; what comes of it as the worker sends it.
  private func encodedReading(
    _ bytes: [UInt8], password: String = "", recognised: [Int: RecognisedPage] = [:]
  ) -> [UInt8] {
    analyser.beginDocument()
    do throws(Unreadable) {
      let content = try DocumentContent(
        bytes, limits, password: password, recognised: recognised, language)
      return try encodedReading(of: content)
    } catch {
      return ReadingOutcome.unreadable(reason: error.rawValue, fingerprint).encoded
    }
  }

  /// The pages of a PDF that are pictures.
  private func scans(in bytes: [UInt8], password: String) -> [UInt8] {
    guard ReaderPool.isPDF(bytes),
      let document = try? PDFDocument(bytes, password: password)
    else { return [] }
    let pages = (0..<max(0, min(document.pageCount, limits.pages, 256))).compactMap { index in
      document.page(index, atMost: limits.characters).map { (index: index, page: $0) }
    }
    let alone = pages.allSatisfy { $0.page.glyphs.isEmpty }
    return pages.filter { $0.page.isScan(alone: alone) }.map { UInt8($0.index) }
  }

  /// The picture of a page; empty when it has none.
  private func picture(of page: Int, in bytes: [UInt8], password: String) -> [UInt8] {
    guard ReaderPool.isPDF(bytes),
      let document = try? PDFDocument(bytes, password: password)
    else { return [] }
    return document.picture(of: page, atMost: limits.picturePixels)?.encoded ?? []
  }

  /// Cuts a text after as many characters as are read, blanks counted.
  ///
  /// - Returns: whether there were more.
  private func cut(_ text: inout [UInt8]) -> Bool {
    guard text.count > limits.characters else { return false }
    let end = text.end(of: limits.characters)
    guard end < text.count else { return false }
    text.removeSubrange(end...)
    return true
  }

  private func encodedReading(of content: DocumentContent) throws(Unreadable) -> [UInt8] {
    var content = content
    var rawText = content.utf8
    let isCut = cut(&rawText)
    var text = Normaliser.bytes(
      of: rawText, spread: content.flags.contains("searchable-scan"))
    // NFKC makes eighteen characters of one: a text may grow beyond what was read.
    if cut(&text) || isCut { content.flags.insert("text-left-out") }
    let visible = Mask.hide(in: text)
    let names = technologies.matches(in: visible)
    let analysis = analyser.analyse(visible, keeping: names)
    let tokens = analyser.encodedTokens(of: analysis.words)
    var gate = QualityGate(content)
    try gate.judge(
      text, of: rawText, analysis, nouns: tokens.nouns, isUnknown: { analyser.isUnknown($0) })
    // Whatever else is said, the parent takes for the words of a document.
    assert(ReadingNames.flags.isSuperset(of: gate.flags))
    assert(ReadingNames.figures.isSuperset(of: gate.numbers.keys))
    return ReadingOutcome.encode(
      rawText, text, tokens: tokens.bytes, gate.flags, gate.numbers, fingerprint)
  }
}

/// Why a document has no reading.
enum Unreadable: String, Error, CaseIterable {
  case encrypted
  case damaged
  case empty
  case noText = "no-text"
  case poorlyRecognised = "poorly-recognised"
  case notADocument = "not-a-document"
}
