import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening
@testable import ScreeningServer

extension TestServer {
  /// A sample of the metrics, by its name with labels; `nil` where there is none yet.
  func metric(_ name: String) async throws -> Int? {
    try await client.get("/metrics").text.split(separator: "\n")
      .first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.count + 1)) }
  }

  /// Waits until a sample has this value; at most half a minute.
  func waits(until name: String, is value: Int) async throws -> Bool {
    for _ in 0..<300 {
      if try await metric(name) == value { return true }
      try await Task.sleep(for: .milliseconds(100))
    }
    return false
  }
}

extension ServerTests {
  /// If these fail, clients that have long gone keep others out.
  @Suite struct HangUpTests {
    private let streams = #"senko_gate_occupied{gate="streams"}"#
    private let trainings = #"senko_gate_occupied{gate="trainings"}"#

    @Test(arguments: ["ndjson", "sse"]) func aTailThatNobodyReadsGivesItsPlaceBack(
      _ form: String
    ) async throws {
      try await TestServer.run { server in
        let auditor = try await server.client(.auditor)
        do {
          let tails = try (0..<3).map { _ in
            try SlowClient(auditor, "GET", "/events/tail?format=\(form)")
          }
          #expect(try await server.waits(until: streams, is: 3))
          withExtendedLifetime(tails) {}
        }
        // Nothing is appended meanwhile: it is the hanging up that is noticed.
        #expect(try await server.waits(until: streams, is: 0))
      }
    }

    @Test(arguments: [[:], ["Accept": "application/x-ndjson"]]) func aCheckForNobodyEnds(
      _ fields: [String: String]
    ) async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        let registered = try await ServerTests.ApplicantRoutesTests.register(admin)
        #expect(registered.status == 200, "\(registered.text)")
        let directory = server.office.configuration.directory
        try holdVerification(of: directory)
        do {
          let client = try SlowClient(admin, "POST", "/verification", fields, body: "{}")
          #expect(try await waits(untilVerified: true, directory))
          withExtendedLifetime(client) {}
        }
        #expect(try await waits(untilVerified: false, directory), "the check goes on for nobody")
        #expect(try await server.waits(until: trainings, is: 0))
      }
    }

    @Test func oneStreamTooManyIsSentAway() async throws {
      try await TestServer.run({ $0.maximumStreams = 2 }) { server in
        let auditor = try await server.client(.auditor)
        let tails = try (0..<2).map { _ in
          try SlowClient(auditor, "GET", "/events/tail?format=ndjson")
        }
        #expect(try await server.waits(until: streams, is: 2))
        for target in ["/events/tail", "/events", "/applicants/export"] {
          let answer = try await auditor.get(target)
          #expect(answer.status == 503, "\(target): \(answer.text)")
          #expect(answer.fields["retry-after"].flatMap { Int($0) } ?? 0 > 0, "\(target)")
          #expect(answer.fields["content-type"] == "application/problem+json")
        }
        #expect(try await auditor.get("/models").status == 200)
        withExtendedLifetime(tails) {}
      }
    }

    @Test(arguments: [[:], ["Accept": "application/x-ndjson"]]) func aGridForNobodyStops(
      _ fields: [String: String]
    ) async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await LearningRoutesTests.teach(admin, count: 40)
        let trained = try await admin.json("POST", "/models", ["opening": "engineer"])
        #expect(trained.status == 201, "\(trained.text)")
        // Sixty-four what-ifs take minutes in a build for tests.
        let costs = "[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8]"
        let forms = Array(repeating: "\"log-tf\"", count: 8).joined(separator: ",")
        let body = #"{"opening":"engineer","c":\#(costs),"representation":[\#(forms)]}"#
        do {
          let client = try SlowClient(admin, "POST", "/replay/grid", fields, body: body)
          #expect(try await server.waits(until: trainings, is: 1))
          withExtendedLifetime(client) {}
        }
        #expect(try await server.waits(until: trainings, is: 0), "the grid goes on for nobody")
        let finished = #"senko_http_requests_total{endpoint="replayGrid",status="200"}"#
        if fields.isEmpty { #expect(try await server.metric(finished) == nil) }
        let verified = try await admin.json("POST", "/verification", [:])
        #expect(verified.status == 200, "\(verified.text)")
      }
    }
  }
}
