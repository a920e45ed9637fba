import Foundation

/// Holds every process that begins to check the store in a data folder, until this one ends or lets the store go.
///
/// LMDB has whoever opens its file wait for a lock of its own as long as somebody else begins to (`fcntl`, the first
/// byte of `lock.mdb`). The descriptor stays open: the lock goes with it.
public func holdVerification(of directory: String) throws {
  let descriptor = unsafe open(directory + "/log/lock.mdb", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
  var lock = flock(
    l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 1, l_pid: 0)
  guard descriptor >= 0, unsafe fcntl(descriptor, F_SETLK, &lock) == 0 else {
    throw HeldError(errno: errno)
  }
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
