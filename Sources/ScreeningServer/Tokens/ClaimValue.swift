/// A value of a token's header or payload, whatever it is.
enum ClaimValue: Decodable, Sendable, Hashable {
  case null
  case flag(Bool)
  case integer(Int64)
  case fraction(Double)
  case text(String)
  case list([ClaimValue])
  case object([String: ClaimValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let integer = try? container.decode(Int64.self) {
      self = .integer(integer)
    } else if let fraction = try? container.decode(Double.self) {
      self = .fraction(fraction)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([ClaimValue].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: ClaimValue].self))
    }
  }

  /// What Python's `int()` makes of the value: fractions are cut, digits in text count.
  var asInteger: Int64? {
    switch self {
    case .integer(let integer): integer
    case .fraction(let fraction): Int64(exactly: fraction.rounded(.towardZero))
    case .flag(let flag): flag ? 1 : 0
    case .text(let text): Int64(text)
    case .null, .list, .object: nil
    }
  }

  /// The text, if it is one.
  var asText: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }
}
