import Foundation

/// Puts a named pipe, which nobody writes to, in the place of a sealed document of a data folder: a check of the
/// store waits there for ever.
public func holdVerification(of directory: String) throws {
  let documents = directory + "/documents"
  for name in try FileManager.default.subpathsOfDirectory(atPath: documents).sorted() {
    let path = documents + "/" + name
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      !isFolder.boolValue
    else { continue }
    try FileManager.default.removeItem(atPath: path)
    guard unsafe mkfifo(path, 0o600) == 0 else { throw HeldError(errno: errno) }
    return
  }
  throw HeldError(errno: ENOENT)
}

private struct HeldError: Error {
  let errno: Int32
}

/// The processes that check the store in a folder.
public func verifiers(of directory: String) -> [Int32] {
  let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return processes.compactMap { Int32($0) }.filter { pid in
    let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/cmdline"))) ?? Data()
    let arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return arguments.count == 3 && arguments[1] == "verify" && arguments[2] == directory
  }
}

/// Waits until the store in a folder is checked by a process, or by none; at most a minute.
public func waits(untilVerified isVerified: Bool, _ directory: String) async throws -> Bool {
  for _ in 0..<1_200 {
    if verifiers(of: directory).isEmpty != isVerified { return true }
    try await Task.sleep(for: .milliseconds(50))
  }
  return false
}
