import HTTPTypes
import Screening

/// The OpenAPI 3.1 document, made of the table of endpoints.
enum OpenAPI {
  static let document: JSONTree = [
    "openapi": "3.1.0",
    "info": [
      "title": "senko", "version": "1",
      "summary": "An event-sourced record store for screening applications (選考)",
      "description": """
      A score never turns anyone down: `ng` is always an event made by a named person. Log in at \
      `/user/login` and send the access token as `Authorization: Bearer …`. Queries take `asOf`, a \
      position in the log or a time; answers name the position they hold at in `Senko-Position`, and those of \
      commands the signed checkpoint over what they recorded in `Senko-Checkpoint` (Base64). A date alone \
      is a day in Japan (UTC+9): its end where a state is asked about or a range ends, its beginning elsewhere.
      """,
    ],
    "servers": [["url": "/"]],
    "paths": .object(paths),
    "components": [
      "schemas": .object(Schemas.all),
      "securitySchemes": [
        "access": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
        "refresh": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
      ],
    ],
  ]

  private static var paths: [String: JSONTree] {
    var paths: [String: [String: JSONTree]] = [:]
    for endpoint in Endpoint.allCases {
      let method = endpoint.method.rawValue.lowercased()
      paths[endpoint.template, default: [:]][method] = operation(endpoint)
    }
    return paths.mapValues(JSONTree.object)
  }

  private static func operation(_ endpoint: Endpoint) -> JSONTree {
    let description = endpoint.description
    var operation: [String: JSONTree] = [
      "operationId": .text(endpoint.rawValue),
      "tags": [.text(description.tag)],
      "summary": .text(description.summary),
      "responses": .object(responses(endpoint, description)),
    ]
    let parameters =
      endpoint.captures.map { parameter($0, place: "path") }
      + endpoint.query.map { parameter($0, place: "query") } + headers(endpoint)
    if !parameters.isEmpty { operation["parameters"] = .list(parameters) }
    if let body = requestBody(description.body) { operation["requestBody"] = body }
    switch endpoint.access {
    case .everyone: operation["security"] = []
    case .refreshToken: operation["security"] = [["refresh": []]]
    case .thisMachineOr(let roles):
      operation["security"] = [[:], ["access": []]]
      operation["description"] = .text("From elsewhere than this machine: \(names(of: roles)).")
    case .roles(let roles):
      operation["security"] = [["access": []]]
      operation["description"] = .text("Roles: \(names(of: roles)).")
    }
    return .object(operation)
  }

  private static func names(of roles: Set<Role>) -> String {
    roles.map(\.rawValue).sorted().joined(separator: ", ")
  }

  private static func parameter(_ parameter: Parameter, place: String) -> JSONTree {
    let described: JSONTree = [
      "name": .text(parameter.name), "in": .text(place), "required": .flag(place == "path"),
      "description": .text(parameter.meaning), "schema": schema(parameter),
    ]
    guard case .words = parameter.form else { return described }
    return described.with(["style": "form", "explode": false])
  }

  private static func schema(_ parameter: Parameter) -> JSONTree {
    switch parameter.form {
    case .number(let range):
      let schema: JSONTree = [
        "type": "integer", "minimum": .number(Int(range.lowerBound)),
        "maximum": .number(Int(range.upperBound)),
      ]
      return schema.with(parameter.fallback.map { ["default": .number(Int($0))] } ?? [:])
    case .choice(let words): return ["type": "string", "enum": .list(words.map(JSONTree.text))]
    case .slug: return ["type": "string", "pattern": "^[a-z0-9-]{1,64}$"]
    case .moment: return moment
    case .time: return time
    case .text(let maximum):
      return [
        "type": "string", "minLength": 1, "maxLength": .number(maximum),
        "pattern": "^[^\\u0000-\\u001f\\u007f]*$",
      ]
    case .words(let words):
      return [
        "type": "array", "minItems": 1, "uniqueItems": true,
        "items": ["type": "string", "enum": .list(words.map(JSONTree.text))],
      ]
    // A character may take twelve signs of an address, which has to fit into a request's head.
    case .note: return ["type": "string", "minLength": 1, "maxLength": 1280]
    case .tile:
      return ["type": "string", "pattern": "^(x[0-9]{3}/)*[0-9]{3}(\\.p/[1-9][0-9]{0,2})?$"]
    case .cursor:
      return ["type": "string", "pattern": "^(0|[1-9][0-9]{0,15})\\.(0|[1-9][0-9]{0,15})$"]
    }
  }

  /// A position, an RFC 3339 time, or a day in Japan.
  static let moment: JSONTree = [
    "anyOf": .list([["type": "string", "pattern": "^(0|[1-9][0-9]{0,15})$"]] + asked)
  ]

  /// An RFC 3339 time, or a day in Japan.
  static let time: JSONTree = ["anyOf": .list(asked)]

  /// An RFC 3339 time that is recorded.
  static let recordedTime: JSONTree = ["type": "string", "format": "date-time"]

  private static let asked: [JSONTree] = [recordedTime, ["type": "string", "format": "date"]]

  private static func headers(_ endpoint: Endpoint) -> [JSONTree] {
    endpoint.isCommand ? Call.termsFields : []
  }

  private static func requestBody(_ body: Description.Body) -> JSONTree? {
    switch body {
    case .none: return nil
    case .json(let name):
      return ["required": true, "content": ["application/json": ["schema": reference(name)]]]
    case .form(let name, let required):
      // Documents are files in a multipart body and base64 in JSON; a form-encoded one has none.
      let multipart = Schemas.all[name + "Form"] == nil ? name : name + "Form"
      var content: [String: JSONTree] = [
        "application/json": ["schema": reference(name)],
        "multipart/form-data": ["schema": reference(multipart)],
      ]
      if multipart == name {
        content["application/x-www-form-urlencoded"] = ["schema": reference(name)]
      }
      return ["required": .flag(required), "content": .object(content)]
    }
  }

  static func reference(_ name: String) -> JSONTree { ["$ref": "#/components/schemas/\(name)"] }
}
