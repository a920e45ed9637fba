/// How gladly a client takes media types, by its `Accept` field (RFC 9110, section 12.5.1).
struct Acceptance: Sendable {
  private let ranges: [ContentType]

  /// - Parameter field: the field, if there is one; without it everything is as welcome.
  init(_ field: String?) {
    ranges = (field ?? "*/*").split(separator: ",").compactMap { ContentType(String($0)) }
  }

  /// Whether the client names `type` before `other`; where both are as welcome, it does not.
  func prefers(_ type: String, to other: String) -> Bool { weight(of: type) > weight(of: other) }

  /// The weight of the range that fits `type` most closely; zero where none does.
  private func weight(of type: String) -> Double {
    let family = type.prefix { $0 != "/" } + "/*"
    for range in [type, String(family), "*/*"] {
      guard let match = ranges.first(where: { $0.name == range }) else { continue }
      return match.parameters["q"].map { Double($0) ?? 0 } ?? 1
    }
    return 0
  }
}
