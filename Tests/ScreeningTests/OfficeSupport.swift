import EventStore
import TestSupport

@testable import Screening

/// Runs `body` with an office over a new data folder.
func withOffice(_ body: (Office) async throws -> Void) async throws {
  try await withTemporaryDirectory { directory in
    let office = try Office.open(
      OfficeConfiguration(directory: directory + "/data", worker: product("senko-worker")),
      create: true)
    defer { office.close() }
    try await body(office)
  }
}
