/// A media type with its parameters (RFC 9110, section 8.3.1).
struct ContentType: Sendable, Hashable {
  /// `type/subtype` in lower case.
  let name: String
  /// The parameters; names in lower case.
  let parameters: [String: String]

  /// Parses a `Content-Type` field, or `nil` where it has no such form.
  init?(_ field: String) {
    guard let (value, parameters) = HeaderValue.parse(field), value.contains("/") else {
      return nil
    }
    name = value.lowercased()
    self.parameters = parameters
  }
}

/// A field value of the form `value; name=text; name="quoted text"`.
enum HeaderValue {
  /// The value and its parameters, names in lower case, or `nil` where the form is broken.
  static func parse(_ field: String) -> (value: String, parameters: [String: String])? {
    var rest = Array(field.utf8)[...]
    let value = trimmed(take(from: &rest, until: [UInt8(ascii: ";")]))
    guard !value.isEmpty else { return nil }
    var parameters: [String: String] = [:]
    while rest.first == UInt8(ascii: ";") {
      rest = rest.dropFirst()
      let name = trimmed(take(from: &rest, until: [UInt8(ascii: ";"), UInt8(ascii: "=")]))
      guard rest.first == UInt8(ascii: "=") else {
        if name.isEmpty { continue }
        return nil
      }
      rest = rest.dropFirst()
      while rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
      let text: String
      if rest.first == UInt8(ascii: "\"") {
        rest = rest.dropFirst()
        guard let quoted = takeQuoted(from: &rest) else { return nil }
        text = quoted
        _ = take(from: &rest, until: [UInt8(ascii: ";")])
      } else {
        text = trimmed(take(from: &rest, until: [UInt8(ascii: ";")]))
      }
      guard parameters.updateValue(text, forKey: name.lowercased()) == nil else { return nil }
    }
    return (value, parameters)
  }

  private static func take(from rest: inout ArraySlice<UInt8>, until stops: [UInt8]) -> [UInt8] {
    let end = rest.firstIndex(where: stops.contains) ?? rest.endIndex
    defer { rest = rest[end...] }
    return Array(rest[..<end])
  }

  private static func takeQuoted(from rest: inout ArraySlice<UInt8>) -> String? {
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return String(validating: bytes, as: UTF8.self) }
      // Browsers send a backslash in a file's name as it is; only quotes are escaped (WHATWG HTML).
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "\"") {
        bytes.append(UInt8(ascii: "\""))
        rest = rest.dropFirst()
      } else {
        bytes.append(byte)
      }
    }
    return nil
  }

  private static func trimmed(_ bytes: [UInt8]) -> String {
    let blank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    let start = bytes.firstIndex { !blank($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !blank($0) }.map { $0 + 1 } ?? start
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
