import EventStore
import HTTPTypes
import Screening

extension Call {
  /// `GET /openings`: who is decided, who waits, which model is asked.
  func openings(_ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let (office, origin) = (desk.office, try origin())
    let openings = try await desk.blocking {
      try office.openingSummaries(asOf: .position(position), by: origin)
    }
    return try .json(["openings": openings], at: position)
  }

  /// `GET /audits`: that they were made.
  func audits(_ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let audits = try await desk.blocking { try office.auditReports(asOf: .position(position)) }
    return try .json(["audits": audits], at: position)
  }

  /// `GET /vocabulary`: a page, from one position for all pages of a walk.
  func vocabulary(_ list: VocabularyList) async throws -> Answer {
    let cursor = try list.cursor.map(Cursor.init)
    if cursor != nil, list.moment.asOf != nil { throw Problem.cursorWithMoment }
    let position =
      if let cursor { try await resolve(.position(cursor.position)) } else {
        try await resolve(list.moment)
      }
    // A noun's place in the order stays what it is at one position, but for an erasure meanwhile.
    let start = Int(clamping: cursor?.place ?? 0)
    let hidesWeights = try await hidesScores()
    let (page, total) = try await desk.office.vocabulary(
      asOf: .position(position), opening: try list.opening.map(Opening.init), prefix: list.prefix,
      from: start, limit: list.limit, weighing: !hidesWeights)
    let end = start + page.count
    let next =
      !page.isEmpty && end < total ? Cursor(position: position, place: UInt64(end)).text : nil
    return try .json(Vocabulary(vocabulary: page, next: next, total: total), at: position)
  }

  private struct Vocabulary: Encodable {
    let vocabulary: [VocabularyEntry]
    /// The cursor of the next page; `null` on the last one.
    @Nullable var next: String?
    /// How many nouns there are, with the prefix asked for.
    let total: Int
  }

  /// `GET /models`.
  func models(_ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let models = try await desk.blocking { try office.models(asOf: .position(position)) }
    return try .json(["models": models], at: position)
  }

  /// `GET /models/{n}`.
  func model(_ number: ModelNumber, _ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let model = try await desk.blocking { try office.model(number, asOf: .position(position)) }
    return try .json(try await hidesScores() ? model.withoutWeights : model, at: position)
  }

  /// `GET /policy`.
  func policy(_ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let policy = try await desk.blocking { try office.policy(asOf: .position(position)) }
    return try .json(policy, at: position)
  }

  /// `GET /lexicon`: what must not decide about anybody.
  func lexicon(_ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let lexicon = try await desk.blocking { try office.lexicon(asOf: .position(position)) }
    return try .json(lexicon, at: position)
  }

  /// `GET /policies`: every policy that was in force.
  func policies(_ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let policies = try await desk.blocking { try office.policies(asOf: .position(position)) }
    return try .json(["policies": policies], at: position)
  }

  /// `GET /lexicons`: every lexicon that was in force.
  func lexicons(_ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let lexicons = try await desk.blocking { try office.lexicons(asOf: .position(position)) }
    return try .json(["lexicons": lexicons], at: position)
  }
}
