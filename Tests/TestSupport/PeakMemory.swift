import Foundation

/// By how many bytes the most memory that this process holds grows while `body` runs.
///
/// What it held at most before is forgotten (proc_pid_clear_refs(5)).
public func growth(while body: () async throws -> Void) async throws -> Int {
  try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
  let before = try peakMemory()
  try await body()
  return try peakMemory() - before
}

/// The most memory that this process has held, in bytes.
private func peakMemory() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  guard let size = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
    throw CocoaError(.fileReadCorruptFile)
  }
  return size << 10
}
