extension ContentScanner {
  /// How light the colour is that an operator chooses, as far as its numbers tell.
  func lightness(_ name: UInt32) -> Double? {
    let first = numbers.count - (name == Self.key("k") ? 4 : name == Self.key("r", "g") ? 3 : 1)
    guard first >= 0 else { return nil }
    switch name {
    case Self.key("g"): return numbers[first]
    case Self.key("r", "g"): return rgb(first)
    case Self.key("k"): return cmyk(first)
    default: return numbers.count == 3 ? rgb(0) : numbers.count == 4 ? cmyk(0) : nil
    }
  }

  /// How light a colour of light is, or how dark one of ink, by its parts.
  static func lightness(_ one: Double, _ two: Double, _ three: Double) -> Double {
    0.299 * one + 0.587 * two + 0.114 * three
  }

  /// What is lighter nobody makes out on white paper: a grey of this lightness has a contrast of 1.2 with it, of which
  /// 4.5 is the least that is legible for everybody (WCAG 2.2, 1.4.3).
  static let pale = 0.92

  /// What is darker shows what is white.
  static let dark = 0.75

  private func rgb(_ first: Int) -> Double {
    Self.lightness(numbers[first], numbers[first + 1], numbers[first + 2])
  }

  private func cmyk(_ first: Int) -> Double { 1 - min(1, rgb(first) + numbers[first + 3]) }
}
