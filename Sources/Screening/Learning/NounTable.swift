import DocumentReader
import EventStore
import LinearSVM
import Synchronization

/// Many applicants' nouns, each spelling kept once: eight bytes a noun.
struct NounTable: Sendable {
  private var numbers: [[UInt8]: UInt32] = [:]
  private var spellings: [[UInt8]] = []
  private var starts: [Int] = [0]
  private var terms: [UInt32] = []
  private var counts: [UInt32] = []
  private var excluded: [Int] = []

  /// How many applicants there are.
  var count: Int { excluded.count }

  /// Adds the next applicant.
  mutating func append(_ nouns: Nouns) {
    for (term, count) in nouns.terms {
      terms.append(number(of: term))
      counts.append(count)
    }
    starts.append(terms.count)
    excluded.append(nouns.excluded)
  }

  private mutating func number(of term: [UInt8]) -> UInt32 {
    if let number = numbers[term] { return number }
    let number = UInt32(spellings.count)
    numbers[term] = number
    spellings.append(term)
    return number
  }

  /// The nouns of the applicant that was added as number `index`, from 0.
  func nouns(at index: Int) -> Nouns {
    let range = starts[index]..<starts[index + 1]
    return Nouns(
      terms: range.map { (term: spellings[Int(terms[$0])], count: counts[$0]) },
      excluded: excluded[index])
  }

  /// Tells `builder` of the applicant that was added as number `index`.
  func teach(_ builder: inout TrainingSetBuilder, at index: Int) {
    for place in starts[index]..<starts[index + 1] {
      let term = spellings[Int(terms[place])]
      builder.add(term.span, count: counts[place])
    }
  }
}

/// An applicant at one moment with the readings that count.
struct ReadApplicant: Sendable {
  var row: ApplicantRow
  var readings: [Position]
}

extension Office {
  /// Opens the nouns of many applicants, on all cores.
  ///
  /// - Returns: the nouns in the order of `applicants`.
  func nouns(
    of applicants: [ReadApplicant], without lexicon: ExclusionLexicon,
    cancellation: Cancellation? = nil, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws(ScreeningError) -> NounTable {
    var table = NounTable()
    // A stretch is opened on all cores and then put in order, so that little is held twice.
    for start in stride(from: 0, to: applicants.count, by: 1024) {
      try cancellation?.check()
      let stretch = applicants[start..<min(start + 1024, applicants.count)]
      for nouns in try onAllCores(
        stretch,
        { [self] (one) throws(ScreeningError) in
          try nouns(of: one.row, one.readings, without: lexicon)
        })
      { table.append(nouns) }
      progress?(stretch.endIndex, applicants.count)
    }
    return table
  }
}

/// Applies `work` to every item, on all cores.
///
/// - Returns: the results in the order of the items.
/// - Throws: what the first of the items that failed threw.
func onAllCores<Item: Sendable, Value: Sendable>(
  _ items: ArraySlice<Item>, _ work: @Sendable (Item) throws(ScreeningError) -> Value
) throws(ScreeningError) -> [Value] {
  let results = Mutex<[Int: Result<[Value], ScreeningError>]>([:])
  let chunk = 16
  let chunks = (items.count + chunk - 1) / chunk
  Background.forEach(chunks) { index in
    let first = items.startIndex + index * chunk
    let result = Result { () throws(ScreeningError) in
      var values: [Value] = []
      for item in items[first..<min(first + chunk, items.endIndex)] {
        values.append(try work(item))
      }
      return values
    }
    results.withLock { $0[index] = result }
  }
  var values: [Value] = []
  for index in 0..<chunks {
    if let result = results.withLock({ $0[index] }) { values += try result.get() }
  }
  return values
}
