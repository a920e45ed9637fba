/// A number modulo the prime 2⁶¹ − 1: arithmetic in which sums of whole numbers stay exact however often they are
/// multiplied and divided.
struct Residue: Hashable, Sendable {
  private static let prime: UInt64 = (1 << 61) - 1

  static let zero = Residue(0)
  static let one = Residue(1)

  private let value: UInt64

  /// The residue of a number below 2⁶².
  init(_ number: UInt64) {
    value = number >= Self.prime ? number - Self.prime : number
  }

  static func + (left: Self, right: Self) -> Self { Self(left.value + right.value) }

  static func - (left: Self, right: Self) -> Self { left + -right }

  static prefix func - (residue: Self) -> Self { Self(prime - residue.value) }

  static func * (left: Self, right: Self) -> Self {
    let (high, low) = left.value.multipliedFullWidth(by: right.value)
    return Self(low & prime) + Self(low >> 61 | high << 3)
  }

  /// What gives one when multiplied with a residue that is not zero (Fermat).
  var inverse: Self {
    var (power, result, exponent) = (self, Self.one, Self.prime - 2)
    while exponent > 0 {
      if exponent & 1 == 1 { result = result * power }
      power = power * power
      exponent >>= 1
    }
    return result
  }

  /// The one of a residue and its negative that is the same for both.
  var withoutSign: Self { value <= Self.prime / 2 ? self : -self }
}
