/// The operands before an operator of a content stream that are numbers, without a heap allocation.
///
/// Only the first 33 operands count, as for poppler and others who show the file: no operator has more.
struct Operands {
  private var numbers = InlineArray<33, Double>(repeating: 0)
  private(set) var count = 0
  /// How many operands are none.
  private(set) var others = 0

  var isEmpty: Bool { count == 0 }
  var last: Double? { count > 0 ? numbers[count - 1] : nil }

  subscript(place: Int) -> Double { numbers[place] }

  mutating func append(_ number: Double) {
    guard count + others < numbers.count else { return }
    numbers[count] = number
    count += 1
  }

  /// Takes note of a name, a string, an array or a dictionary.
  mutating func appendOther() { others += 1 }

  mutating func removeAll() { (count, others) = (0, 0) }
}
