import Glibc

/// Length-prefixed messages on a stream: four bytes of length, lowest first, then the bytes.
enum Frame {
  /// What precedes `count` bytes.
  static func header(_ count: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
  }

  /// The length that a header names.
  static func length(_ header: [UInt8]) -> Int {
    header.enumerated().reduce(0) { $0 | Int($1.element) << ($1.offset * 8) }
  }

  /// Waits for a message on `descriptor`; `nil` at the end of the stream or beyond `limit`.
  static func read(from descriptor: Int32, atMost limit: Int) -> [UInt8]? {
    guard let header = readFully(descriptor, 4) else { return nil }
    let count = length(header)
    return count <= limit ? readFully(descriptor, count) : nil
  }

  /// Writes a message to `descriptor`, waiting as long as it takes.
  static func write(_ message: [UInt8], to descriptor: Int32) -> Bool {
    for part in [header(message.count), message] {
      var rest = part[...]
      while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes {
          unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
    }
    return true
  }

  private static func readFully(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(
          descriptor, buffer.baseAddress.map { unsafe $0 + filled }, count - filled)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return nil }
      filled += got
    }
    return bytes
  }
}
