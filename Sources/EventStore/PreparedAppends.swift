/// Appends of one request, of which there mostly is one: then there is no array.
struct PreparedAppends: Sendable {
  private let first: PreparedAppend
  private let rest: [PreparedAppend]

  init(_ first: PreparedAppend, _ rest: [PreparedAppend] = []) {
    self.first = first
    self.rest = rest
  }

  var count: Int { 1 + rest.count }

  subscript(index: Int) -> PreparedAppend { index == 0 ? first : rest[index - 1] }
}

/// What became of the appends of one request that were reached, in order; of one alone without an array.
struct Reached<Value: Sendable>: Sendable {
  /// `nil` when none was reached.
  private(set) var first: Result<Value, EventLogError>?
  private var rest: [Result<Value, EventLogError>] = []

  init(_ first: Result<Value, EventLogError>? = nil) { self.first = first }

  mutating func append(_ result: Result<Value, EventLogError>) {
    if first == nil { first = result } else { rest.append(result) }
  }

  var all: [Result<Value, EventLogError>] { first.map { [$0] + rest } ?? [] }

  func map<Other>(_ body: (Value) -> Other) -> Reached<Other> {
    var mapped = Reached<Other>(first?.map(body))
    if !rest.isEmpty { mapped.rest = rest.map { $0.map(body) } }
    return mapped
  }
}
