/// What one applicant teaches: the nouns of the résumé, and the label that a person gave.
public struct Example: Sendable {
  /// The applicant's number; no two examples of a set share it.
  public var number: UInt64
  /// Terms as UTF-8 bytes with how often each occurs, in any order; a repeated term counts as the sum.
  public var terms: [(term: [UInt8], count: UInt32)]
  /// Whether the label is OK.
  public var label: Bool

  /// Describes one applicant.
  public init(number: UInt64, terms: [(term: [UInt8], count: UInt32)], label: Bool) {
    self.number = number
    self.terms = terms
    self.label = label
  }
}
