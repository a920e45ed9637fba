import EventStore
import Foundation
import HTTPTypes
import Hummingbird

extension Answer {
  /// Says where the log ended when the answer was computed, unless it says a position of its own.
  mutating func mark(_ head: Position?) {
    guard let head, !headers.contains(.position) else { return }
    headers[.position] = String(head.rawValue)
  }

  /// Says under which signed checkpoint everything lies that a command has recorded; in Base64, as a note has lines.
  mutating func vouch(_ checkpoint: String) {
    headers[.checkpoint] = Data(checkpoint.utf8).base64EncodedString()
  }

  /// Leaves the members of records out that a request does not choose.
  mutating func choose(_ arguments: Arguments, in endpoint: Endpoint) {
    guard let records = endpoint.records, let choice = FieldChoice(arguments.text("fields")),
      headers[.contentType] == "application/json", case .bytes(let bytes) = body
    else { return }
    body = .bytes(choice.cut(bytes, as: records))
  }

  /// Says the entity tag, if there is one, and answers 304 where the client has that one.
  mutating func negotiate(with request: Request) {
    guard let tag else { return }
    headers[.eTag] = tag.description
    guard let condition = request.headers[.ifNoneMatch], tag.matches(condition) else { return }
    status = .notModified
    body = .none
    headers[.contentType] = nil
  }

  /// Adds what keeps browsers and caches from doing more with an answer than was asked.
  mutating func secure(for request: Request, allowing origins: Set<String>, overTLS: Bool) {
    if overTLS { headers[.strictTransportSecurity] = "max-age=31536000" }
    headers[.contentTypeOptions] = "nosniff"
    headers[.referrerPolicy] = "no-referrer"
    headers[.resourcePolicy] = "same-origin"
    if !headers.contains(.contentSecurityPolicy) {
      headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    }
    if !headers.contains(.cacheControl) {
      headers[.cacheControl] =
        status == .ok && headers.contains(.eTag)
          || status == .notModified ? "private, no-cache" : "no-store"
    }
    headers[.vary] = "Authorization, Accept, Origin"
    if closes { headers[.connection] = "close" }
    guard let origin = request.headers[.origin], origins.contains(origin) else { return }
    headers[.accessControlAllowOrigin] = origin
    headers[.accessControlExposeHeaders] =
      "ETag, Link, Location, Retry-After, Senko-Checkpoint, Senko-Position"
    headers[.resourcePolicy] = "cross-origin"
    if request.method == .options, let allow = headers[.allow] {
      headers[.accessControlAllowMethods] = allow
      headers[.accessControlAllowHeaders] =
        "Authorization, Content-Type, Idempotency-Key, If-None-Match, Senko-Decided-At"
      headers[.accessControlMaxAge] = "600"
    }
  }

  /// The answer as Hummingbird writes it.
  func response(withBody: Bool) -> Response {
    let response: Response
    switch body {
    case .none: response = Response(status: status, headers: headers)
    case .bytes(let bytes):
      response = Response(
        status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    case .stream(let write):
      response = Response(
        status: status, headers: headers,
        body: .init { writer in
          try await write(&writer)
          try await writer.finish(nil)
        })
    }
    let shown = withBody ? response : response.createHeadResponse()
    return closes ? shown.asLast : shown
  }
}

extension Response {
  /// The response as the last of its connection: no request behind it is read, even where it has arrived already.
  fileprivate var asLast: Response {
    var response = self
    let body = body
    response.body = ResponseBody(contentLength: body.contentLength) { writer in
      try await body.write(writer)
      throw ConnectionEnds()
    }
    return response
  }
}

/// Thrown after the last part of an answer, upon which no other request of the connection is looked at.
private struct ConnectionEnds: Error {}
