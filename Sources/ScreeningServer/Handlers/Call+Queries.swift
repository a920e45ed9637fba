import EventStore
import HTTPTypes
import Hummingbird
import NIOCore
import Screening

extension Call {
  /// `GET /applicants` and `GET /queues/{queue}`: a filtered page of the list, from one position for all
  /// pages of a walk.
  func applicants(_ list: ApplicantList) async throws -> Answer {
    let filter = try list.filter()
    let cursor = try list.cursor.map(Cursor.init)
    let position: Position
    if let cursor {
      guard list.moment.asOf == nil else { throw Problem.cursorWithMoment }
      position = try await resolve(.position(cursor.position))
    } else {
      position = try await resolve(list.moment)
    }
    let moment = AsOf.resolved(position)
    // One more than asked for tells whether there is a next page.
    var applicants = try await desk.office.applicants(
      asOf: moment, filter: filter, order: list.order, limit: list.limit + 1,
      after: cursor.map { ApplicantNumber($0.place) },
      by: try origin())
    var next: String?
    if applicants.count > list.limit {
      applicants.removeLast(applicants.count - list.limit)
      next = applicants.last.map {
        Cursor(position: position, place: $0.applicant).text
      }
    }
    let office = desk.office
    let registered = try await desk.blocking { try office.applicantCount(asOf: moment) }
    let total =
      try list.counts
      ? await office.applicantCount(asOf: moment, filter: filter, by: origin()) : nil
    var answer = try Answer.json(
      Applicants(
        applicants: applicants, next: next, position: position.rawValue,
        registered: registered, total: total))
    answer.headers[.position] = String(position.rawValue)
    if let next { answer.headers[.link] = list.link(next: next) }
    return answer
  }

  private struct Applicants: Encodable {
    let applicants: [ApplicantSummary]
    /// The cursor of the next page; `null` on the last one.
    @Nullable var next: String?
    let position: UInt64
    /// How many applicants were registered by then, whatever the filter.
    let registered: UInt64
    /// How many the filter lets through; `null` where nobody asked.
    @Nullable var total: Int?
  }

  /// `GET /applicants/export`: all of a filtered list as it stood at one moment, one applicant a line,
  /// and a trailer that tells a whole export from one that broke off.
  func exportApplicants(_ list: ApplicantList) async throws -> Answer {
    let position = try await resolve(list.moment)
    let (filter, order) = (try list.filter(), list.order)
    let origin = try origin()
    let choice = FieldChoice(list.arguments.text("fields"))
    let pass = try desk.streams.enter()
    let office = desk.office
    try await office.beginExport(by: origin)
    var answer = Answer(
      headers: [.contentType: "application/x-ndjson"],
      body: .stream { writer in
        defer { withExtendedLifetime(pass) {} }
        var last: ApplicantNumber?
        var count = 0
        while true {
          let portion = try await office.applicants(
            asOf: .position(position), filter: filter, order: order, limit: 1000, after: last,
            by: origin)
          guard let end = portion.last else { break }
          var lines: [UInt8] = []
          for applicant in portion {
            let line = try JSON.encode(applicant)
            lines += (choice?.cut(line[...]) ?? line) + [0x0A]
          }
          try await writer.write(ByteBuffer(bytes: lines))
          count += portion.count
          last = ApplicantNumber(end.applicant)
        }
        let trailer = ExportTrailer(count: count, end: true, position: position.rawValue)
        try await writer.write(ByteBuffer(bytes: try trailer.line()))
      })
    answer.headers[.position] = String(position.rawValue)
    return answer
  }

  /// `GET /applicants/{id}`.
  func applicant(_ number: ApplicantNumber, _ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let detail = try await desk.office.applicant(
      number, asOf: .position(position), by: try origin())
    return try .json(detail, at: position)
  }

  /// `GET /applicants/{id}/documents`.
  func documents(of number: ApplicantNumber, _ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let detail = try await desk.office.applicant(
      number, asOf: .position(position), by: try origin())
    return try .json(["documents": detail.documents], at: position)
  }

  /// `GET /applicants/{id}/labels`.
  func labels(of number: ApplicantNumber, _ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let labels = try await desk.office.labels(
      of: number, asOf: .position(position), by: try origin())
    return try .json(["labels": labels], at: position)
  }

  /// `GET /applicants/{id}/screenings`.
  func screenings(of number: ApplicantNumber, _ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let screenings = try await desk.office.screenings(
      of: number, asOf: .position(position), by: try origin())
    return try .json(["screenings": screenings], at: position)
  }

  /// `GET /applicants/{id}/history`.
  func history(_ number: ApplicantNumber, _ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let history = try await desk.office.history(
      number, asOf: .position(position), by: try origin())
    return try .json(["history": history], at: position)
  }

  /// `GET /applicants/{id}/why`.
  func why(
    _ number: ApplicantNumber, _ screening: Position?, _ moment: Moment
  ) async throws -> Answer {
    let position = try await resolve(moment)
    let why: Why
    do {
      why = try await desk.office.why(
        number, screening: screening, asOf: .position(position), by: try origin())
    } catch let error as ScreeningError where error.kind == .invalid {
      throw Problem(.notFound, error.description)
    }
    return try .json(why, at: position)
  }

  /// `GET /applicants/{id}/excluded`: what the lexicon kept out.
  func excludedWords(
    of number: ApplicantNumber, _ screening: Position?, _ moment: Moment
  ) async throws -> Answer {
    let position = try await resolve(moment)
    do {
      let words = try await desk.heavyWork.run {
        try await desk.office.excludedWords(
          of: number, screening: screening, asOf: .position(position), by: try origin())
      }
      return try .json(words, at: position)
    } catch let error as ScreeningError where error.kind == .invalid {
      throw Problem(.notFound, error.description)
    }
  }

  /// `GET /applicants/{id}/documents/{n}`: the file as it was sent.
  func document(
    _ document: Int, of number: ApplicantNumber, _ moment: Moment
  ) async throws -> Answer {
    let position = try await resolve(moment)
    let bytes = try await desk.office.document(
      document, of: number, asOf: .resolved(position), by: try origin())
    let isPDF = DocumentFile(bytes: bytes).form == .pdf
    let name = "applicant-\(number)-document-\(document).\(isPDF ? "pdf" : "txt")"
    return Answer(
      headers: [
        .contentType: isPDF ? "application/pdf" : "text/plain; charset=utf-8",
        .contentDisposition: "attachment; filename=\"\(name)\"",
        .contentSecurityPolicy: "sandbox; default-src 'none'; frame-ancestors 'none'",
      ], body: .bytes(bytes))
  }

  /// The position that a request asks about.
  func resolve(_ moment: Moment) async throws -> Position {
    try await resolve(try moment.asOf.map { try AsOf(parsing: $0) } ?? .now)
  }

  func resolve(_ asOf: AsOf) async throws -> Position {
    let (office, seen) = (desk.office, head)
    return try await desk.blocking {
      if case .position(let position) = asOf {
        let head = try office.log.head
        guard position <= head else { throw Problem.positionAhead(position, head: head) }
      }
      return try office.resolve(asOf, seen: seen)
    }
  }
}

extension Answer {
  /// `value` as JSON, marked with the position that it holds at.
  static func json(_ value: some Encodable, at position: Position) throws(Problem) -> Answer {
    var answer = try json(value)
    answer.headers[.position] = String(position.rawValue)
    return answer
  }
}
