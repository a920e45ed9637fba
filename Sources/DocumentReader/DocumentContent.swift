/// The text of a document before it is normalised, and what was noticed on the way.
struct DocumentContent {
  /// The paragraphs of each page.
  var pages: [[Paragraph]] = []
  /// The boxes of each page, when they were asked for.
  var explanations: [PageExplanation] = []
  /// Numbers for the quality gate.
  var numbers: [String: Int] = [:]
  var flags: Set<String> = []
  /// For each page whose lines run downwards, whether it is shown turned by a quarter; without those in fonts that are
  /// turned themselves.
  private var downward: [Bool] = []
  private let explains: Bool
  /// What was recognised on pages that are pictures, as far as it can be trusted.
  private let recognised: [Int: RecognisedPage]
  /// Whether some of it cannot.
  private let isGuessed: Bool
  /// The pages that a recogniser has seen, whatever it made of them.
  private let seen: Set<Int>

  /// Its lines in UTF-8, pages apart by an empty line.
  var utf8: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(pages.joined().reduce(0) { $0 + $1.utf8.count + 2 })
    for (number, page) in pages.enumerated() {
      if number > 0 { text += [0x0A, 0x0A] }
      for (index, paragraph) in page.enumerated() {
        if index > 0 { text.append(0x0A) }
        text += paragraph.utf8
      }
    }
    return text
  }

  /// Whether it says nothing.
  private var isBlank: Bool {
    pages.joined().allSatisfy { $0.text.unicodeScalars.allSatisfy(\.isBlank) }
  }

  /// Takes a PDF or a plain text apart.
  ///
  /// - Parameters:
  ///   - password: what opens a PDF that is encrypted; empty for none.
  ///   - explaining: whether the boxes of each page are kept.
  ///   - recognised: what a recogniser made of pages that are pictures.
  init(
    _ bytes: [UInt8], _ limits: Limits, password: String = "", explaining: Bool = false,
    recognised: [Int: RecognisedPage] = [:], _ language: Language
  ) throws(Unreadable) {
    explains = explaining
    seen = Set(recognised.keys)
    self.recognised = recognised.filter {
      !$0.value.words.isEmpty && $0.value.confidence >= RecognisedPage.lowestConfidence
    }
    isGuessed = recognised.contains {
      !$0.value.words.isEmpty && $0.value.confidence < RecognisedPage.lowestConfidence
    }
    guard !bytes.isEmpty else { throw .empty }
    if ReaderPool.isPDF(bytes) {
      try read(pdf: bytes, password: password, limits, language)
    } else {
      try read(plain: bytes, limits)
    }
  }

  private mutating func read(
    pdf bytes: [UInt8], password: String, _ limits: Limits, _ language: Language
  ) throws(Unreadable) {
    let document = try PDFDocument(readable: bytes, password: password)
    let count = max(0, document.pageCount)
    if count > limits.pages { flags.insert("pages-left-out") }
    var (left, own, counts) = (limits.characters, 0, [Int]())
    var cover = 0.0
    var area = PageArea()
    for index in 0..<min(count, limits.pages) {
      guard var page = document.page(index, atMost: left) else {
        flags.insert("pages-left-out")
        continue
      }
      // What was left out for its length is no picture.
      if !seen.contains(index), !page.isCut, page.isScan(alone: false) {
        flags.insert("scans-left-out")
      }
      own += page.glyphs.count
      counts.append(page.characters)
      if let recognised = recognised[index] { page.take(recognised) }
      left -= page.characters
      if page.isCut { flags.insert("text-left-out") }
      cover = max(cover, page.imageCover)
      area.add(page.area)
      add(page, language)
    }
    numbers["pages"] = count
    let hidden = HiddenText(in: bytes, area: area)
    numbers["invisible", default: 0] += hidden.invisible
    numbers["offPage", default: 0] += hidden.offPage
    numbers["slantedPerMille"] = hidden.drawn > 0 ? hidden.slanted * 1000 / hidden.drawn : 0
    let white = numbers["white", default: 0]
    let ground = hidden.ground(ofWhite: white)
    numbers["white"] = (ground == .light ? white : 0) + hidden.white
    if white > 0, ground == .unknown { flags.insert("hidden-text-unchecked") }
    numbers["tiny", default: 0] += hidden.tiny
    // How most of a file is drawn tells of its pages only where all of them run one way.
    if !downward.isEmpty, downward.count == pages.count(where: { !$0.isEmpty }),
      downward.allSatisfy({ $0 != hidden.isTurned })
    {
      flags.remove("vertical")
      flags.insert("rotated")
      for page in explanations.indices { explanations[page].turn() }
    }
    // What nothing is known of that draws it may be drawn in any way.
    if hidden.isUnchecked || hidden.met * Self.mostForOne < own {
      flags.insert("hidden-text-unchecked")
    }
    if count <= limits.pages, hidden.drawMore(than: counts) { flags.insert("text-left-out") }
    numbers["imageCover"] = Int((cover * 1000).rounded())
    noteRecognition()
    if isBlank { throw isGuessed ? .poorlyRecognised : .noText }
  }

  /// How many characters a file may give for one that its operators seem to show.
  ///
  /// Half are seen at worst of codes of one byte in hexadecimal, as LibreOffice writes them; it gives up to 1.5
  /// (measured).
  private static let mostForOne = 2

  private mutating func add(_ page: PDFPage, _ language: Language) {
    var page = page
    page.setSlantedTextApart()
    let reading = PageReading(page, language)
    if explains {
      explanations.append(PageExplanation(page: pages.count + 1, reading, page.additions))
    }
    var paragraphs = page.withAdditions(reading)
    if !pages.isEmpty {
      BrokenWords.join(&pages[pages.count - 1], acrossTo: &paragraphs, language)
    }
    pages.append(paragraphs)
    flags.formUnion(reading.flags)
    if reading.flags.contains("vertical"), !page.hasTurnedFont { downward.append(page.isTurned) }
    numbers["characters", default: 0] += page.glyphs.count
    numbers["white", default: 0] += page.white
    numbers["tiny", default: 0] += page.tiny
    numbers["ruby", default: 0] += reading.layout.ruby
    numbers["additions", default: 0] += page.additions.count
    numbers["invisible", default: 0] += page.hiddenAdditions
    numbers["offPage", default: 0] += page.additionsBeside
  }

  /// Marks a document that is not only what its own text says.
  private mutating func noteRecognition() {
    if isGuessed { flags.insert("scans-left-out") }
    guard !recognised.isEmpty else { return }
    flags.insert("recognised")
    numbers["recognisedPages"] = recognised.count
    let words = recognised.values.flatMap(\.words).map {
      (characters: $0.scalars.count, confidence: $0.confidence)
    }
    numbers["recognisedCharacters"] = words.reduce(0) { $0 + $1.characters }
    numbers["confidencePerMille"] = RecognisedPage.confidence(of: words)
  }

  private mutating func read(plain bytes: [UInt8], _ limits: Limits) throws(Unreadable) {
    let text = try PlainText.text(of: bytes)
    let kept = text.unicodeScalars.prefix(limits.characters)
    if kept.count < text.unicodeScalars.count { flags.insert("text-left-out") }
    pages = [[Paragraph(text: String(kept))]]
    numbers["characters"] = kept.count
  }
}
