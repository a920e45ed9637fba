import Cryptography
import DocumentReader
import EventStore
import LinearSVM

/// Everybody of one opening with what they wrote, opened once for any number of what-ifs.
struct ReplayHistory {
  /// What nouns depend on besides the record.
  private struct View: Hashable {
    var analysis: String
    var lexicon: Digest
  }

  let position: Position
  /// Those who applied for the opening and were not erased, by number.
  let rows: [ApplicantRow]
  private let indices: [ApplicantNumber: Int]
  private var tables: [View: NounTable] = [:]
  /// Whose key is lost, as far as what they wrote was to be opened: they have no nouns.
  private(set) var lost: Set<ApplicantNumber> = []

  init(_ office: Office, of opening: Opening, at position: Position) throws(ScreeningError) {
    var rows: [ApplicantRow] = []
    try office.scan(RecordsProjection.applicants) { row throws(ScreeningError) in
      if row.erased == nil, row.opening == opening { rows.append(row) }
      return true
    }
    self.position = position
    self.rows = rows
    indices = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1.number, $0) })
  }

  /// Everybody's nouns under an analysis, less what a lexicon excludes, in the order of `rows`, each in the
  /// order of UTF-8 bytes; none for those without a reading that can be trusted.
  mutating func nouns(
    _ office: Office, under analysis: String, without lexicon: ExclusionLexicon,
    _ work: LongWork
  ) throws(ScreeningError) -> NounTable {
    let view = View(analysis: analysis, lexicon: lexicon.digest)
    if let table = tables[view] { return table }
    let readable = rows.map { ReadApplicant($0, readings: $0.trustedReadings(under: analysis)) }
    var table: NounTable
    do throws(ScreeningError) {
      table = try office.nouns(of: unlost(readable), without: lexicon, work)
    } catch {
      lost.formUnion(try office.lostKeys(of: readable, after: error))
      table = try office.nouns(of: unlost(readable), without: lexicon, work)
    }
    tables[view] = table
    return table
  }

  /// The applicants, without the readings of those whose key is lost.
  private func unlost(_ applicants: [ReadApplicant]) -> [ReadApplicant] {
    applicants.map { applicant in
      var applicant = applicant
      if lost.contains(applicant.number) { applicant.readings = [] }
      return applicant
    }
  }

  /// Where `learner` stands in the tables, if the record has not changed since in what nouns depend on.
  func index(of learner: ReadApplicant, under analysis: String) -> Int? {
    guard let index = indices[learner.number] else { return nil }
    let row = rows[index]
    let same =
      OwnValues(row) == learner.own && row.trustedReadings(under: analysis) == learner.readings
    return same ? index : nil
  }
}

/// A what-if model, and where it comes from.
struct ReplayCandidate {
  var number: ModelNumber?
  var parameters: ReplayParameters?
  var model: LinearSVM.Model
  /// How it did on those held out; `nil` with too few labels.
  var heldOut: Metrics?
  var labels: ModelSummary.Labels
  /// Whose labels it learnt from.
  var taught: Set<ApplicantNumber>
  /// The analysis whose readings it is asked about, shortened.
  var analysis: String
  var lexicon: ExclusionLexicon
}
