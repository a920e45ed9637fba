/// A value in the subset of JSON that events are written in: strings, integers below 2^53 in magnitude,
/// arrays, and objects.
///
/// There is one encoding of each value: UTF-8, members sorted by the bytes of their ASCII names, no
/// blanks, and only those escapes that RFC 8259 demands, in their shortest form.
public enum JSONValue: Sendable, Hashable {
  /// A text.
  case string(String)
  /// A whole number, |n| < 2^53.
  case integer(Int64)
  /// Values in order.
  case array([JSONValue])
  /// Values by name.
  case object(JSONObject)

  /// The text, if this is one.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The number, if this is one.
  public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

  /// The number, if it is one and not below zero.
  var unsigned: UInt64? { integer.flatMap { UInt64(exactly: $0) } }
  /// The items, if this is an array.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  /// The members, if this is an object.
  public var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The member of this name, if this is an object that has one.
  public subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Wraps a text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Wraps a number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// Wraps items.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Wraps members; of a name that stands twice the last value counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    var members = JSONObject()
    for (name, value) in elements { members[name] = value }
    self = .object(members)
  }
}
