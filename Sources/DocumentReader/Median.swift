extension Segment {
  /// The value in the middle, or between the two in the middle; 0 of none.
  ///
  /// - Complexity: O(n) on average.
  static func median(_ values: [Double]) -> Double {
    guard let first = values.first else { return 0 }
    // The heights of a line's characters are nearly always one.
    guard values.contains(where: { $0 != first }) else { return first }
    var values = values
    let middle = values.count / 2
    let upper = select(middle, in: &values)
    guard values.count % 2 == 0 else { return upper }
    // What stands before the place is no larger than what stands there.
    let lower = values[..<middle].reduce(-.infinity) { max($0, $1) }
    return (lower + upper) / 2
  }

  /// The value that would stand at `place` if `values` were in order (Hoare's algorithm 65).
  private static func select(_ place: Int, in values: inout [Double]) -> Double {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let pivot = values[(low + high) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          (left, right) = (left + 1, right - 1)
        }
      }
      if place <= right { high = right } else if place >= left { low = left } else { break }
    }
    return values[place]
  }
}
