extension Segment {
  /// The value in the middle, or between the two in the middle; 0 of none.
  ///
  /// - Complexity: O(n) on average.
  static func median(_ values: [Double]) -> Double {
    unsafe median(ofAtMost: values.count) { buffer in
      for (index, value) in values.enumerated() { unsafe buffer[index] = value }
      return values.count
    }
  }

  /// As `median`, of the values that `fill` puts into room for `limit`; it returns how many these are.
  static func median(
    ofAtMost limit: Int, _ fill: (UnsafeMutableBufferPointer<Double>) -> Int
  ) -> Double {
    unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: limit) { buffer in
      let count = unsafe fill(buffer)
      return unsafe median(in: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// As `median`, of values whose order is of no more use.
  @unsafe static func median(in values: UnsafeMutableBufferPointer<Double>) -> Double {
    guard let first = unsafe values.first else { return 0 }
    // The heights of a line's characters are nearly always one.
    guard unsafe values.contains(where: { $0 != first }) else { return first }
    let middle = values.count / 2
    let upper = unsafe select(middle, in: values)
    guard values.count % 2 == 0 else { return upper }
    // What stands before the place is no larger than what stands there.
    var lower = -Double.infinity
    for index in 0..<middle { lower = unsafe max(lower, values[index]) }
    return (lower + upper) / 2
  }

  /// The value that would stand at `place` if `values` were in order (Hoare's algorithm 65).
  @unsafe private static func select(
    _ place: Int, in values: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let pivot = unsafe values[(low + high) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while unsafe values[left] < pivot { left += 1 }
        while unsafe values[right] > pivot { right -= 1 }
        if left <= right {
          unsafe values.swapAt(left, right)
          (left, right) = (left + 1, right - 1)
        }
      }
      if place <= right { high = right } else if place >= left { low = left } else { break }
    }
    return unsafe values[place]
  }
}
