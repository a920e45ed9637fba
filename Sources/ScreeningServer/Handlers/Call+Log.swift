import EventStore
import HTTPTypes
import Hummingbird
import NIOCore
import Screening
import ServiceLifecycle

extension Call {
  /// `GET /checkpoint`: the newest signed note, or the one of a moment, byte for byte.
  func checkpoint(_ moment: Moment) async throws -> Answer {
    let office = desk.office
    let asOf = moment.asOf == nil ? AsOf.now : .resolved(try await resolve(moment))
    return .text(try await desk.blocking { try office.checkpoint(asOf: asOf) })
  }

  /// `GET /events`: the stored bytes of the events, one a line, and a trailer that tells a whole export
  /// from one that broke off.
  func events(from first: Position, through last: Position?) async throws -> Answer {
    try await requireRawLog()
    let log = desk.office.log
    let head = try await desk.blocking { try log.head }
    let end = min(last ?? head, head)
    let stream = try EventStream(self, as: .lines)
    var answer = Answer(
      headers: [.contentType: "application/x-ndjson"],
      body: .stream { writer in
        let (_, count) = try await stream.write(from: first, through: end, to: &writer)
        try await writer.write(
          ByteBuffer(
            bytes: try ExportTrailer(count: count, end: true, position: end.rawValue).line()))
      })
    answer.headers[.position] = String(end.rawValue)
    return answer
  }

  /// `GET /events/tail`: events as they are appended, until the token counts no longer or the client has gone.
  func tail(after position: Position?, form: EventLines.Form) async throws -> Answer {
    try await requireRawLog()
    let log = desk.office.log
    let head = try await desk.blocking { try log.head }
    let after = try resumed() ?? position ?? head
    guard after <= head else { throw Problem.positionAhead(after, head: head) }
    let isLines = form == .lines
    let stream = try EventStream(self, as: form)
    let request = request
    var answer = Answer(
      headers: [
        .position: String(head.rawValue),
        .contentType: isLines ? "application/x-ndjson" : "text/event-stream",
        .cacheControl: "no-store",
      ],
      body: .stream { writer in
        try await request.body.consumeWithCancellationOnInboundClose { _ in
          if !isLines { try await writer.write(ByteBuffer(string: "retry: 3000\n\n")) }
          let (next, count) = try await stream.follow(from: after.next, to: &writer)
          guard isLines else { return }
          let trailer = ExportTrailer(count: count, end: true, position: next.rawValue - 1)
          try await writer.write(ByteBuffer(bytes: try trailer.line()))
        }
      })
    answer.closes = true
    return answer
  }

  /// The last event that a client has seen which takes a broken tail up again.
  private func resumed() throws(Problem) -> Position? {
    guard let field = request.headers[.lastEventID], !field.isEmpty else { return nil }
    guard field.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(field) else {
      throw Problem(.invalid, "Last-Event-ID is not the position of an event.")
    }
    return Position(rawValue: number)
  }
}

/// The last line of an export, without which it broke off.
struct ExportTrailer: Encodable {
  let count: Int
  let end: Bool
  let position: UInt64

  func line() throws -> [UInt8] { try JSON.encode(self) + [0x0A] }
}

/// Events on their way to one client: portion by portion, each in a snapshot of its own, so that a slow
/// client holds none.
private struct EventStream: Sendable {
  private let log: EventLog
  private let blocking: Blocking
  private let form: EventLines.Form
  private let pass: Gate.Pass
  private let field: String?
  private let sessions: Sessions
  private let office: Office
  private let access: Access

  init(_ call: Call, as form: EventLines.Form) throws(Problem) {
    log = call.desk.office.log
    blocking = call.desk.blocking
    sessions = call.desk.sessions
    office = call.desk.office
    access = call.endpoint.access
    pass = try call.desk.streams.enter()
    field = call.request.headers[.authorization]
    self.form = form
  }

  /// Writes a range, and returns the position after it and how many events it had.
  @concurrent func write(
    from first: Position, through end: Position, to writer: inout any ResponseBodyWriter
  ) async throws -> (next: Position, count: Int) {
    var next = first
    var count = 0
    while next <= end {
      let portion = try await blocking { [next] in
        try EventLines(of: log, from: next, through: end, as: form)
      }
      guard portion.count > 0 else { break }
      try await writer.write(ByteBuffer(bytes: portion.bytes))
      count += portion.count
      next = Position(rawValue: portion.last.rawValue + 1)
    }
    return (next, count)
  }

  /// Writes what is appended, until the token counts no longer, its user has lost the role for it, the policy hides
  /// scores from them, or the server stops.
  @concurrent func follow(
    from first: Position, to writer: inout any ResponseBodyWriter
  ) async throws -> (next: Position, count: Int) {
    var next = first
    var count = 0
    var silence = ContinuousClock.now
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      let before = Position(rawValue: max(next.rawValue, 1) - 1)
      let head = try await log.waitForEvents(after: before, timeout: .seconds(1))
      // What came last may be what forbids it.
      guard try await isAllowed(asOf: head) else { break }
      if head >= next {
        let written = try await write(from: next, through: head, to: &writer)
        next = written.next
        count += written.count
        silence = .now
      } else if form == .serverSent, ContinuousClock.now - silence > .seconds(15) {
        try await writer.write(ByteBuffer(string: ":\n\n"))
        silence = .now
      }
    }
    return (next, count)
  }

  private func isAllowed(asOf head: Position) async throws -> Bool {
    guard case .roles(let roles) = access else { return false }
    do {
      return try await blocking {
        let session = try sessions.session(field, as: .access)
        return try roles.contains(session.user.role)
          && !office.hidesScores(from: session.origin, seen: head)
      }
    } catch is Problem {
      return false
    }
  }
}
