import EventStore
import HTTPTypes
import Screening

extension Call {
  /// `POST /applicants/{id}/corrections`.
  func correct(_ number: ApplicantNumber) async throws -> Answer {
    let wanted = try await body.json(CorrectionRequest.self, of: request)
    let correction = Correction(
      name: wanted.name, kana: wanted.kana, email: wanted.email, address: wanted.address,
      opening: try wanted.opening.map { try Opening($0) })
    return try .command(
      try await desk.office.correct(number, correction, by: try origin()), of: number)
  }

  private struct CorrectionRequest: Decodable {
    let name: String?
    let kana: String?
    let email: String?
    let address: String?
    let opening: String?
  }

  /// `POST /applicants/{id}/disclosures`: everything that is held, for the applicant.
  func disclose(
    _ number: ApplicantNumber, form: DisclosureForm, in language: CardLanguage
  ) async throws -> Answer {
    let start = try desk.office.log.head
    let disclosure = try await desk.office.disclose(number, by: try origin())
    var answer =
      try form == .text ? .text(disclosure.text(in: language)) : Answer.json(disclosure)
    answer.status = .recorded([disclosure.position], since: start)
    return answer
  }

  /// `PUT /applicants/{id}/hold`.
  func placeHold(on number: ApplicantNumber) async throws -> Answer {
    let wanted = try await body.json(HoldRequest.self, of: request)
    let result = try await desk.office.placeHold(
      on: number, reason: wanted.reason, by: try origin())
    return try .command(result, of: number, status: .ok)
  }

  private struct HoldRequest: Decodable {
    let reason: String
  }

  /// `DELETE /applicants/{id}/hold`.
  func liftHold(on number: ApplicantNumber) async throws -> Answer {
    try .command(
      try await desk.office.liftHold(on: number, by: try origin()), of: number, status: .ok)
  }

  /// `PUT /applicants/{id}/attributes`.
  func declare(_ number: ApplicantNumber) async throws -> Answer {
    let wanted = try await body.json(AttributesRequest.self, of: request)
    let result = try await desk.office.declare(number, wanted.attributes, by: try origin())
    return try .command(result, of: number, status: .ok)
  }

  private struct AttributesRequest: Decodable {
    let attributes: [String: String]
  }

  /// `POST /audits/reading`.
  func auditReading() async throws -> Answer {
    let wanted = try await body.json(AuditRequest.self, of: request)
    guard (0...1_000).contains(wanted.sample ?? 0) else {
      throw Problem.invalid("The sample lies outside 0 to 1,000.")
    }
    let moment = try await self.moment(of: wanted)
    let (office, opening, origin) = (desk.office, try Opening(wanted.opening), try origin())
    return try await answer(isAlone: false) { progress in
      try await office.auditReading(
        of: opening, asOf: moment, sample: wanted.sample ?? 10, by: origin, progress: progress)
    } recorded: {
      [$0.position]
    }
  }

  /// `POST /audits/groups`.
  func auditGroups() async throws -> Answer {
    let wanted = try await body.json(AuditRequest.self, of: request)
    let moment = try await self.moment(of: wanted)
    let (office, opening, origin) = (desk.office, try Opening(wanted.opening), try origin())
    return try await answer { progress in
      try await office.auditGroups(of: opening, asOf: moment, by: origin, progress: progress)
    } recorded: {
      [$0.position]
    }
  }

  /// The moment as it was asked for: "now" is another one at a second try, which is to answer as the first.
  private func moment(of wanted: AuditRequest) async throws -> AsOf {
    _ = try await resolve(wanted.moment)
    return try wanted.moment.asOf.map { try AsOf(parsing: $0) } ?? .now
  }

  private struct AuditRequest: Decodable {
    let opening: String
    let sample: Int?
    /// A position or a time, as in queries.
    let asOf: String?

    var moment: Moment { Moment(asOf: asOf) }
  }

  /// `POST /retention`: erases those whose time of keeping is over, or says who they are.
  func retain() async throws -> Answer {
    let wanted = try await body.json(RetentionRequest.self, of: request)
    let opening = try wanted.opening.map { try Opening($0) }
    let (office, origin) = (desk.office, try origin())
    let report: RetentionReport
    if let before = wanted.before {
      guard let limit = Timestamp(asked: before, aDateIsIts: .beginning) else {
        throw Problem.invalid("'before' is no time, like 2026-03-03T18:00:00+09:00, and no date.")
      }
      guard let opening else {
        throw Problem.invalid("'before' is about one opening. Name it as 'opening'.")
      }
      report = try await office.retain(
        opening: opening, since: limit, rehearsing: wanted.rehearse, by: origin)
    } else {
      report = try await office.retain(opening: opening, rehearsing: wanted.rehearse, by: origin)
    }
    desk.answers.observe(generation: try office.log.generation)
    return try .json(report)
  }

  private struct RetentionRequest: Decodable {
    /// Whose rule is applied; all rules where absent.
    let opening: String?
    /// Instead of by the rule: those who applied before this time.
    let before: String?
    /// Whether nobody is erased; it has to be said either way.
    let rehearse: Bool
  }
}
