import Foundation
import TestSupport
import Testing

@testable import EventStore

/// A key in a core file would outlive the erasure that destroyed it.
@Suite struct HardeningTests {
  /// It unwraps every key, and reads files that may end it by a signal.
  @Test func theCheckerOfAStoreLeavesNoCore() async throws {
    try await withLog { _, directory in
      let (process, input) = (Process(), Pipe())
      process.executableURL = URL(fileURLWithPath: product("senko-worker"))
      process.arguments = ["verify", directory]
      // It reads its options first, and so waits for us.
      process.standardInput = input
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      #expect(try await leavesNoCore(process))
      try input.fileHandleForWriting.close()
      try await waiting { process.waitUntilExit() }
    }
  }
}
