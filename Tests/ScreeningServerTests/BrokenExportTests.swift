import EventStore
import Foundation
import Screening
import Synchronization
import TestSupport
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, a client that reads slowly holds the store up, or takes half an export for a whole one.
  @Suite struct BrokenExportTests {
    /// Events enough to fill what lies between server and client.
    static func fill(_ office: Office) async throws {
      // Few and long, of a type that the views pass over: what is tried here is the way out.
      let data: JSONValue = ["text": .string(String(repeating: "0123456789abcdef", count: 256))]
      for _ in 0..<4 {
        var append = Append(actor: "operator", via: "cli")
        append.events = (0..<600).map { _ in
          EventDraft(stream: "note", type: "note.made", data: data)
        }
        _ = try await office.log.append(append)
      }
    }

    @Test func anExportThatBreaksOffHasNoTrailer() async throws {
      let slow = Mutex<SlowClient?>(nil)
      try await TestServer.run { server in
        try await Self.fill(server.office)
        let auditor = try await server.client(.auditor)
        let client = try SlowClient(auditor, "GET", "/events")
        let head = String(decoding: try await client.read(4096), as: UTF8.self)
        #expect(head.hasPrefix("HTTP/1.1 200"), "\(head)")
        // Others go on meanwhile, and nothing is held for the one who waits.
        let readers = try server.office.statistics().log.readers
        for _ in 0..<3 { try await Self.fill(server.office) }
        #expect(try await auditor.get("/events?from=1&to=3").text.hasSuffix("\"position\":3}\n"))
        #expect(try server.office.statistics().log.readers <= readers + 2)
        slow.withLock { $0 = client }
      }
      let rest = try await #require(slow.withLock { $0 }).read(.max)
      #expect(rest.firstRange(of: Array("\"end\":true".utf8)) == nil, "a broken export looks whole")
    }

    /// A snapshot held for whoever reads slowly would keep the log from using its pages again.
    @Test func aSlowClientDoesNotMakeTheLogGrow() async throws {
      func size(beside isSlow: Bool) async throws -> Int {
        let size = Mutex(0)
        try await TestServer.run { server in
          try await Self.fill(server.office)
          let auditor = try await server.client(.auditor)
          let client = isSlow ? try SlowClient(auditor, "GET", "/events") : nil
          _ = try await client?.read(4096)
          var append = Append(actor: "operator", via: "cli")
          append.events = [EventDraft(stream: "note", type: "note.made", data: ["text": "x"])]
          for _ in 0..<800 { _ = try await server.office.log.append(append) }
          let taken = try server.office.statistics().log.size
          size.withLock { $0 = taken }
          _ = try await client?.read(4096)
        }
        return size.withLock { $0 }
      }
      let (alone, beside) = (try await size(beside: false), try await size(beside: true))
      #expect(beside < 2 * alone, "\(beside) bytes rather than \(alone)")
    }

    @Test func aSlowClientGetsTheWholeExport() async throws {
      try await TestServer.run { server in
        try await Self.fill(server.office)
        let head = try server.office.log.head
        let client = try SlowClient(try await server.client(.auditor), "GET", "/events")
        var size = 0
        var last: [UInt8] = []
        while true {
          let piece = try await client.read(1 << 20)
          size += piece.count
          if !piece.isEmpty { last = (last + piece).suffix(400) }
          guard piece.count == 1 << 20 else { break }
          try await Task.sleep(for: .milliseconds(5))
        }
        #expect(size > 8 << 20)
        let text = String(decoding: last, as: UTF8.self)
        #expect(text.contains("\"count\":\(head),\"end\":true,\"position\":\(head)"), "\(text)")
      }
    }
  }
}
