import EventStore
import Screening

/// A value that a request may carry in its path or query: how it is checked, and how OpenAPI
/// describes it.
struct Parameter: Sendable {
  /// What values look like.
  enum Form: Sendable {
    /// Decimal digits within a range.
    case number(ClosedRange<UInt64>)
    /// One of these words.
    case choice([String])
    /// `[a-z0-9-]{1,64}`.
    case slug
    /// A position in the log, an RFC 3339 time, or a date.
    case moment
    /// An RFC 3339 time, or a date.
    case time
    /// Text of at most so many bytes.
    case text(Int)
    /// What a page gave as `next`.
    case cursor
    /// Some of these words, with commas between them.
    case words([String])
    /// A checkpoint as a C2SP signed note, line feeds and all.
    case note
    /// A tile as C2SP tlog-tiles writes it.
    case tile

    /// One of the words of a type.
    static func choice<Word: RawRepresentable<String> & CaseIterable>(of _: Word.Type) -> Self {
      .choice(Word.allCases.map(\.rawValue))
    }
  }

  let name: String
  let form: Form
  let meaning: String
  /// The value where none is given; only numbers have one.
  let fallback: UInt64?

  init(_ name: String, _ form: Form, _ meaning: String, fallback: UInt64? = nil) {
    self.name = name
    self.form = form
    self.meaning = meaning
    self.fallback = fallback
  }

  /// Numbers up to here are exact in every JSON reader.
  static let largest = Position.largest.rawValue

  /// Checks `text`, which was percent-decoded.
  ///
  /// - Throws: what is wrong, as a clause after the parameter's name.
  func value(of text: String) throws(ParameterFault) -> Value {
    let hasControls = text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    switch form {
    case .note:
      guard (1...8192).contains(text.utf8.count) else { throw fault("is no signed note") }
      return .text(text)
    case _ where hasControls: throw fault("holds a control character")
    case .number(let range):
      guard let number = plainNumber(text), range.contains(number) else {
        throw fault("is not a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return .number(number)
    case .choice(let words):
      guard words.contains(text) else { throw fault("is none of \(words.joined(separator: ", "))") }
      return .text(text)
    case .slug:
      guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(isSlugByte) else {
        throw fault("is not 1 to 64 of the characters a–z, 0–9 and '-'")
      }
      return .text(text)
    case .moment:
      let moment = withOffset(text)
      guard (1...40).contains(moment.utf8.count) else {
        throw fault("is neither a position nor an RFC 3339 time nor a date")
      }
      return .text(moment)
    case .time:
      let time = withOffset(text)
      guard Timestamp(asked: time, aDateIsIts: .beginning) != nil else {
        throw fault("is no RFC 3339 time, like 2026-03-03T18:00:00+09:00, and no date")
      }
      return .text(time)
    case .text(let maximum):
      guard (1...maximum).contains(text.utf8.count) else {
        throw fault("is not 1 to \(maximum) bytes of text")
      }
      return .text(text)
    case .words(let words):
      let given = text.split(separator: ",", omittingEmptySubsequences: false)
      guard given.allSatisfy({ words.contains(String($0)) }), Set(given).count == given.count else {
        throw fault("holds other names, or one twice, than of \(words.joined(separator: ", "))")
      }
      return .text(text)
    case .tile:
      guard TileAddress(text) != nil else { throw fault("is no tile, like x001/067 or 067.p/12") }
      return .text(text)
    case .cursor:
      guard let _ = try? Cursor(text) else { throw fault("is none that a page gave as 'next'") }
      return .text(text)
    }
  }

  /// A form-encoded query turns the '+' of a time's offset into a space.
  private func withOffset(_ text: String) -> String { text.replacing(" ", with: "+") }

  private func fault(_ clause: String) -> ParameterFault {
    ParameterFault(parameter: name, clause: clause)
  }

  /// A checked value.
  enum Value: Sendable, Hashable {
    case number(UInt64)
    case text(String)
  }
}

/// What is wrong with a parameter.
struct ParameterFault: Error, Sendable {
  let parameter: String
  let clause: String
}

/// The number that `text` spells in plain decimal digits, without sign, space or leading zeros.
private func plainNumber(_ text: String) -> UInt64? {
  let digits = text.utf8
  guard (1...16).contains(digits.count),
    digits.allSatisfy(isDigit),
    digits.count == 1 || digits.first != UInt8(ascii: "0")
  else { return nil }
  return UInt64(text)
}

/// Whether `byte` is one of 0–9 in ASCII.
func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isSlugByte(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    || isDigit(byte) || byte == UInt8(ascii: "-")
}

/// The checked values of a request's path and query.
struct Arguments: Sendable {
  private var values: [String: Parameter.Value] = [:]

  init() {}

  mutating func set(_ name: String, to value: Parameter.Value) { values[name] = value }

  /// The number called `name`, or its fallback.
  func number(_ name: String) -> UInt64? {
    guard case .number(let number) = values[name] else { return nil }
    return number
  }

  /// The time called `name`, which its parameter has checked.
  func time(_ name: String) -> Timestamp? {
    text(name).flatMap { Timestamp(asked: $0, aDateIsIts: .beginning) }
  }

  /// The text called `name`.
  func text(_ name: String) -> String? {
    guard case .text(let text) = values[name] else { return nil }
    return text
  }
}
