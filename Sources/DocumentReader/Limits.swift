/// What one document may cost.
///
/// Everything beyond is refused or cut off, and said so.
public struct Limits: Sendable, Hashable {
  /// The largest document, in bytes.
  public var documentBytes = 20 << 20
  /// How many pages are read.
  public var pages = 50
  /// How many characters are read from all pages together, their fields and remarks included; neither text of a reading
  /// has more.
  public var characters = 150_000
  /// The longest answer that is taken from a worker, in bytes.
  public var answerBytes = 32 << 20
  /// Processor time for one document, in milliseconds.
  public var processorMilliseconds = 5_000
  /// Time on the wall for one document, in milliseconds.
  public var wallMilliseconds = 10_000
  /// Memory that a worker may take for documents, in bytes of address space.
  public var memoryBytes = 768 << 20
  /// How many scanned pages of a document are recognised, when that is asked for.
  public var scannedPages = 10
  /// The largest picture of a scanned page, in pixels; a larger page is drawn at fewer pixels an inch.
  public var picturePixels = 16 << 20
  /// Processor time for recognising one page, in milliseconds.
  public var recognitionProcessorMilliseconds = 20_000
  /// Time on the wall for recognising one page, in milliseconds.
  public var recognitionWallMilliseconds = 40_000
  /// How many documents a worker reads before another takes its place.
  public var documentsPerWorker = 200

  /// Limits that no honest résumé meets.
  public init() {}
}

extension Limits {
  /// Appends the limits that the worker itself keeps.
  func write(to writer: inout ByteWriter) {
    for value in [
      documentBytes, pages, characters, answerBytes, processorMilliseconds, memoryBytes,
      scannedPages, picturePixels, documentsPerWorker,
    ] {
      writer.write(value)
    }
  }

  /// Reads what `write` wrote.
  init(reading reader: inout ByteReader) throws(CodingError) {
    documentBytes = try reader.integer()
    pages = try reader.integer()
    characters = try reader.integer()
    answerBytes = try reader.integer()
    processorMilliseconds = try reader.integer()
    memoryBytes = try reader.integer()
    scannedPages = try reader.integer()
    picturePixels = try reader.integer()
    documentsPerWorker = try reader.integer()
  }

  /// What recognising may cost: a picture takes the place of a document.
  var ofRecogniser: Limits {
    var limits = self
    limits.documentBytes = picturePixels
    limits.processorMilliseconds = recognitionProcessorMilliseconds
    limits.wallMilliseconds = recognitionWallMilliseconds
    limits.documentsPerWorker = scannedPages
    return limits
  }
}
