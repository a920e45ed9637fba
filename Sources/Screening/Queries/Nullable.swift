/// An optional that is written as `null` rather than left out.
@propertyWrapper
public struct Nullable<Value: Encodable & Sendable>: Encodable, Sendable {
  /// The value, or `nil`.
  public var wrappedValue: Value?

  /// Wraps a value.
  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  /// Writes the value or `null`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue {
      try container.encode(wrappedValue)
    } else {
      try container.encodeNil()
    }
  }
}

extension Nullable: Decodable where Value: Decodable {
  /// Reads the value or `null`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }
}

extension Nullable: Equatable where Value: Equatable {}

/// The name of a JSON member, written as a literal.
struct MemberName: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringLiteral value: String) { stringValue = value }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedEncodingContainer<MemberName> {
  /// Writes a Double as the 16 hexadecimal digits of its bits, and as a number under `…Decimal`.
  mutating func encode(bits value: Double?, forKey name: MemberName) throws {
    let decimal = MemberName(stringLiteral: name.stringValue + "Decimal")
    if let value {
      try encode(hexadecimal(value), forKey: name)
      try encode(value, forKey: decimal)
    } else {
      try encodeNil(forKey: name)
      try encodeNil(forKey: decimal)
    }
  }
}
