import Dispatch
import Foundation

/// This program run once more, for what may be ended by a signal where a file is torn.
enum OwnProgram {
  /// How it ended.
  struct Result: Sendable {
    /// What it wrote to standard output; its standard error is this process's.
    let output: Data
    /// Its exit code; of no meaning where a signal ended it.
    let status: Int32
    /// The signal that ended it, if one did.
    let signal: Int32?
  }

  /// Runs it with `input` as a line of its standard input, and waits for its end.
  ///
  /// Its standard input ends when this process does: see `endWithInput`.
  static func run(_ arguments: [String], input: Data = Data()) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Swift.Result { try wait(arguments, input: input) })
      }
    }
  }

  private static func wait(_ arguments: [String], input: Data) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    let (given, answered) = (Pipe(), Pipe())
    process.standardInput = given
    process.standardOutput = answered
    try process.run()
    // It reads all of that before it writes anything.
    try? given.fileHandleForWriting.write(contentsOf: input + Data("\n".utf8))
    let output = answered.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try? given.fileHandleForWriting.close()
    let isSignal = process.terminationReason == .uncaughtSignal
    return Result(
      output: output, status: process.terminationStatus,
      signal: isSignal ? process.terminationStatus : nil)
  }

  /// Ends this process when its standard input does, which whoever started it holds open: nobody waits any more.
  static func endWithInput() {
    DispatchQueue(label: "input").async {
      while !FileHandle.standardInput.availableData.isEmpty {}
      _exit(1)
    }
  }
}
