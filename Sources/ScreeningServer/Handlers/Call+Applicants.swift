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
    let pass = try desk.uploads.enter()
    defer { withExtendedLifetime(pass) {} }
    let form = try await body.form(of: request)
    guard !form.documents.isEmpty else {
      throw Problem.invalid("No document came along. Send one or more under 'documents'.")
    }
    let origin = try origin()
    let registration = try await desk.office.register(
      Application(
        name: try form.require("name"), kana: form["kana"], email: form["email"],
        address: form["address"],
        opening: try form["opening"].map(Opening.init) ?? .general,
        received: form["received"], documents: form.documents,
        idempotencyKey: origin.terms.key),
      by: origin)
    var answer = try Answer.json(
      WithMessage(
        message: "Applicant \(registration.applicant) was registered.", value: registration))
    answer.headers[.location] = "/applicants/\(registration.applicant)"
    return answer
  }

  /// `DELETE /applicant/{id}`: destroys what was personal of an applicant.
  func eraseApplicant(_ number: ApplicantNumber, reason: String) async throws -> Answer {
    let receipt = try await desk.office.erase([number], reason: reason, by: try origin())
    desk.answers.observe(generation: try desk.office.log.generation)
    return try .json(WithMessage(message: "Applicant \(number) was erased.", value: receipt))
  }

  /// `GET /applicant/{limit}/{page}`: the first API's list.
  func applicantPage(limit: Int, page: Int, _ moment: Moment) async throws -> Answer {
    let asOf: AsOf = if moment.asOf == nil { .now } else { .resolved(try await resolve(moment)) }
    let page = try await desk.office.applicantPage(
      asOf: asOf, seen: head, limit: limit, page: page, by: try origin())
    return try .json(
      ApplicantPage(applicants: page.applicants, total: page.total), at: page.position)
  }

  private struct ApplicantPage: Encodable {
    let applicants: [ApplicantSummary]
    let total: UInt64
  }
}
