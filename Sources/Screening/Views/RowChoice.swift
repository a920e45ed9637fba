import Projections

/// A choice that rows and the index keep as its number, which costs less than its name.
protocol RowChoice: Sendable, Equatable {
  /// All of them, in an order that changes with the projection's version only.
  static var choices: [Self] { get }
  /// The place among them.
  var ordinal: UInt8 { get }
}

extension ApplicantState: RowChoice {
  static let choices = allCases
  var ordinal: UInt8 {
    switch self {
    case .active: 0
    case .withdrawn: 1
    case .duplicate: 2
    case .erased: 3
    }
  }
}

extension Label: RowChoice {
  static let choices = allCases
  var ordinal: UInt8 {
    switch self {
    case .ok: 0
    case .ng: 1
    case .hold: 2
    }
  }
}

extension Outcome: RowChoice {
  static let choices = allCases
  var ordinal: UInt8 {
    switch self {
    case .review: 0
    case .secondLook: 1
    case .undecidable: 2
    case .unscored: 3
    }
  }
}

extension RowChoice {
  init?(ordinal: UInt8) {
    guard Int(ordinal) < Self.choices.count else { return nil }
    self = Self.choices[Int(ordinal)]
  }
}

extension RowEncoder {
  mutating func encode(_ choice: some RowChoice) { bytes.append(choice.ordinal) }
}

extension RowDecoder {
  mutating func ordinalChoice<Value: RowChoice>() throws(RowCodingError) -> Value {
    guard let ordinal = UInt8(exactly: try number()), let choice = Value(ordinal: ordinal) else {
      throw RowCodingError()
    }
    return choice
  }
}
