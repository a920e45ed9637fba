import Cryptography
import EventStore

/// The typed content of one event of the log.
///
/// Encoding and decoding are exact inverses; `snapshots/events` holds the bytes of every type. All types are of
/// version 1 so far; a later one will be read from the earlier one's fields by a pure function. An event of a version
/// that this program does not know is refused, and never read as one that it knows.
protocol DomainEvent: Sendable, Hashable {
  /// The event's type, `noun.verbed`.
  static var type: String { get }
  /// The stream that the event belongs to.
  var stream: String { get }
  /// The event's data.
  var data: JSONValue { get }
  /// Reads the data of an event of this type.
  init(_ fields: EventFields) throws(ScreeningError)
}

extension DomainEvent {
  /// The event as the log takes it.
  func draft(
    happened: String? = nil, onBehalfOf: UserNumber? = nil, cause: EventDraft.Cause? = nil
  ) -> EventDraft {
    EventDraft(
      stream: stream, type: Self.type, data: data, happened: happened,
      onBehalfOf: onBehalfOf?.stream, cause: cause)
  }

  /// Reads the content of `event`, which is of this type.
  init(_ event: Event) throws(ScreeningError) {
    try self.init(EventFields(event))
  }
}

/// Builds an event's data, leaving out the members that are `nil`.
func eventData(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
  var object = JSONObject()
  for (name, value) in members where value != nil { object[name] = value }
  return .object(object)
}

/// The members of an event's data, read by name and kind.
struct EventFields: Sendable {
  private let members: JSONObject
  private let type: String
  private let position: Position

  /// The version of every type's data.
  static let version = 1

  /// - Throws: `.unavailable` for an event of another version, which a newer program wrote.
  init(_ event: Event) throws(ScreeningError) {
    guard event.version == Self.version else {
      throw .unavailable(
        "Event \(event.position) of type \(event.type) is of version \(event.version), and this program reads "
          + "version \(Self.version). Use a newer senko.")
    }
    self.init(event.data, of: event.type, at: event.position)
  }

  init(_ data: JSONValue, of type: String, at position: Position) {
    members = data.object ?? [:]
    self.type = type
    self.position = position
  }

  private func missing(_ name: String) -> ScreeningError {
    .damaged(
      "Event \(position) of type \(type) has no member '\(name)' of the expected kind; it was written "
        + "by a later version, or is damaged. 'senko verify' tells which.")
  }

  /// The member `name` read by `convert`, or an error that names event and member.
  func require<Value>(
    _ name: String, _ convert: (JSONValue) -> Value?
  ) throws(ScreeningError) -> Value {
    guard let member = members[name], let value = convert(member) else { throw missing(name) }
    return value
  }

  /// As `require`, but `nil` when there is no such member.
  func optional<Value>(
    _ name: String, _ convert: (JSONValue) -> Value?
  ) throws(ScreeningError) -> Value? {
    guard let member = members[name] else { return nil }
    guard let value = convert(member) else { throw missing(name) }
    return value
  }

  func string(_ name: String) throws(ScreeningError) -> String { try require(name) { $0.string } }
  func integer(_ name: String) throws(ScreeningError) -> Int {
    try require(name) { $0.integer.map(Int.init) }
  }
  func number<Kind>(_ name: String) throws(ScreeningError) -> Number<Kind> {
    try require(name) { $0.number() }
  }
  func opening(_ name: String = "opening") throws(ScreeningError) -> Opening {
    try require(name) { value in value.string.flatMap { try? Opening($0) } }
  }
  func subject(_ name: String = "subject") throws(ScreeningError) -> SubjectID {
    try require(name) { value in value.string.flatMap { SubjectID(hex: $0) } }
  }
  func sealed(_ name: String) throws(ScreeningError) -> SealedReference {
    try require(name) { SealedReference($0) }
  }
  func digest(_ name: String) throws(ScreeningError) -> Digest {
    try require(name) { value in value.string.flatMap { Digest(hex: $0) } }
  }
  func choice<Value: RawRepresentable<String>>(
    _ name: String, as _: Value.Type = Value.self
  ) throws(ScreeningError) -> Value {
    try require(name) { value in value.string.flatMap { Value(rawValue: $0) } }
  }
  func position(_ name: String) throws(ScreeningError) -> Position {
    try require(name) { $0.position }
  }
}

extension JSONValue {
  /// A number of any kind.
  func number<Kind>() -> Number<Kind>? {
    integer.flatMap { $0 > 0 ? Number(UInt64($0)) : nil }
  }

  /// A position of the log; zero stands for "none".
  var position: Position? { integer.flatMap { $0 >= 0 ? Position(rawValue: UInt64($0)) : nil } }

  /// A list of slugs.
  var strings: [String]? {
    guard let array else { return nil }
    let strings = array.compactMap(\.string)
    return strings.count == array.count ? strings : nil
  }

  /// A list of positions.
  var positions: [Position]? {
    guard let array else { return nil }
    let positions = array.compactMap(\.position)
    return positions.count == array.count ? positions : nil
  }

  init<Kind>(_ number: Number<Kind>) { self = .integer(Int64(number.rawValue)) }
  init(_ position: Position) { self = .integer(Int64(position.rawValue)) }
  init(_ count: Int) { self = .integer(Int64(count)) }
  init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }
  init(_ positions: [Position]) { self = .array(positions.map { JSONValue($0) }) }

  /// A Double as the 16 hexadecimal digits of its bits, so that no digit is lost or invented.
  init(bits value: Double) { self = .string(hexadecimal(value)) }

  /// The Double whose bits stand in 16 hexadecimal digits.
  var double: Double? {
    guard let string, string.utf8.count == 16, let bits = UInt64(string, radix: 16) else {
      return nil
    }
    return Double(bitPattern: bits)
  }
}

/// The bits of `value` as 16 hexadecimal digits.
func hexadecimal(_ value: Double) -> String {
  let digits = String(value.bitPattern, radix: 16)
  return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
