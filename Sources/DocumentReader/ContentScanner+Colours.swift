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

  /// The parts of light of the colour that an operator chooses, as far as its numbers tell.
  func colour(_ name: UInt32) -> Coverings.Colour? {
    func part(_ place: Int) -> Double { numbers[numbers.count - place] }
    return switch (name, numbers.count) {
    case (Self.key("g"), 1...): Coverings.Colour(repeating: part(1))
    case (Self.key("r", "g"), 3...), (Self.key("s", "c"), 3), (Self.key("s", "c", "n"), 3):
      Coverings.Colour(part(3), part(2), part(1))
    case (Self.key("k"), 4...), (Self.key("s", "c"), 4), (Self.key("s", "c", "n"), 4):
      1
        - (Coverings.Colour(part(4), part(3), part(2)) + part(1)).clamped(
          lowerBound: .zero, upperBound: .one)
    default: nil
    }
  }

  private func rgb(_ first: Int) -> Double {
    Self.lightness(numbers[first], numbers[first + 1], numbers[first + 2])
  }

  private func cmyk(_ first: Int) -> Double { 1 - min(1, rgb(first) + numbers[first + 3]) }
}
