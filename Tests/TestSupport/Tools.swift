import Foundation

/// Runs a Python program of the folder `tools`, which shares no code with what is tested.
public func runTool(
  _ name: String, _ arguments: [String]
) throws -> (status: Int32, answer: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
  let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("tools/" + name).path
  process.arguments = [script] + arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

/// Whether a test that needs a program can run.
///
/// With `SENKO_STRICT` it must: a program that is not there fails it.
public func canRun(_ program: String) -> Bool {
  ProcessInfo.processInfo.environment["SENKO_STRICT"] != nil
    || FileManager.default.isExecutableFile(atPath: program)
}

/// Whether this machine lets a process mount a file system that nobody else sees; with `SENKO_STRICT` it must.
public let canMount: Bool = {
  if ProcessInfo.processInfo.environment["SENKO_STRICT"] != nil { return true }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
  process.arguments = ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()
