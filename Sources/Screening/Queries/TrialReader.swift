import DocumentReader

/// Reads single files without any store, to see what would be read from them.
public struct TrialReader: Sendable {
  private let pool: ReaderPool
  private let lexicon: ExclusionLexicon
  private let own: [String]

  /// Prepares a worker.
  ///
  /// - Parameters:
  ///   - worker: the path of the program `senko-worker`.
  ///   - lexicon: statements as `senko lexicon show` writes them; `nil` for those built in.
  ///   - technologies: names one a line; `nil` for those built in alone.
  ///   - own: what only the applicant has, such as the name.
  ///   - recognisesScans: whether tesseract recognises the characters of pages that are pictures.
  /// - Throws: `.invalid`, naming the line that cannot be read.
  public init(
    worker: String, lexicon: String? = nil, technologies: String? = nil, own: [String] = [],
    recognisesScans: Bool = false
  ) throws(ScreeningError) {
    self.lexicon =
      try lexicon.map { (text) throws(ScreeningError) in try ExclusionLexicon(given: text) }
      ?? .standard
    pool = ReaderPool(
      worker: worker, workers: 1, technologies: try OwnTechnologies(invalid: technologies),
      recognisesScans: recognisesScans)
    self.own = own
  }

  /// Ends the worker.
  public func shutdown() { pool.shutdown() }

  /// Reads a file.
  ///
  /// - Parameter password: what opens a PDF that is encrypted; empty for none.
  /// - Throws: `.unavailable` when the worker cannot be run; a bad file is an answer, not an error.
  public func read(
    _ file: DocumentFile, password: String = ""
  ) async throws(ScreeningError) -> ReadReport {
    do {
      let (outcome, usage) = try await pool.measure(
        file.bytes, password: password, isNamedPDF: file.form == .pdf)
      return ReadReport(outcome, of: file.name, usage: usage, lexicon: lexicon, own: own)
    } catch {
      throw .unavailable("\(error)")
    }
  }

  /// The boxes of a file's pages in reading order; none for a plain text, or one that cannot be read.
  ///
  /// - Parameter password: as of `read`.
  /// - Throws: `.unavailable` when the worker cannot be run.
  public func explain(
    _ file: DocumentFile, password: String = ""
  ) async throws(ScreeningError) -> [PageReport] {
    do {
      return try await pool.explain(file.bytes, password: password).map(PageReport.init)
    } catch {
      throw .unavailable("\(error)")
    }
  }
}

extension OwnTechnologies {
  /// Reads a text, if there is one.
  init(invalid text: String?) throws(ScreeningError) {
    guard let text else {
      self.init()
      return
    }
    do { self = try OwnTechnologies(parsing: text) } catch { throw .invalid("\(error)") }
  }
}

/// A page's boxes in reading order.
public struct PageReport: Sendable, Encodable {
  /// A run of characters with its place, in points from the top left corner.
  public struct Box: Sendable, Encodable {
    /// `line`, `wrapped`, `cell`, `ruby`, `field` or `annotation`.
    public let kind: String
    /// The left edge.
    public let left: Int
    /// The upper edge.
    public let top: Int
    /// How wide it is.
    public let width: Int
    /// How high it is.
    public let height: Int
    /// What stands in it, before it is normalised.
    public let text: String
  }

  /// The page's number, from 1.
  public let page: Int
  /// How its lines run: `horizontal`, `vertical`, `upside-down`, `upward` or `downward`.
  public let orientation: String
  /// What was noticed of it.
  public let flags: [String]
  /// The boxes in reading order.
  public let boxes: [Box]

  init(_ explanation: PageExplanation) {
    page = explanation.page
    orientation = explanation.orientation
    flags = explanation.flags
    boxes = explanation.boxes.map {
      Box(
        kind: $0.kind.rawValue, left: $0.left, top: $0.top, width: $0.width, height: $0.height,
        text: $0.text)
    }
  }
}
