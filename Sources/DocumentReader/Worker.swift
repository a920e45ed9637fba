import Glibc

/// The main loop of `senko-worker read`: one document after another, from standard input to standard
/// output, in a sandbox.
public enum Worker {
  /// Serves until standard input ends.
  ///
  /// The first message names the limits and the digests that the parent knows from an earlier worker. The
  /// answer is the fingerprint, or the sentence that says why nothing can be read on this machine.
  public static func run() -> Never {
    signal(SIGPIPE, SIG_IGN)
    // Whatever the parent had open is no business of a document.
    for descriptor in Int32(3)..<1024 { close(descriptor) }
    guard let greeting = Frame.read(from: 0, atMost: 8 << 20) else { exit(0) }
    var reader = ByteReader(greeting)
    guard let limits = try? Limits(reading: &reader), let known = try? reader.details(),
      let own = try? OwnTechnologies(reading: &reader)
    else {
      fail("senko-worker was started by another version of senko. Install both together.")
    }
    var digests = DigestCache(known: known)
    guard let reading = DocumentAnalysis(limits: limits, technologies: own, digests: &digests)
    else {
      fail(
        "MeCab's dictionary is not at \(Analyser.dictionary). Install mecab-ipadic-utf8.")
    }
    let sandboxed = Sandbox.enter(limits)
    guard reading.readsUnembeddedFonts() else {
      fail(
        "Japanese text of fonts that are not embedded would vanish: poppler's encoding data is "
          + "missing. Install poppler-data.")
    }
    var hello = ByteWriter()
    hello.write(UInt64(1))
    hello.write(sandboxed ? 1 : 0)
    hello.write(reading.fingerprint.details)
    hello.write(digests.known)
    guard Frame.write(hello.bytes, to: 1) else { exit(0) }
    serve(limits, reading)
  }

  private static func serve(_ limits: Limits, _ reading: DocumentAnalysis) -> Never {
    for _ in 0..<limits.documentsPerWorker {
      guard let request = Frame.read(from: 0, atMost: limits.documentBytes + 64) else { exit(0) }
      Sandbox.allowProcessorTime(milliseconds: limits.processorMilliseconds)
      let before = Usage.ofThisProcess
      var answer = reading.answer(to: request)
      if answer.count > limits.answerBytes {
        answer = ReadingOutcome.unreadable(reason: "too-large", reading.fingerprint).encoded
      }
      Sandbox.allowProcessorTime(milliseconds: 0)
      var usage = Usage.ofThisProcess
      usage.processorMicroseconds -= before.processorMicroseconds
      var message = ByteWriter()
      usage.write(to: &message)
      message.write(answer)
      guard Frame.write(message.bytes, to: 1) else { exit(0) }
    }
    exit(0)
  }

  /// Tells the parent why, and ends.
  private static func fail(_ sentence: String) -> Never {
    var hello = ByteWriter()
    hello.write(UInt64(0))
    hello.write(sentence)
    _ = Frame.write(hello.bytes, to: 1)
    exit(1)
  }
}
