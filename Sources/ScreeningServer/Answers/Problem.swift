import EventStore
import HTTPTypes
import Screening

/// Why a request was not answered as asked: one table of codes, statuses and titles, worded in two
/// dialects.
struct Problem: Error, Sendable {
  /// The kind of problem; its raw value is the path under `/problems/`.
  enum Code: String, CaseIterable, Sendable {
    case invalid, unauthenticated, token, forbidden
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case conflict, stale, erased
    case positionAhead = "position-ahead"
    case tooLarge = "too-large"
    case mediaType = "media-type"
    case tooManyRequests = "too-many-requests"
    case timeout
    case unavailable
    case diskFull = "disk-full"
    case `internal`
  }

  let code: Code
  /// The status; a token's fault has the one that flask-jwt-extended gives it.
  var status: HTTPResponse.Status
  /// A whole sentence for people, without personal data.
  let detail: String
  /// The text of a token's fault, for clients of the first API.
  var tokenFault: String?
  /// Which parameters are wrong.
  var faults: [ParameterFault] = []
  /// Header fields that belong to the status, like `Allow` and `Retry-After`.
  var headers = HTTPFields()
  /// Whether the connection is closed afterwards, since the rest of the request is not read.
  var closes = false

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
    status = code.status
  }
}

extension Problem.Code {
  /// The status that goes with the kind.
  var status: HTTPResponse.Status {
    switch self {
    case .invalid: .badRequest
    case .unauthenticated, .token: .unauthorized
    case .forbidden: .forbidden
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .notAcceptable: .notAcceptable
    case .conflict, .positionAhead: .conflict
    case .stale: .preconditionFailed
    case .erased: .gone
    case .unavailable: .serviceUnavailable
    case .tooLarge: .contentTooLarge
    case .mediaType: .unsupportedMediaType
    case .tooManyRequests: .tooManyRequests
    case .timeout: .requestTimeout
    case .diskFull: .init(code: 507, reasonPhrase: "Insufficient Storage")
    case .internal: .internalServerError
    }
  }

  /// What all problems of the kind have in common.
  var title: String {
    switch self {
    case .invalid: "The request cannot be used as it is"
    case .unauthenticated: "The credentials are wrong"
    case .token: "The token is not accepted"
    case .forbidden: "The user's role does not allow this"
    case .notFound: "There is no such resource"
    case .methodNotAllowed: "The resource has no such method"
    case .notAcceptable: "The resource has no such representation"
    case .conflict: "The request contradicts what is recorded"
    case .stale: "What the command was decided upon has changed"
    case .erased: "The person was erased"
    case .positionAhead: "The log has not reached this position"
    case .tooLarge: "The request is too large"
    case .mediaType: "The media type is not supported"
    case .tooManyRequests: "Too many requests"
    case .timeout: "The request took too long to arrive"
    case .unavailable: "The service is unavailable at the moment"
    case .diskFull: "The disk is full"
    case .internal: "Internal server error"
    }
  }
}

extension Problem {
  static func invalid(_ detail: String) -> Self { Self(.invalid, detail) }

  static let noSuchPath = Self(
    .notFound, "There is no such path; /openapi.json lists those there are.")

  static let `internal` = Self(
    .internal, "The server failed; its log says why under this request's identifier.")

  /// Of a request that ends before its end, or is none.
  static let brokenOff = {
    var problem = Self(.invalid, "The request breaks off, or is not HTTP. Send it again.")
    problem.closes = true
    return problem
  }()

  static func methodNotAllowed(allow: String) -> Self {
    var problem = Self(.methodNotAllowed, "This path allows \(allow).")
    problem.headers[.allow] = allow
    return problem
  }

  static func tooLarge(limit: Int, _ what: String) -> Self {
    var problem = Self(.tooLarge, "\(what) has more than \(limit) bytes. Send less at once.")
    problem.closes = true
    return problem
  }

  static func parameters(_ faults: [ParameterFault], known: [Parameter]) -> Self {
    let said = faults.map { "'\($0.parameter)' \($0.clause)" }.joined(separator: "; ")
    let names = known.map(\.name).joined(separator: ", ")
    var problem = Self(
      .invalid, known.isEmpty ? "\(said)." : "\(said). The query may hold: \(names).")
    problem.faults = faults
    return problem
  }

  static func retry(_ code: Code, _ detail: String, after seconds: Int) -> Self {
    var problem = Self(code, detail)
    problem.headers[.retryAfter] = String(seconds)
    return problem
  }

  static func positionAhead(_ position: Position, head: Position) -> Self {
    .retry(
      .positionAhead, "The log ends at event \(head); there is no event \(position) yet.", after: 1)
  }

  /// A failure of the log.
  init(_ error: EventLogError) {
    switch error {
    case .diskFull: self.init(.diskFull, error.message)
    case .erased, .erasedContent: self.init(.erased, error.message)
    case .missing: self.init(.notFound, error.message)
    case .damaged: self.init(.internal, error.message)
    default: self = .retry(.unavailable, error.message, after: 5)
    }
  }

  /// A refusal of the domain.
  init(_ error: ScreeningError) {
    switch error.kind {
    case .invalid: self.init(.invalid, error.description)
    case .notFound: self.init(.notFound, error.description)
    case .erased: self.init(.erased, error.description)
    case .conflict: self.init(.conflict, error.description)
    case .stale: self.init(.stale, error.description)
    case .unauthenticated: self.init(.unauthenticated, error.description)
    case .forbidden: self.init(.forbidden, error.description)
    case .diskFull: self.init(.diskFull, error.description)
    case .unavailable, .cancelled: self = .retry(.unavailable, error.description, after: 5)
    case .damaged: self.init(.internal, error.description)
    }
  }
}
