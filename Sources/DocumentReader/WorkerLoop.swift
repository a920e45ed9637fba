import Glibc

/// What every kind of worker does: it says hello, and answers one request after another.
enum WorkerLoop {
  static let otherVersion =
    "senko-worker was started by another version of senko. Install both together."

  /// Closes what the parent had open, however much it was: it is no business of a document.
  static func closeInherited() { closefrom(3) }

  /// Tells the parent what reads from now on, and in which sandbox.
  static func greet(_ sandboxed: Bool, _ details: [String: String], _ digests: DigestCache) {
    var hello = ByteWriter()
    hello.write(UInt64(1))
    hello.write(sandboxed ? 1 : 0)
    hello.write(details)
    hello.write(digests.known)
    guard Frame.write(hello.bytes, to: 1) else { exit(0) }
  }

  /// Tells the parent why nothing can be read on this machine, and ends.
  static func fail(_ sentence: String) -> Never {
    var hello = ByteWriter()
    hello.write(UInt64(0))
    hello.write(sentence)
    _ = Frame.write(hello.bytes, to: 1)
    exit(1)
  }

  /// Answers requests until standard input ends or this worker has had its share, each within its processor
  /// time.
  ///
  /// - Parameter documentBytes: how large what a request is about may be.
  static func serve(
    _ limits: Limits, documentBytes: Int,
    answer: (_ request: [UInt8], _ document: [UInt8]) -> [UInt8]
  ) -> Never {
    for _ in 0..<limits.documentsPerWorker {
      guard let request = Frame.read(from: 0, atMost: Request.largest),
        let document = Frame.read(from: 0, atMost: documentBytes)
      else { exit(0) }
      Sandbox.allowProcessorTime(milliseconds: limits.processorMilliseconds)
      let before = Usage.ofThisProcess
      let answer = answer(request, document)
      Sandbox.allowProcessorTime(milliseconds: 0)
      var usage = Usage.ofThisProcess
      usage.processorMicroseconds -= before.processorMicroseconds
      var message = ByteWriter()
      usage.write(to: &message)
      guard Frame.write(message.bytes, to: 1), Frame.write(answer, to: 1) else { exit(0) }
    }
    exit(0)
  }
}
