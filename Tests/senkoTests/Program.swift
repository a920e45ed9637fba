import Foundation
import TestSupport

/// The built program, run as a user runs it.
struct Program {
  /// What a run gave.
  struct Result: Equatable {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The data folder that the environment names, if it does.
  var data: String?
  /// What is run.
  var executable = product("senko")

  /// Runs `senko` with these arguments.
  func callAsFunction(_ arguments: String..., input: String = "") throws -> Result {
    try run(arguments, input: input)
  }

  /// As above.
  ///
  /// - Parameter during: is called while the program runs, with what it has written to standard error so far.
  func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    during: (_ errors: () throws -> String) throws -> Void = { _ in }
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    var settings = ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "SENKO_CONFIG": ""]
    settings["SENKO_DATA"] = data
    process.environment = settings.merging(environment) { $1 }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("senko-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files rather than pipes: neither side can wait for the other.
    let files = try ["in", "out", "err"].map { name in
      let url = folder.appendingPathComponent(name)
      try Data((name == "in" ? input : "").utf8).write(to: url)
      return url
    }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    try during { try String(contentsOf: files[2], encoding: .utf8) }
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: try String(contentsOf: files[1], encoding: .utf8),
      errors: try String(contentsOf: files[2], encoding: .utf8))
  }
}
