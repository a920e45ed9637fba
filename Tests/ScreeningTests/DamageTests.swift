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

  /// An erasure that waits for a repair breaks the promise that was made to a person.
  @Test func aDamagedManifestHoldsUpNoErasure() async throws {
    try await withTemporaryDirectory { folder in
      let configuration = OfficeConfiguration(
        directory: folder + "/data", worker: product("senko-worker"))
      let manifest = try await record(configuration).manifest
      #expect(try flip(manifest, bit: 77, inLogOf: configuration.directory) > 0)

      let damaged = try Office.open(configuration)
      defer { damaged.close() }
      // What an applicant is told is told whole, or not.
      let disclosing = await #expect(throws: ScreeningError.self) {
        try await damaged.disclose(ApplicantNumber(4), by: .commandLine)
      }
      #expect(disclosing?.kind == .damaged)
      #expect(disclosing?.description.contains("manifest of model 1") == true)
      var origin = Origin.commandLine
      origin.terms = Terms(key: "erase")
      let receipt = try await damaged.erase([ApplicantNumber(4)], reason: "request", by: origin)
      #expect(receipt.unreadManifests == [1] && receipt.models.isEmpty)
      let row = try #require(try damaged.newestRow(ApplicantNumber(4)))
      #expect(row.erased != nil)
      let again = try await damaged.erase([ApplicantNumber(4)], reason: "request", by: origin)
      #expect(again.unreadManifests == [1] && again.position == receipt.position)
    }
  }

  private struct Recorded {
    var reading: Position
    var bytes: [UInt8]
    var screening: UInt64
    var manifest: [UInt8]
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
      screening: try #require(screened.first).position,
      manifest: try office.blob(try office.trainedModel(ModelNumber(1)).event.manifest))
  }
}
