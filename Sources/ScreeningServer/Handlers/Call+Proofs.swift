import EventStore
import HTTPTypes
import Screening

extension Call {
  /// `GET /events/{position}`: one event's stored bytes, as the tree covers them.
  func event(at position: Position) async throws -> Answer {
    try await requireRawLog()
    let log = desk.office.log
    guard let event = try await desk.blocking({ try log.event(at: position) }) else {
      throw Problem(.notFound, "There is no event \(position) yet.")
    }
    return Answer(headers: [.contentType: "application/json"], body: .bytes(event.bytes))
  }

  /// `GET /events/{position}/proof`: that the event lies under the newest signed checkpoint, as a C2SP
  /// tlog-proof.
  func proof(of position: Position) async throws -> Answer {
    let log = desk.office.log
    let proof = try await desk.blocking {
      let head = try log.head
      guard position <= head else {
        throw Problem(.notFound, "There is no event \(position) yet; the log ends at \(head).")
      }
      return try log.proof(of: position)
    }
    return .text(proof.text)
  }

  /// `GET /applicants/{id}/receipt`: the proof of the registration, to be handed to the applicant.
  func receipt(of number: ApplicantNumber, _ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    return .text(
      try await desk.blocking { try office.receipt(of: number, asOf: .resolved(position)) })
  }

  /// `GET /applicants/{id}/dossier`: all that stands behind the decisions about an applicant, as JSON that an
  /// outsider checks offline, or as a page to print.
  func dossier(
    of number: ApplicantNumber, under note: String?, opened: Bool, form: CardForm,
    in language: CardLanguage, _ moment: Moment
  ) async throws -> Answer {
    // Without a moment the checkpoint says which.
    let asOf = moment.asOf == nil ? AsOf.now : .resolved(try await resolve(moment))
    let (office, origin) = (desk.office, try origin())
    return try await answer(with: { progress in
      do {
        return try await office.dossier(
          of: number, asOf: asOf, under: note, opening: opened, by: origin, progress: progress)
      } catch let error as ScreeningError where error.kind == .invalid {
        // The note is another log's, or none.
        throw Problem(.conflict, error.description)
      }
    }) { dossier in
      let position = Position(rawValue: dossier.position)
      guard form == .html else { return try .json(dossier, at: position) }
      var answer = Answer.page(dossier.html(in: language))
      answer.mark(position)
      return answer
    }
  }

  /// `GET /tile/{level}/{index}`: hashes of the tree (C2SP tlog-tiles).
  func tile(_ address: TileAddress, level: Int) async throws -> Answer {
    let log = desk.office.log
    let tile = try await desk.blocking {
      try log.tile(level: level, index: address.index, width: address.width)
    }
    return try Self.tile(tile)
  }

  /// `GET /tile/entries/{index}`: the events below a tile of level 0.
  func entryBundle(_ address: TileAddress) async throws -> Answer {
    try await requireRawLog()
    let log = desk.office.log
    let bundle = try await desk.blocking {
      try log.entryBundle(index: address.index, width: address.width)
    }
    return try Self.tile(bundle)
  }

  /// Whether the policy keeps scores from the one who asks, who has yet to decide.
  func hidesScores() async throws -> Bool {
    let (office, origin) = (desk.office, try origin())
    return try await desk.blocking { try office.hidesScores(from: origin) }
  }

  /// Refuses what tells the scores that the policy keeps from the one who asks.
  ///
  /// - Parameter reason: how it tells them.
  func requireScores(_ reason: String) async throws {
    guard try await hidesScores() else { return }
    throw Problem(
      .forbidden,
      "By the policy in force scores are shown after the label, and \(reason): ask an auditor.")
  }

  /// Raw events hold the scores.
  func requireRawLog() async throws { try await requireScores("raw events hold scores") }

  private static func tile(_ bytes: [UInt8]?) throws(Problem) -> Answer {
    guard let bytes else {
      throw Problem(.notFound, "The log has no such tile yet. /checkpoint tells its size.")
    }
    return Answer(headers: [.contentType: "application/octet-stream"], body: .bytes(bytes))
  }

  /// `POST /verification`: checks the whole store, and with `retrain` every model and screening.
  func verify() async throws -> Answer {
    let wanted = try await body.json(VerificationRequest.self, of: request)
    let office = desk.office
    return try await answer { progress in
      try await office.verify(
        retrain: wanted.retrain ?? false, VerifyOptions(against: wanted.against),
        progress: progress)
    }
  }

  private struct VerificationRequest: Decodable {
    let retrain: Bool?
    /// A checkpoint note that was kept elsewhere.
    let against: String?
  }

  /// `GET /checkpoint/consistency`: that the tree has only grown.
  func consistency(from first: UInt64, to second: UInt64?) async throws -> Answer {
    let log = desk.office.log
    let proof = try await desk.blocking {
      let head = try log.head
      let second = second ?? head.rawValue
      guard second <= head.rawValue else {
        throw Problem.positionAhead(Position(rawValue: second), head: head)
      }
      guard first <= second else {
        throw Problem(
          .conflict, "A tree grows from the smaller size to the larger: give 'from' ≤ 'to'.")
      }
      return try log.consistency(from: first, to: second)
    }
    return try .json(
      Consistency(first: first, second: proof.second, hashes: proof.hashes.map { "\($0)" }))
  }

  private struct Consistency: Encodable {
    let first: UInt64
    let second: UInt64
    let hashes: [String]
  }
}
