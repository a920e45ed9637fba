import HTTPTypes

extension OpenAPI {
  /// What an endpoint answers, by status.
  static func responses(_ endpoint: Endpoint, _ description: Description) -> [String: JSONTree] {
    var responses: [String: JSONTree] = [:]
    responses[String(description.success.code)] = [
      "description": .text(description.success.reasonPhrase),
      "content": content(description.content, description.success),
    ]
    if endpoint.isCommand, description.success == .created {
      responses["200"] = [
        "description": .text(
          "Recorded before under the same Idempotency-Key"
            + (endpoint.tellsProgress ? "; or in lines, whether before or now" : "")),
        "content": content(description.content, .ok),
      ]
    }
    if endpoint.method == .get { responses["304"] = ["description": "Not Modified"] }
    var problems = Dictionary(grouping: problems(of: endpoint), by: \.status.code)
    if problems[401]?.contains(.token) == true {
      problems[HTTPResponse.Status.unprocessableContent.code] = [.token]
    }
    for (status, codes) in problems {
      let titles = codes.map(\.title).sorted()
      responses[String(status)] = [
        "description": .text(titles.joined(separator: "; ")),
        "content": problemContent(endpoint.dialect),
      ]
    }
    return responses
  }

  /// What may go wrong at an endpoint.
  private static func problems(of endpoint: Endpoint) -> Set<Problem.Code> {
    var codes = Set(endpoint.description.problems)
    codes.formUnion([.invalid, .internal, .unavailable])
    switch endpoint.access {
    case .everyone: break
    case .refreshToken: codes.insert(.token)
    case .roles, .thisMachineOr: codes.formUnion([.token, .forbidden])
    }
    if !endpoint.captures.isEmpty { codes.insert(.notFound) }
    if endpoint.query.contains(where: { $0.name == "minPosition" }) { codes.insert(.positionAhead) }
    if endpoint.method != .get { codes.insert(.diskFull) }
    if endpoint.isCommand { codes.formUnion([.conflict, .erased, .positionAhead, .stale]) }
    switch endpoint.description.body {
    case .none: break
    case .form, .json: codes.formUnion([.tooLarge, .mediaType])
    }
    return codes
  }

  private static func content(
    _ content: Description.Content, _ status: HTTPResponse.Status
  ) -> JSONTree {
    switch content {
    // Lines begin before it is known how the work ends.
    case .reported(let name, let type) where status == .ok:
      JSONTree.object([
        "application/json": ["schema": reference(name)],
        ProgressLines.mediaType: ["schema": reference("ProgressLine")],
      ]).with(type.map { [$0: ["schema": ["type": "string"]]] } ?? [:])
    case .reported(let name, _): ["application/json": ["schema": reference(name)]]
    case .json(let name): ["application/json": ["schema": reference(name)]]
    case .text(let type): .object([type: ["schema": ["type": "string"]]])
    case .lines(let type, let name): .object([type: ["schema": reference(name)]])
    case .either(let name, let type):
      .object([
        "application/json": ["schema": reference(name)], type: ["schema": ["type": "string"]],
      ])
    case .file(let types):
      .object(Dictionary(uniqueKeysWithValues: types.map { ($0, JSONTree.object([:])) }))
    }
  }

  private static func problemContent(_ dialect: Dialect) -> JSONTree {
    switch dialect {
    case .seed: ["application/json": ["schema": reference("Refusal")]]
    case .problem: ["application/problem+json": ["schema": reference("Problem")]]
    }
  }
}
