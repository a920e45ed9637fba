import Testing

@testable import LinearSVM

/// Many applicants' nouns in one table teach and score as each for itself would.
@Suite struct TermRowsTests {
  /// A table of examples, put together from parts of a few applicants each.
  private func table(of examples: [Example], inPartsOf size: Int) -> TermRows {
    var rows = TermRows()
    for start in stride(from: 0, to: examples.count, by: size) {
      var part = TermRows()
      for example in examples[start..<min(start + size, examples.count)] {
        part.beginRow()
        for (term, count) in example.terms { part.add(term.span, count: count) }
      }
      rows.append(part)
    }
    return rows
  }

  @Test(arguments: Representation.allCases)
  func `a row's score is the applicant's to the bit`(representation: Representation) throws {
    let seed: UInt64 = 81
    var generator = Generator(seed: seed)
    let model = try train(
      TrainingSet(generator.examples(40)), options: .init(representation: representation)
    ).model
    // Some terms that the model does not know, and some that come twice in a row.
    let asked = generator.examples(60, vocabulary: 90)
    var rows = table(of: asked, inPartsOf: 7)
    rows.sort()
    let scores = RowScores(model, of: rows)
    for (index, example) in asked.enumerated() {
      let one = model.score(example.terms)
      let other = scores.score(index, of: rows)
      #expect(other.total.bitPattern == one.total.bitPattern, "seed \(seed), row \(index)")
      #expect(
        other.knownTerms == one.knownTerms && other.unknownTerms == one.unknownTerms,
        "seed \(seed), row \(index)")
      #expect(rows.row(index).map(\.term).isStrictlyAscending)
    }
  }

  @Test func `a table teaches what its applicants teach, whole or in part`() throws {
    let seed: UInt64 = 82
    var generator = Generator(seed: seed)
    let examples = generator.examples(50)
    let rows = table(of: examples, inPartsOf: 9)
    let whole = try TrainingSetBuilder(
      numbers: examples.map(\.number), labels: examples.map(\.label), rows: rows
    ).finish()
    #expect(
      try whole.canonicalBytes == TrainingSet(examples).canonicalBytes, "seed \(seed)")
    // Terms of those left out do not count, not even as rare ones.
    let chosen = generator.shuffled(Array(examples.indices)).prefix(30)
    var builder = TrainingSetBuilder()
    var numbers = TermNumbers(of: rows)
    for index in chosen {
      builder.append(
        number: examples[index].number, label: examples[index].label, row: index, of: rows,
        &numbers)
    }
    #expect(
      try builder.finish().canonicalBytes
        == TrainingSet(chosen.map { examples[$0] }).canonicalBytes, "seed \(seed)")
  }
}
