/// Spans that are asked for from the beginning of a text to its end: of all that lie over a token, the first.
struct SpanSweep {
  private var spans: [Span] = []
  /// Where the first stands that ends behind all that has been asked for.
  private var next = 0

  /// Adds a span that begins no earlier than those before it.
  mutating func add(_ span: Span) { spans.append(span) }

  /// The first span that shares a byte with a range, which begins no earlier than those asked for before.
  ///
  /// - Complexity: O(1), amortised.
  mutating func first(over range: Range<Int>) -> Span? {
    while next < spans.count, spans[next].range.upperBound <= range.lowerBound { next += 1 }
    guard next < spans.count, spans[next].range.lowerBound < range.upperBound else { return nil }
    return spans[next]
  }
}
