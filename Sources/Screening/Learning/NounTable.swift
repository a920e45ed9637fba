import DocumentReader
import EventStore
import LinearSVM
import Synchronization

/// Many applicants' nouns, each spelling kept once: eight bytes a noun.
struct NounTable: Sendable {
  /// A row of nouns for each applicant.
  private(set) var nouns = TermRows()
  /// How many tokens of each applicant were dropped as what must not decide.
  private(set) var excluded: [Int] = []

  /// How many applicants there are.
  var count: Int { excluded.count }

  /// Adds the next applicant.
  mutating func append(_ readings: SelectedReadings) {
    nouns.beginRow()
    readings.forEachNoun { term, count in nouns.add(term, count: count) }
    excluded.append(readings.excluded)
  }

  /// Adds the applicants of another table, in their order.
  mutating func append(_ other: NounTable) {
    nouns.append(other.nouns)
    excluded += other.excluded
  }

  /// Puts every applicant's nouns in the order of their UTF-8 bytes.
  mutating func sort() { nouns.sort() }

  /// The nouns of the applicant that was added as number `index`, from 0.
  func nouns(at index: Int) -> Nouns {
    Nouns(terms: nouns.row(index), excluded: excluded[index])
  }
}

/// Whose nouns are to be opened, as far as nouns depend on it.
struct ReadApplicant: Sendable {
  var number: ApplicantNumber
  var name: SealedReference
  var email: SealedReference?
  /// The readings that count.
  var readings: [Position]

  /// The applicant of a row.
  init(_ row: ApplicantRow, readings: [Position]) {
    number = row.number
    name = row.name
    email = row.email
    self.readings = readings
  }
}

extension Office {
  /// Opens the nouns of many applicants, on all cores.
  ///
  /// - Returns: the nouns in the order of `applicants`, each applicant's in the order of UTF-8 bytes.
  func nouns(
    of applicants: [ReadApplicant], without lexicon: ExclusionLexicon,
    cancellation: Cancellation? = nil, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws(ScreeningError) -> NounTable {
    var table = NounTable()
    // Few large chunks have most of their terms in common; small stores keep all cores busy all the same.
    let chunk = min(max(applicants.count / 16, 16), 1024)
    // A stretch is opened on all cores and then put in order, so that little is held twice.
    for start in stride(from: 0, to: applicants.count, by: 8 * chunk) {
      try cancellation?.check()
      let stretch = applicants[start..<min(start + 8 * chunk, applicants.count)]
      let parts = try onAllCores(stretch, chunk: chunk) {
        [self] (some) throws(ScreeningError) in
        var part = NounTable()
        for one in some { part.append(try selectedReadings(of: one, without: lexicon)) }
        part.sort()
        return part
      }
      for part in parts { table.append(part) }
      progress?(stretch.endIndex, applicants.count)
    }
    table.sort()
    return table
  }
}

/// Applies `work` to chunks of the items, on all cores.
///
/// - Returns: the results in the order of the items.
/// - Throws: what the first of the chunks that failed threw.
func onAllCores<Item: Sendable, Value: Sendable>(
  _ items: ArraySlice<Item>, chunk: Int,
  _ work: @Sendable (ArraySlice<Item>) throws(ScreeningError) -> Value
) throws(ScreeningError) -> [Value] {
  let results = Mutex<[Int: Result<Value, ScreeningError>]>([:])
  let chunks = (items.count + chunk - 1) / chunk
  Background.forEach(chunks) { index in
    let first = items.startIndex + index * chunk
    let result = Result { () throws(ScreeningError) in
      try work(items[first..<min(first + chunk, items.endIndex)])
    }
    results.withLock { $0[index] = result }
  }
  var values: [Value] = []
  for index in 0..<chunks {
    if let result = results.withLock({ $0.removeValue(forKey: index) }) {
      values.append(try result.get())
    }
  }
  return values
}
