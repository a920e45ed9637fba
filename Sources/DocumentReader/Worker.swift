import Glibc

/// The program `senko-worker read`: reads one document after another in its sandbox.
///
/// A document comes in on standard input, its length in four bytes ahead of it, the greatest first; the
/// outcome goes out on standard output alike. The worker ends when its input does.
public enum Worker {
  /// The most bytes a document may have.
  public static let mostInput = 20 << 20
  /// The most bytes an outcome may have.
  static let mostOutput = 64 << 20

  /// Runs until the input ends.
  public static func run() -> Never {
    signal(SIGPIPE, SIG_IGN)
    guard let analysis = DocumentAnalysis() else {
      _ = send(
        ReadingOutcome.unreadable(reason: "no-dictionary", nil).encoded)
      exit(1)
    }
    if !Sandbox.enter() {
      complain("senko-worker: the kernel refuses the system-call filter; other limits hold.\n")
    }
    while let header = receive(4) {
      let count = header.reduce(0) { $0 << 8 | Int($1) }
      guard count <= mostInput, let document = receive(count) else { exit(1) }
      Sandbox.allowNextDocument()
      guard send(analysis.read(document).encoded) else { exit(1) }
    }
    exit(0)
  }

  private static func receive(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(0, buffer.baseAddress.map { unsafe $0 + done }, count - done)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return nil }
      done += got
    }
    return bytes
  }

  private static func send(_ bytes: [UInt8]) -> Bool {
    let count = UInt32(bytes.count)
    let frame = (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * UInt32($0))) } + bytes
    var done = 0
    while done < frame.count {
      let sent = unsafe frame.withUnsafeBytes { buffer in
        unsafe write(1, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
      }
      if sent < 0, errno == EINTR { continue }
      guard sent > 0 else { return false }
      done += sent
    }
    return true
  }

  private static func complain(_ text: String) {
    _ = unsafe Array(text.utf8).withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
  }
}
