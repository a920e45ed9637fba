import Foundation

/// Leaves a snapshot held in the LMDB environment of a folder by a process that was killed.
public func killReader(of folder: String) async throws {
  try await waiting {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: product("fault-subject"))
    process.arguments = ["hold", folder]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    guard said == "held\n" else { throw ReaderError(said: said) }
  }
}

private struct ReaderError: Error {
  let said: String
}
