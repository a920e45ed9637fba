import Glibc

/// The main loop of `senko-worker read`: one document after another, from standard input to standard
/// output, in a sandbox.
public enum Worker {
  /// Serves until standard input ends.
  ///
  /// The first message names the limits, whether pages are drawn, and the digests that the parent knows from an
  /// earlier worker. The answer is the fingerprint, or the sentence that says why nothing can be read on this machine.
  public static func run() -> Never {
    signal(SIGPIPE, SIG_IGN)
    LibraryMessages.drop()
    WorkerLoop.closeInherited()
    guard let greeting = Frame.read(from: 0, atMost: 8 << 20) else { exit(0) }
    var reader = ByteReader(greeting)
    guard let limits = try? Limits(reading: &reader), let draws = try? reader.number(),
      let known = try? reader.details(), let own = try? OwnTechnologies(reading: &reader)
    else {
      WorkerLoop.fail(WorkerLoop.otherVersion)
    }
    var digests = DigestCache(known: known)
    guard let reading = DocumentAnalysis(limits: limits, technologies: own, digests: &digests)
    else {
      WorkerLoop.fail(
        "MeCab's dictionary is not at \(Analyser.dictionary). Install mecab-ipadic-utf8.")
    }
    if draws == 1 { MachineFonts.list() }
    let sandboxed = Sandbox.enter(limits)
    guard reading.readsUnembeddedFonts() else {
      WorkerLoop.fail(
        "Japanese text of fonts that are not embedded would vanish: poppler's encoding data is missing, or lies outside "
          + "of the folders that a worker may read. Install poppler-data.")
    }
    WorkerLoop.greet(sandboxed, reading.fingerprint.details, digests)
    let tooLarge = ReadingOutcome.unreadable(reason: "too-large", reading.fingerprint).encoded
    WorkerLoop.serve(limits, documentBytes: limits.documentBytes) { request, document in
      let answer = reading.answer(to: request, about: document)
      return answer.count > limits.answerBytes ? tooLarge : answer
    }
  }
}
