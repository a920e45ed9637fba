import Glibc

/// The main loop of `senko-worker recognise`: one picture of a page after another, from standard input to
/// standard output, in a sandbox that opens no file at all.
///
/// It never sees a document: another worker has drawn the page, so that what comes here is nothing but
/// pixels.
public enum Recogniser {
  /// The version of what is done with a page around tesseract, part of what is recorded.
  static let version = "1"

  /// Serves until standard input ends.
  public static func run() -> Never {
    signal(SIGPIPE, SIG_IGN)
    WorkerLoop.closeInherited()
    guard let greeting = Frame.read(from: 0, atMost: 8 << 20) else { exit(0) }
    var reader = ByteReader(greeting)
    guard let limits = try? Limits(reading: &reader), let known = try? reader.details() else {
      WorkerLoop.fail(WorkerLoop.otherVersion)
    }
    guard let tesseract = Tesseract() else {
      WorkerLoop.fail(
        "Scans cannot be recognised: tesseract or its Japanese data are missing. Install "
          + "tesseract-ocr and tesseract-ocr-jpn, or leave --ocr out.")
    }
    var digests = DigestCache(known: known)
    let details = [
      "recogniser": version, "tesseract": tesseract.version,
      "tesseract/jpn.traineddata": digests.digest(ofFile: tesseract.data),
    ]
    let sandboxed = Sandbox.enter(limits, opensFiles: false)
    WorkerLoop.greet(sandboxed, details, digests)
    WorkerLoop.serve(limits, documentBytes: limits.picturePixels + 64) { _, document in
      guard let picture = try? PagePicture(decoding: document) else { return [] }
      return RecognisedPage.encode(
        words(in: picture, by: tesseract), resolution: picture.resolution)
    }
  }

  /// The words of a picture, which may have been scanned lying on a side or upside down.
  private static func words(
    in picture: PagePicture, by tesseract: Tesseract
  ) -> [Tesseract.Word] {
    var best = tesseract.words(in: picture)
    var picture = picture
    for _ in 0..<3 where !best.isEmpty && confidence(of: best) < RecognisedPage.lowestConfidence {
      picture = picture.turned
      let words = tesseract.words(in: picture)
      if confidence(of: words) > confidence(of: best) { best = words }
    }
    return best
  }

  /// How sure the recogniser is of a character, in thousandths.
  private static func confidence(of words: [Tesseract.Word]) -> Int {
    RecognisedPage.confidence(of: words.map { ($0.text.unicodeScalars.count, $0.confidence) })
  }
}
