import Glibc

/// Tesseract with its Japanese data, loaded when it is first asked for: only who reads scans has to install it.
@safe final class Tesseract {
  /// Characters that were recognised together, with their box in pixels: the neural network says little of where
  /// each of them stands.
  struct Word {
    var text: String
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
    /// How sure it is, from 0 to 100.
    var confidence: Int
    var beginsLine: Bool
  }

  /// Numbers of `tesseract/publictypes.h`.
  private enum Code {
    static let neuralOnly: Int32 = 1
    static let wholePage: Int32 = 3
    static let line: Int32 = 2
    static let word: Int32 = 3
  }

  /// Its version.
  let version: String
  /// Where the Japanese data are.
  let data: String
  private let calls: TesseractCalls
  private let engine: OpaquePointer

  /// Loads the library and the Japanese data; `nil` when either is not there.
  init?(library: String = "libtesseract.so.5") {
    guard let library = unsafe dlopen(library, RTLD_NOW),
      let calls = unsafe TesseractCalls(library), let engine = unsafe calls.create()
    else { return nil }
    guard unsafe calls.initialise(engine, nil, "jpn", Code.neuralOnly) == 0,
      let version = unsafe calls.version(), let folder = unsafe calls.dataPath(engine)
    else {
      unsafe calls.delete(engine)
      return nil
    }
    unsafe calls.setPageMode(engine, Code.wholePage)
    self.version = unsafe String(cString: version)
    data = unsafe String(cString: folder) + "/jpn.traineddata"
    unsafe self.calls = calls
    unsafe self.engine = engine
  }

  deinit { unsafe calls.delete(engine) }

  /// The words of a picture, line by line.
  func words(in picture: PagePicture) -> [Word] {
    let (width, height) = (Int32(picture.width), Int32(picture.height))
    unsafe picture.pixels.withUnsafeBufferPointer { pixels in
      unsafe calls.setImage(engine, pixels.baseAddress, width, height, 1, width)
    }
    defer { unsafe calls.clear(engine) }
    unsafe calls.setResolution(engine, Int32(picture.resolution))
    guard unsafe calls.recognise(engine, nil) == 0 else { return [] }
    guard let iterator = unsafe calls.iterator(engine) else { return [] }
    defer { unsafe calls.deleteIterator(iterator) }
    var words: [Word] = []
    repeat {
      if let word = unsafe word(at: iterator) { words.append(word) }
    } while unsafe words.count < RecognisedPage.mostWords
      && calls.next(iterator, Code.word) != 0
    return words
  }

  @unsafe private func word(at iterator: OpaquePointer) -> Word? {
    guard let text = unsafe calls.text(iterator, Code.word) else { return nil }
    defer { unsafe calls.deleteText(text) }
    let place = unsafe calls.place(iterator)
    var (left, top, right, bottom): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard unsafe calls.box(place, Code.word, &left, &top, &right, &bottom) != 0 else {
      return nil
    }
    let confidence = unsafe calls.confidence(iterator, Code.word)
    return unsafe Word(
      text: String(cString: text), left: Int(max(0, left)), top: Int(max(0, top)),
      right: Int(max(0, right)), bottom: Int(max(0, bottom)),
      confidence: confidence.isFinite ? Int(max(0, min(100, confidence))) : 0,
      beginsLine: calls.beginsAt(place, Code.line) != 0)
  }
}
