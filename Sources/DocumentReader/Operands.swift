/// The numbers before an operator of a content stream, the first 64 of them, without a heap allocation.
struct Operands {
  private var numbers = InlineArray<64, Double>(repeating: 0)
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  var last: Double? { count > 0 ? numbers[count - 1] : nil }

  subscript(place: Int) -> Double { numbers[place] }

  mutating func append(_ number: Double) {
    guard count < numbers.count else { return }
    numbers[count] = number
    count += 1
  }

  mutating func removeAll() { count = 0 }
}
