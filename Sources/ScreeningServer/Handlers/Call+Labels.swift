import EventStore
import HTTPTypes
import Screening

extension Call {
  /// `POST /applicants/{id}/labels`: records what a person decided.
  func label(_ number: ApplicantNumber) async throws -> Answer {
    let wanted = try await body.json(LabelRequest.self, of: request)
    let result: CommandResult
    do {
      result = try await desk.office.label(
        number, wanted.label, purpose: wanted.purpose ?? .decision, reason: wanted.reason,
        shown: wanted.screening.map(Position.init(rawValue:)), by: try origin())
    } catch let error as ScreeningError where error.kind == .invalid && wanted.screening != nil {
      // What was in view is no screening of this applicant.
      throw Problem(.conflict, error.description)
    }
    return try .command(result, of: number)
  }

  private struct LabelRequest: Decodable {
    let label: Label
    let purpose: LabelPurpose?
    let reason: String?
    /// The position of the screening in view; zero for none, absent for the newest.
    let screening: UInt64?
  }

  /// `PUT /applicants/{id}/state`.
  func setState(_ number: ApplicantNumber) async throws -> Answer {
    let wanted = try await body.json(StateRequest.self, of: request)
    let result = try await desk.office.setState(number, wanted.state, by: try origin())
    return try .command(result, of: number, status: .ok)
  }

  private struct StateRequest: Decodable {
    let state: ApplicantState
  }

  /// `POST /applicants/{id}/opened`: somebody has begun to read the application.
  func open(_ number: ApplicantNumber) async throws -> Answer {
    try .command(try await desk.office.openApplicant(number, by: try origin()), of: number)
  }

  /// `POST /applicants/{id}/screening`: asks the model in force.
  func screen(_ number: ApplicantNumber) async throws -> Answer {
    guard let result = try await desk.office.screen([number], by: try origin()).first else {
      throw Problem(.notFound, "There is no applicant \(number).")
    }
    return try .json(result)
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
  /// A recorded command about an applicant: 201 or `status`, and 200 where it was recorded before.
  static func command(
    _ result: CommandResult, of applicant: ApplicantNumber,
    status: HTTPResponse.Status = .created
  ) throws(Problem) -> Answer {
    var answer = try json(
      ApplicantCommand(applicant: applicant.rawValue, result: result),
      result.repeated ? .ok : status)
    answer.headers[.location] = "/applicants/\(applicant)/history"
    answer.headers[.position] = String(result.position)
    return answer
  }
}
