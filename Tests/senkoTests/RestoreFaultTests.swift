import TestSupport
import Testing

/// If this fails, a restore that was cut off leaves a folder in which somebody who was erased is an applicant whom
/// nobody can erase.
@Suite struct RestoreFaultTests {
  /// A bounded part of what `tools/faults/run --senko` does in full.
  @Test func afterAFaultInARestoreTheNextOneWorks() async throws {
    let (status, report) = try await waiting {
      try runTool("faults/run", ["--senko", product("senko"), "--every", "61"])
    }
    #expect(status == 0, "\(report)")
    #expect(report.contains(" 0 problems"))
  }
}
