import EventStore
import HTTPTypes
import Hummingbird
import NIOCore
import Screening

extension Call {
  /// `GET /checkpoint`: the newest signed note, byte for byte.
  func checkpoint() async throws -> Answer {
    let log = desk.office.log
    return .text(try await desk.blocking { try log.checkpoint() })
  }

  /// `GET /events`: the stored bytes of the events, one a line, and a trailer that tells a whole export
  /// from one that broke off.
  func events(from first: Position, through last: Position?) async throws -> Answer {
    let log = desk.office.log
    let blocking = desk.blocking
    let head = try await blocking { try log.head }
    let end = min(last ?? head, head)
    var answer = Answer(
      headers: [.contentType: "application/x-ndjson"],
      body: .stream { writer in
        var next = first
        var count = 0
        while next <= end {
          let portion = try await blocking { [next] in
            try EventLines(of: log, from: next, through: end)
          }
          guard portion.count > 0 else { break }
          try await writer.write(ByteBuffer(bytes: portion.bytes))
          count += portion.count
          next = Position(rawValue: portion.last.rawValue + 1)
        }
        let trailer = try JSON.encode(
          ExportTrailer(count: count, end: true, position: end.rawValue))
        try await writer.write(ByteBuffer(bytes: trailer + [0x0A]))
      })
    answer.headers[.position] = String(end.rawValue)
    return answer
  }
}

/// The last line of an export.
private struct ExportTrailer: Encodable {
  let count: Int
  let end: Bool
  let position: UInt64
}

/// A portion of the log as lines, read in one short snapshot.
private struct EventLines: Sendable {
  var bytes: [UInt8] = []
  var count = 0
  var last: Position = .zero

  private static let size = 256 << 10

  init(of log: EventLog, from first: Position, through end: Position) throws {
    var bytes: [UInt8] = []
    var count = 0
    var last = Position.zero
    try log.forEach(from: first, through: end) { position, event in
      for index in event.indices { bytes.append(event[index]) }
      bytes.append(UInt8(ascii: "\n"))
      count += 1
      last = position
      return bytes.count < Self.size
    }
    self.bytes = bytes
    self.count = count
    self.last = last
  }
}
