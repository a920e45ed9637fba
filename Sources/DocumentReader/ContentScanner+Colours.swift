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

  private func rgb(_ first: Int) -> Double {
    0.299 * numbers[first] + 0.587 * numbers[first + 1] + 0.114 * numbers[first + 2]
  }

  private func cmyk(_ first: Int) -> Double {
    let colour = 0.299 * numbers[first] + 0.587 * numbers[first + 1] + 0.114 * numbers[first + 2]
    return 1 - min(1, colour + numbers[first + 3])
  }
}
