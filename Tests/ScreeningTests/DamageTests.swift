import EventStore
import TestSupport
import Testing

@testable import Screening

/// If this fails, damage is found and nobody knows whose decisions it touches.
@Suite struct DamageTests {
  @Test func whatRestsOnADamagedReadingIsNamed() async throws {
    try await withTemporaryDirectory { folder in
      let configuration = OfficeConfiguration(
        directory: folder + "/data", worker: product("senko-worker"))
      let recorded = try await record(configuration)
      #expect(try flip(recorded.bytes, bit: 160, inLogOf: configuration.directory) > 0)

      let store = try await Office.verifyStore(
        in: configuration.directory, worker: configuration.worker)
      #expect(!store.ok)
      let damaged = try Office.open(configuration)
      defer { damaged.close() }
      let report = try await damaged.complete(store, retrain: false)
      let damage = try #require(report.damage.first { $0.position == recorded.reading.rawValue })
      #expect(damage.applicant == 3)
      #expect(damage.models == [1])
      #expect(damage.screenings == [recorded.screening])
    }
  }

  private struct Recorded {
    var reading: Position
    var bytes: [UInt8]
    var screening: UInt64
  }

  /// A model of 24 applicants, and a screening of the third.
  private func record(_ configuration: OfficeConfiguration) async throws -> Recorded {
    let office = try Office.open(configuration, create: true)
    defer { office.close() }
    try await office.registerLabelled(0..<24)
    _ = try await office.train(by: .commandLine)
    let screened = try await office.screen([ApplicantNumber(3)], by: .commandLine)
    let row = try #require(try office.newestRow(ApplicantNumber(3)))
    let reading = try #require(row.newestReadings.first?.position)
    #expect(try await office.verify(retrain: false).damage.isEmpty)
    return Recorded(
      reading: reading, bytes: try #require(try office.log.event(at: reading)).bytes,
      screening: try #require(screened.first).position)
  }
}
