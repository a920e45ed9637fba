import Testing

@testable import LinearSVM

/// Many applicants' nouns in one table teach and score as each for itself would.
@Suite struct TermRowsTests {
  /// A table of examples, put together from two parts that took turns of a few applicants each.
  private func table(of examples: [Example], inTurnsOf size: Int) -> TermRows {
    var parts = [TermRows(), TermRows()]
    var order: [TermRowsJoin.Stretch] = []
    for start in stride(from: 0, to: examples.count, by: size) {
      let part = start / size % 3 % 2
      let first = parts[part].count
      for example in examples[start..<min(start + size, examples.count)] {
        parts[part].beginRow()
        // All at once, from where they lie one behind the other.
        var (bytes, places) = ([UInt8](), [TermPlace]())
        for (term, count) in example.terms {
          places.append(TermPlace(bytes.count..<bytes.count + term.count, count: count))
          bytes += term
        }
        parts[part].add(places, in: bytes.span)
      }
      order.append((part, first..<parts[part].count))
    }
    let join = TermRowsJoin(parts)
    for part in parts.indices { join.renumber(&parts[part], part: part) }
    return join.rows(parts, in: order)
  }

  /// The same, one row after another.
  private func table(of examples: [Example]) -> TermRows {
    var rows = TermRows()
    for example in examples {
      rows.beginRow()
      for (term, count) in example.terms { rows.add(term.span, count: count) }
    }
    rows.sort()
    return rows
  }

  @Test func `a row is told in the order of its terms' bytes before it is sorted`() {
    let seed: UInt64 = 84
    var generator = Generator(seed: seed)
    let long = (0..<40).map { Array("longterm\($0)".utf8) } + [Array("longterm".utf8)]
    for example in generator.examples(20, vocabulary: 60) {
      var rows = TermRows()
      rows.beginRow()
      for (term, count) in generator.shuffled(example.terms + long.map { ($0, 1) }) {
        rows.add(term.span, count: count)
      }
      var (again, told) = (TermRows(), [[UInt8]]())
      again.beginRow()
      rows.forEachTerm(ofRow: 0) { term, count in
        again.add(term, count: count)
        told.append(again.row(0).last?.term ?? [])
      }
      #expect(told.count == rows.termCount(ofRow: 0), "seed \(seed)")
      let isAscending = zip(told, told.dropFirst()).allSatisfy {
        !$1.lexicographicallyPrecedes($0)
      }
      #expect(isAscending, "seed \(seed)")
      rows.sort()
      again.sort()
      #expect(
        rows.row(0).map(\.term) == again.row(0).map(\.term)
          && rows.row(0).map(\.count) == again.row(0).map(\.count), "seed \(seed)")
    }
  }

  @Test func `rows joined from parts are the rows of one`() {
    let seed: UInt64 = 83
    var generator = Generator(seed: seed)
    // Terms that only differ behind their eighth byte, and one that is the beginning of another.
    let long = (0..<300).map { Array("longterm\($0 % 150)".utf8) } + [Array("longterm".utf8), []]
    var examples = generator.examples(40, vocabulary: 900)
    for index in examples.indices {
      examples[index].terms += long.filter { _ in generator.below(2) == 0 }.map { ($0, 1) }
    }
    let (joined, whole) = (table(of: examples, inTurnsOf: 3), table(of: examples))
    #expect(joined.count == whole.count && joined.termCount == whole.termCount, "seed \(seed)")
    for row in 0..<whole.count {
      let (left, right) = (joined.row(row), whole.row(row))
      #expect(
        left.map(\.term) == right.map(\.term) && left.map(\.count) == right.map(\.count),
        "seed \(seed), row \(row)")
      #expect(left.map(\.term).isStrictlyAscending, "seed \(seed), row \(row)")
      var counts: [[UInt8]: UInt32] = [:]
      for (term, count) in examples[row].terms { counts[term, default: 0] += count }
      for (term, count) in left { #expect(counts[term] == count, "seed \(seed), row \(row)") }
      #expect(left.count == counts.filter { $0.value > 0 }.count, "seed \(seed), row \(row)")
    }
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
    let rows = table(of: asked, inTurnsOf: 7)
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
    let rows = table(of: examples, inTurnsOf: 9)
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
