import HTTPTypes

extension Problem {
  /// The problem as an answer in the dialect of the route.
  func answer(in dialect: Dialect) -> Answer {
    var answer: Answer
    do throws(Problem) {
      answer =
        switch dialect {
        case .seed: try .json(seedBody, status)
        case .problem: try .json(ProblemBody(self), status, type: "application/problem+json")
        }
    } catch {
      answer = Answer(status)
    }
    answer.headers.append(contentsOf: headers)
    if status == .unauthorized { answer.headers[.wwwAuthenticate] = "Bearer" }
    answer.closes = closes
    return answer
  }

  /// The problem as problem details, a JSON text.
  var details: [UInt8] {
    get throws(Problem) { try JSON.encode(ProblemBody(self)) }
  }

  /// The body that clients of the first API know.
  private var seedBody: [String: String] {
    if let tokenFault { return ["msg": tokenFault] }
    return switch code {
    case .notFound: ["message": "Not Found."]
    case .internal: ["message": "Internal ServerError."]
    default: ["message": detail]
    }
  }
}

/// The members of problem details, RFC 9457.
private struct ProblemBody: Encodable {
  struct Fault: Encodable {
    let parameter: String
    let detail: String
  }

  let type: String
  let title: String
  let status: Int
  let detail: String
  let msg: String?
  let errors: [Fault]?

  init(_ problem: Problem) {
    type = "/problems/\(problem.code.rawValue)"
    title = problem.code.title
    status = problem.status.code
    detail = problem.detail
    msg = problem.tokenFault
    errors =
      problem.faults.isEmpty
      ? nil : problem.faults.map { Fault(parameter: $0.parameter, detail: $0.clause) }
  }
}
