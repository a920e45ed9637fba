import HTTPTypes
import Screening
import Hummingbird

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An answer before it is written: status, fields, body.
struct Answer: Sendable {
  /// What follows the head.
  enum Body: Sendable {
    case none
    case bytes([UInt8])
    /// Written piece by piece; the writer waits for slow clients.
    case stream(@concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void)
  }

  var status: HTTPResponse.Status
  var headers: HTTPFields
  var body: Body
  /// Whether the body is written later than the head.
  var isStream: Bool {
    if case .stream = body { true } else { false }
  }
  /// The tag of the body of a successful `GET`.
  var tag: EntityTag?
  /// Whether the connection is closed afterwards.
  var closes = false

  init(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// `value` as JSON with sorted keys and a line feed at the end.
  static func json(
    _ value: some Encodable, _ status: HTTPResponse.Status = .ok,
    type: String = "application/json"
  ) throws(Problem) -> Answer {
    Answer(status, headers: [.contentType: type], body: .bytes(try JSON.encode(value) + [0x0A]))
  }

  /// `{"message": …}`, as the first API answers commands.
  static func message(
    _ text: String, _ status: HTTPResponse.Status = .ok
  ) throws(Problem) -> Answer {
    try json(["message": text], status)
  }

  /// Plain text in UTF-8.
  static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Answer {
    Answer(headers: [.contentType: type], body: .bytes(Array(text.utf8)))
  }

  /// A page that needs nothing else: no script, no other file.
  static func page(_ html: String) -> Answer {
    var answer = text(html, type: "text/html; charset=utf-8")
    answer.headers[.contentSecurityPolicy] =
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return answer
  }
}

/// JSON at the edge: what goes out has sorted keys, what comes in is checked by its type.
enum JSON {
  static func encode(_ value: some Encodable) throws(Problem) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(value))
    } catch {
      throw .internal
    }
  }

  /// Decodes a body.
  ///
  /// - Parameter known: the members that its objects may have; `nil` passes over others.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], known: KnownMembers? = nil
  ) throws(Problem) -> Value {
    do {
      let value = try JSONDecoder().decode(type, from: Data(bytes))
      let names = try MemberNames(of: bytes)
      try known?.require(names)
      return value
    } catch let problem as Problem {
      throw problem
    } catch MemberNames.Fault.repeated {
      throw .invalid("An object of the JSON body has a key twice. Send each once.")
    } catch MemberNames.Fault.unreadable {
      throw .invalid("The body is not JSON in UTF-8 (RFC 8259, section 8.1). Encode it so.")
    } catch DecodingError.keyNotFound(let key, _) {
      throw .invalid("The JSON object lacks the key '\(key.stringValue)'.")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context)
    {
      let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      throw .invalid("The JSON value at '/\(path.joined(separator: "/"))' has another type.")
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      throw .invalid("The JSON value at '/\(path.joined(separator: "/"))' cannot be used.")
    } catch {
      throw .invalid("The body is not valid JSON of the shape that /openapi.json describes.")
    }
  }
}
