import Foundation
import Glibc
import TestSupport
import Testing

@testable import EventStore

/// A key in a core file would outlive the erasure that destroyed it.
@Suite struct HardeningTests {
  /// Whoever runs as root owns what another process of root shows of itself, dumpable or not: so the process itself is
  /// asked.
  @Test func theMemoryOfAProcessWithKeysIsNobodysToRead() async {
    await #expect(processExitsWith: .exitCode(2)) { [getDumpable = 3 as CInt] in
      typealias Control =
        @convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
      guard let symbol = unsafe dlsym(nil, "prctl") else { exit(9) }
      let control = unsafe unsafeBitCast(symbol, to: Control.self)
      // One that may be dumped says 1, one that may not 0.
      let before = control(getDumpable, 0, 0, 0, 0)
      guard Hardening.apply() else { exit(8) }
      var core = rlimit()
      guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core) == 0,
        core.rlim_cur == 0, core.rlim_max == 0
      else { exit(7) }
      exit(before + 1 - control(getDumpable, 0, 0, 0, 0))
    }
  }

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
