import EventStore
import Projections

/// Those of an opening whom a group audit looks at.
struct PeopleToCompare {
  /// Those with a decision and a percentage whom no report has counted, by number.
  var toCount: [ApplicantRow] = []
  /// How many have no decision or no percentage.
  var waiting = 0
}

extension Office {
  /// Who had registered for an opening by a position, is not erased, and was counted by none of some reports.
  ///
  /// The opening is that of the registration: correcting it moves nobody from one report to another.
  ///
  /// - Throws: `.notFound` when nobody applied; `.cancelled`.
  /// - Complexity: O(applicants of all openings), for each report; of those of others, nothing but the row is read.
  func peopleToCompare(
    of opening: Opening, at position: Position, countedBy reports: [AuditReported],
    _ work: LongWork
  ) throws(ScreeningError) -> PeopleToCompare {
    var counted: Set<ApplicantNumber> = []
    for report in reports {
      try work.check()
      try scanApplicants(asOf: report.through) { row in
        // Early reports looked at all who were there.
        if row.canBeCompared || report.figures == nil { counted.insert(row.number) }
        return true
      }
    }
    var people = PeopleToCompare()
    var isAnybodyThere = false
    let last = Int(try applicantCount(at: position))
    try scanApplicants(asOf: position) { (row) throws(ScreeningError) in
      try work.check()
      work.report(.applicants, Int(row.number.rawValue), of: last)
      guard row.registeredFor == opening else { return true }
      isAnybodyThere = true
      guard row.erased == nil, !counted.contains(row.number) else { return true }
      if row.canBeCompared { people.toCount.append(row) } else { people.waiting += 1 }
      return true
    }
    guard isAnybodyThere else { throw .nobody(in: opening) }
    return people
  }

  /// What an applicant had declared last; nothing when they had declared nothing.
  func declared(
    by number: ApplicantNumber, asOf position: Position
  ) throws(ScreeningError) -> [String: String] {
    let last = try recorded { () throws(ViewError) in
      try views.last(
        atOrBefore: viewKey(number.rawValue, position.rawValue), prefix: number.rawValue.viewKey,
        in: RecordsProjection.attributes)
    }
    guard let last else { return [:] }
    let event = try event(Position(rawValue: Projections.number(in: last.key, at: 8)))
    let sealed = try AttributesDeclared(event).attributes
    let bytes = try recorded { () throws(EventLogError) in
      try log.open(sealed, purpose: SealedPurpose.attributes.rawValue)
    }
    guard let object = (try? JSONValue(canonical: bytes.span))?.object else {
      throw .damaged("What event \(event.position) declares cannot be decoded. Run 'senko verify'.")
    }
    return Dictionary(
      uniqueKeysWithValues: object.compactMap { member in
        member.value.string.map { (member.name, $0) }
      })
  }

  /// Of each applicant the readings that the percentage is about, as far as they can be trusted: what a model may not
  /// learn and judge by, groups are not compared by either.
  func judgedReadings(of rows: [ApplicantRow]) throws(ScreeningError) -> [[Position]] {
    var analyses: [ModelNumber: String] = [:]
    return try rows.map { (row) throws(ScreeningError) in
      guard let model = row.registeredScreening?.model else { return [] }
      if analyses[model] == nil {
        analyses[model] = try trainedModel(model).event.analysis.shortHex
      }
      return analyses[model].map { row.trustedReadings(under: $0) } ?? []
    }
  }

  /// The nouns of each applicant's `readings` under the lexicon in force.
  func wordSets(
    of rows: [ApplicantRow], _ readings: [[Position]], at position: Position, _ work: LongWork
  ) throws(ScreeningError) -> [Set<[UInt8]>] {
    let table = try nouns(
      of: zip(rows, readings).map { ReadApplicant($0, readings: $1) },
      without: try lexiconInForce(asOf: position), work)
    return rows.indices.map { Set(table.nouns(at: $0).terms.map(\.term)) }
  }
}

extension ApplicantRow {
  /// Whether there is a decision, so that no policy hides the score, and a percentage.
  fileprivate var canBeCompared: Bool {
    (label?.label == .ok || label?.label == .ng) && registeredScreening?.probability != nil
  }
}
