import Foundation
import Glibc

extension Output {
  /// Writes a file that only its owner can read from its beginning on, since it may hold personal data.
  ///
  /// It takes the place of another once it is whole. A pipe, a terminal or a device is written to, as is standard output
  /// under whatever name: none of them is replaced.
  static func write(_ bytes: Data, to path: String) throws {
    var (there, output) = (stat(), stat())
    let isThere = unsafe stat(path, &there) == 0
    if isThere, unsafe fstat(STDOUT_FILENO, &output) == 0, there.st_dev == output.st_dev,
      there.st_ino == output.st_ino
    {
      return write(bytes)
    }
    do {
      if isThere, there.st_mode & S_IFMT != S_IFREG {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.write(contentsOf: bytes)
        try file.close()
      } else {
        try replace(URL(fileURLWithPath: path).resolvingSymlinksInPath().path, with: bytes)
      }
    } catch {
      let reason = error.localizedDescription
      throw Refusal(
        "The file '\(path)' cannot be written: \(reason)\(reason.hasSuffix(".") ? "" : ".") "
          + "Check the folder, or give another path.")
    }
  }

  private static func replace(_ path: String, with bytes: Data) throws {
    var temporary = Array("\(path).XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&temporary)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    do {
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try file.write(contentsOf: bytes)
      try file.synchronize()
      guard unsafe rename(temporary, path) == 0 else {
        throw POSIXError(.init(rawValue: errno) ?? .EIO)
      }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }
}
