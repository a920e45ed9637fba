/// A set of labelled applicants in its one canonical order: applicants by number, terms by UTF-8 bytes.
///
/// Whatever order examples and terms come in, equal sets give equal bytes, and so equal models. Terms that
/// fewer than `minimumDocumentFrequency` applicants share are no features; they count in
/// ``canonicalBytes`` alone.
public struct TrainingSet: Sendable {
  /// The applicants' numbers, ascending.
  public internal(set) var numbers: [UInt64] = []
  /// Whether each applicant's label is OK, in the order of ``numbers``.
  public internal(set) var labels: [Bool] = []
  /// The terms that are features.
  public internal(set) var vocabulary = TermList()
  /// How many applicants have to share a term for it to be a feature.
  public let minimumDocumentFrequency: Int
  /// The term of each column: columns stand from the commonest term to the rarest, which only the solver
  /// minds.
  var terms: [UInt32] = []
  /// The features' columns by applicant, in the order of their terms, and how often each occurs there.
  var rows = SparseRows()
  var counts: [UInt32] = []
  /// The same for the terms that are no features.
  var rareTerms = TermList()
  var rareRows = SparseRows()
  var rareCounts: [UInt32] = []

  init(minimumDocumentFrequency: Int) {
    self.minimumDocumentFrequency = minimumDocumentFrequency
  }

  /// Puts examples in canonical order.
  ///
  /// - Parameter minimumDocumentFrequency: how many applicants have to share a term, at least 1.
  /// - Throws: ``TrainingError`` when there is nothing to learn from: no example, one kind of label only,
  ///   no shared term, a number twice, or more than 2³² − 1 entries.
  public init(
    _ examples: [Example], minimumDocumentFrequency: Int = 3
  ) throws(TrainingError) {
    var builder = TrainingSetBuilder(minimumDocumentFrequency: minimumDocumentFrequency)
    for example in examples {
      builder.begin(number: example.number, label: example.label)
      for (term, count) in example.terms { builder.add(term.span, count: count) }
    }
    self = try builder.finish()
  }

  /// Numbers by column in the order of ``vocabulary``.
  func byTerm(_ columns: [Double]) -> [Double] {
    var result = columns
    for (column, value) in columns.enumerated() { result[Int(terms[column])] = value }
    return result
  }

  /// How many applicants there are.
  public var count: Int { numbers.count }
  /// How many of them are labelled OK.
  public var okCount: Int { labels.count { $0 } }
  /// How many of them are labelled NG.
  public var ngCount: Int { count - okCount }
}
