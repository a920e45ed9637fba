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

/// Writes a program that can be started at once.
///
/// Another process writes it: one that this process starts meanwhile may hold open what this one writes, and the
/// kernel starts no file that somebody might be writing.
public func writeProgram(_ text: String, to path: String) throws {
  let draft = path + ".txt"
  try text.write(toFile: draft, atomically: true, encoding: .utf8)
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/install")
  process.arguments = ["--mode=700", draft, path]
  try process.run()
  process.waitUntilExit()
}

/// Whether every test must run: what it needs and this machine lacks fails it, rather than leaving it out.
public let isStrict = ProcessInfo.processInfo.environment["SENKO_STRICT"] != nil

/// Whether a test that needs a program can run; with `SENKO_STRICT` it must.
public func canRun(_ program: String) -> Bool {
  isStrict || FileManager.default.isExecutableFile(atPath: program)
}

/// Whether this machine lets a process mount a file system that nobody else sees; with `SENKO_STRICT` it must.
public let canMount: Bool = {
  if isStrict { return true }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
  process.arguments = ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()
