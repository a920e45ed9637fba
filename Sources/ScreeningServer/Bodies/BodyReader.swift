import HTTPTypes
import Hummingbird
import NIOCore

/// Reads request bodies up to a limit, whatever their length field says.
struct BodyReader: Sendable {
  let limit: Int
  /// The members that a JSON object may have; `nil` passes over others.
  let members: KnownMembers?
  /// What the client may wait for.
  let invitation: Invitation

  /// The media types that a form may come as.
  private static let formTypes =
    "multipart/form-data, application/json or application/x-www-form-urlencoded"

  /// The whole body.
  ///
  /// - Throws: `Problem.tooLarge` once it has more than `limit` bytes; the rest is not read.
  func bytes(of request: Request) async throws -> [UInt8] {
    try begin(request)
    var bytes: [UInt8] = []
    for try await var piece in request.body {
      guard bytes.count + piece.readableBytes <= limit else { throw tooLarge }
      bytes.append(contentsOf: piece.readBytes(length: piece.readableBytes) ?? [])
    }
    return bytes
  }

  /// The body as a form; a multipart body is taken apart while it arrives.
  func form(of request: Request) async throws -> RequestForm {
    guard let field = request.headers[.contentType], let type = ContentType(field) else {
      throw Problem(.mediaType, "The request has no Content-Type. Send \(Self.formTypes).")
    }
    switch type.name {
    case "application/json": return try RequestForm(json: try await bytes(of: request))
    case "application/x-www-form-urlencoded":
      return try RequestForm(encoded: try await bytes(of: request))
    case "multipart/form-data": return try await multipart(of: request, type)
    default: throw Problem(.mediaType, "The body has another type than \(Self.formTypes).")
    }
  }

  /// The body as a JSON value.
  func json<Value: Decodable>(_ value: Value.Type, of request: Request) async throws -> Value {
    guard let type = request.headers[.contentType].flatMap(ContentType.init),
      type.name == "application/json"
    else { throw Problem(.mediaType, "The body has another type than application/json.") }
    return try JSON.decode(value, from: try await bytes(of: request), known: members)
  }

  private func multipart(of request: Request, _ type: ContentType) async throws -> RequestForm {
    guard let boundary = type.parameters["boundary"] else {
      throw Problem.invalid("The Content-Type multipart/form-data names no boundary.")
    }
    try begin(request)
    do {
      var parser = try MultipartParser(boundary: boundary)
      var count = 0
      for try await piece in request.body {
        count += piece.readableBytes
        guard count <= limit else { throw tooLarge }
        try parser.consume(piece.readableBytesView)
      }
      return try RequestForm(try parser.finish())
    } catch let fault as MultipartParser.Fault {
      throw Problem.invalid(fault.description)
    }
  }

  /// Asks for the body, unless it is announced to be too large.
  private func begin(_ request: Request) throws(Problem) {
    if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
      throw tooLarge
    }
    invitation.give(request)
  }

  private var tooLarge: Problem { .tooLarge(limit: limit, "The body") }
}
