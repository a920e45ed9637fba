import Glibc

/// A part of a file that is mapped into this process, as proc(5) tells.
struct MappedFile {
  let addresses: Range<UInt>
  let isCode: Bool
  let path: Substring

  /// All of them.
  static var all: [MappedFile] { lines(of: "/proc/self/maps").compactMap { MappedFile($0) } }

  private init?(_ line: Substring) {
    let fields = line.split(separator: " ", maxSplits: 5)
    guard fields.count == 6 else { return nil }
    let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    guard ends.count == 2, ends[0] <= ends[1] else { return nil }
    addresses = ends[0]..<ends[1]
    isCode = fields[1].contains("x")
    path = fields[5].drop(while: { $0 == " " })
  }

  private static func lines(of path: String) -> [Substring] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }
}
