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

  /// `GET /vocabulary`.
  func vocabulary(_ list: VocabularyList) async throws -> Answer {
    let position = try await resolve(list.moment)
    var vocabulary = try await desk.office.vocabulary(
      asOf: .position(position), opening: try list.opening.map(Opening.init),
      limit: list.prefix == nil ? list.limit : nil)
    if let prefix = list.prefix {
      vocabulary = Array(
        vocabulary.lazy.filter { $0.term.utf8.starts(with: prefix.utf8) }.prefix(list.limit))
    }
    return try .json(["vocabulary": vocabulary], at: position)
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
    return try .json(model, at: position)
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
