import DocumentReader
import FoundationEssentials
import Glibc

extension DocumentFile {
  /// Reads a document from disk.
  ///
  /// Only a plain file is opened: a pipe would wait for a writer, and a device may have no end.
  ///
  /// - Parameters:
  ///   - name: what an error calls it; the path only where the error goes to whoever typed it.
  ///   - folder: where no document lies: the data folder, whose keys a list from elsewhere may name.
  /// - Throws: `.invalid` when there is no such file, it lies in `folder`, or it is too large to be a résumé.
  public init(
    reading path: String, called name: String, outside folder: String? = nil
  ) throws(ScreeningError) {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    if let folder {
      let forbidden = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path + "/"
      guard !target.hasPrefix(forbidden) else {
        throw .invalid(
          "\(name) lies in the data folder, where no applicant's file is. Correct its path.")
      }
    }
    guard let size = Self.size(of: target) else {
      throw .invalid("\(name) cannot be read. Check that it is a file and is there.")
    }
    let most = Limits().documentBytes
    guard size <= most else {
      throw .invalid(
        "\(name) is larger than \(most >> 20) MiB. Send a smaller one.")
    }
    guard let bytes = Self.bytes(of: target, atMost: size) else {
      throw .invalid("\(name) cannot be read. Check its permissions.")
    }
    self.init(bytes: bytes, name: path)
  }

  /// The beginning of a file, in the only memory that it takes; `nil` where it cannot be read.
  private static func bytes(of path: String, atMost count: Int) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var isWhole = true
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        let got = unsafe read(descriptor, rest.baseAddress, rest.count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { isWhole = false }
        guard got > 0 else { return }
        filled += got
      }
    }
    return isWhole ? bytes : nil
  }

  /// How large a plain file is, in bytes; `nil` where there is none.
  static func size(of path: String) -> Int? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }
}
