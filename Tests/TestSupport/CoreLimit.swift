public import Foundation

/// Whether a process that was just started forbids itself core dumps, and others its memory, before it does
/// anything else.
public func leavesNoCore(_ process: Process) async throws -> Bool {
  let folder = "/proc/\(process.processIdentifier)"
  for _ in 0..<1000 {
    // Soft and hard limit.
    let limits = try String(contentsOfFile: folder + "/limits", encoding: .utf8)
    let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
    if core?.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"] {
      // What may not be dumped belongs to root, whoever runs it; of a process of root's own that says nothing.
      var status = stat()
      return unsafe stat(folder + "/environ", &status) == 0 && status.st_uid == 0
    }
    try await Task.sleep(for: .milliseconds(10))
  }
  return false
}
