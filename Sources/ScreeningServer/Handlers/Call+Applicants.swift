import EventStore
import HTTPTypes
import Screening

/// `value`'s members with a `message` beside them.
struct WithMessage<Value: Encodable>: Encodable {
  let message: String
  let value: Value

  private enum CodingKeys: String, CodingKey { case message }

  func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(message, forKey: .message)
  }
}

extension Call {
  /// `POST /applicant`: registers an application with its documents, and screens it.
  func registerApplicant() async throws -> Answer {
    let form = try await desk.bodies.form(of: request)
    guard !form.documents.isEmpty else {
      throw Problem.invalid("No document came along. Send one or more under 'documents'.")
    }
    let registration = try await desk.office.register(
      Application(
        name: try form.require("name"), email: form["email"],
        opening: try form["opening"].map(Opening.init) ?? .general,
        received: form["received"], documents: form.documents,
        idempotencyKey: try idempotencyKey()),
      by: try origin())
    var answer = try Answer.json(
      WithMessage(
        message: "Applicant \(registration.applicant) was registered.", value: registration))
    answer.headers[.location] = "/applicants/\(registration.applicant)"
    answer.headers[.position] = String(registration.position)
    return answer
  }

  /// `DELETE /applicant/{id}`: destroys what was personal of an applicant.
  func eraseApplicant(_ number: ApplicantNumber, reason: String) async throws -> Answer {
    let receipt = try await desk.office.erase([number], reason: reason, by: try origin())
    return try .json(WithMessage(message: "Applicant \(number) was erased.", value: receipt))
  }

  /// `GET /applicant/{limit}/{page}`: the first API's list.
  func applicantPage(limit: Int, page: Int) async throws -> Answer {
    let office = desk.office
    let total = try await desk.blocking { try office.applicantCount() }
    let applicants = try await office.applicantPage(limit: limit, page: page, by: try origin())
    return try .json(ApplicantPage(applicants: applicants, total: total))
  }

  private struct ApplicantPage: Encodable {
    let applicants: [ApplicantSummary]
    let total: UInt64
  }

  /// `POST /applicants/{id}/labels`: records what a person decided.
  func label(_ number: ApplicantNumber) async throws -> Answer {
    let wanted = try await desk.bodies.json(LabelRequest.self, of: request)
    let result = try await desk.office.label(
      number, wanted.label, purpose: wanted.purpose ?? .decision, reason: wanted.reason,
      shown: wanted.screening.map(Position.init(rawValue:)), by: try origin(),
      idempotencyKey: try idempotencyKey())
    return try .command(result, of: number)
  }

  private struct LabelRequest: Decodable {
    let label: Label
    let purpose: LabelPurpose?
    let reason: String?
    /// The position of the screening in view; zero for none, absent for the newest.
    let screening: UInt64?
  }
}

/// A command's result with the applicant that it was about.
private struct ApplicantCommand: Encodable {
  let applicant: UInt64
  let result: CommandResult

  private enum CodingKeys: String, CodingKey { case applicant }

  func encode(to encoder: any Encoder) throws {
    try result.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(applicant, forKey: .applicant)
  }
}

extension Answer {
  /// A recorded command about an applicant: 201, or 200 where it was recorded before.
  static func command(
    _ result: CommandResult, of applicant: ApplicantNumber
  ) throws(Problem) -> Answer {
    var answer = try json(
      ApplicantCommand(applicant: applicant.rawValue, result: result),
      result.repeated ? .ok : .created)
    answer.headers[.location] = "/applicants/\(applicant)/history"
    answer.headers[.position] = String(result.position)
    return answer
  }
}
