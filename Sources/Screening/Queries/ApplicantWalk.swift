import Cryptography
import DocumentReader
import EventStore
import Projections

/// A walk over the applicants that a filter lets through, in order.
struct ApplicantWalk {
  let office: Office
  let filter: ApplicantFilter
  let order: ApplicantOrder
  let position: Position
  let veil: ScoreVeil
  /// The index serves unless the log has gone on by more events: then the rows of the past are faster.
  var indexReach: UInt64 = 10_000
  /// The hashes under which the vocabulary may know the word asked for.
  private let words: [[UInt8]]?

  init(
    _ office: Office, _ filter: ApplicantFilter, _ order: ApplicantOrder, at position: Position,
    _ veil: ScoreVeil
  ) throws(ScreeningError) {
    self.office = office
    self.filter = filter
    self.order = order
    self.position = position
    self.veil = veil
    words = try filter.word.map { (word) throws(ScreeningError) in
      try office.catchUp(through: position, withVocabulary: true)
      return try TermSpelling.spellings(of: word).map { (spelling) throws(ScreeningError) in
        try office.vocabularyHash(of: spelling)
      }
    }
  }

  /// Calls `body` with the rows, those after `last` in the order, until it returns false.
  ///
  /// - Complexity: O(applicants who have the word); lately, O(rows given + events since `position`) by the
  ///   index for what a facet tells, and for what the order sorts by; otherwise O(rows passed over), and for
  ///   an order by percentage or arrival O(n log n).
  func forEach(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    let head = try recorded { () throws(EventLogError) in try office.log.head }
    let hasIndex = head.rawValue - position.rawValue <= indexReach
    if words != nil, order.rank == .number {
      try forEachWithWord(after: last, body)
    } else if hasIndex, order.rank != .number || filter.narrowsFacets {
      try forEachInIndex(after: last, body)
    } else if order.rank == .number {
      try forEachNumber(after: last, body)
    } else {
      try forEachSorted(after: last, body)
    }
  }

  private func row(_ number: UInt64) throws(ScreeningError) -> ApplicantRow {
    veil.veiled(try office.applicantRow(ApplicantNumber(number), asOf: position))
  }

  /// Gives `body` the applicant if the filter lets it through.
  private func offer(
    _ row: ApplicantRow, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) -> Bool {
    guard filter.lets(through: row), try hasWord(row), try isCalled(row) else { return true }
    return try body(row)
  }

  private func hasWord(_ row: ApplicantRow) throws(ScreeningError) -> Bool {
    guard let words else { return true }
    for word in words {
      let since = try recorded { () throws(ViewError) in
        try office.views.value(
          at: word + row.number.rawValue.viewKey, in: VocabularyProjection.occurrences)
      }
      if let since, number(in: since, at: 0) <= position.rawValue { return true }
    }
    return false
  }

  /// Whether the name has the part asked for, whatever the spaces and the case.
  private func isCalled(_ row: ApplicantRow) throws(ScreeningError) -> Bool {
    guard let part = filter.name else { return true }
    guard let name = try office.listedName(of: row) else {
      return false
    }
    return NameSpelling.folded(name).contains(NameSpelling.folded(part))
  }

  // MARK: Ways to walk

  /// By number, through the rows of the past.
  private func forEachNumber(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    let count = try office.applicantCount(at: position)
    let first = last ?? (order.falls ? ApplicantNumber(count) : nil)
    try office.scanApplicants(asOf: position, from: first, backwards: order.falls) {
      (row) throws(ScreeningError) in
      if row.number == last { return true }
      return try offer(veil.veiled(row), body)
    }
  }

  private func forEachWithWord(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    guard let words else { return }
    var found: Set<UInt64> = []
    for word in words {
      try office.scan(VocabularyProjection.occurrences, prefix: word) { entry in
        if number(in: entry.value, at: 0) <= position.rawValue {
          found.insert(number(in: entry.key, at: word.count))
        }
        return true
      }
    }
    let numbers = found.sorted(by: order.falls ? (>) : (<))
    for number in numbers where last.map({ isAfter(number, $0) }) ?? true {
      guard try offer(try row(number), body) else { return }
    }
  }

  private func isAfter(_ number: UInt64, _ last: ApplicantNumber) -> Bool {
    order.falls ? number < last.rawValue : number > last.rawValue
  }

  /// By what the order sorts by, every row read first.
  private func forEachSorted(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    let bound = try rank(of: last)
    var ranks: [[UInt8]] = []
    try office.scanApplicants(asOf: position) { row in
      let row = veil.veiled(row)
      guard filter.lets(through: row) else { return true }
      let rank = order.rank.bytes(of: Standing(row))
      if bound.map({ order.puts($0, before: rank) }) ?? true { ranks.append(rank) }
      return true
    }
    ranks.sort { order.puts($0, before: $1) }
    for rank in ranks {
      guard try offer(try row(ApplicantRank.number(in: rank)), body) else { return }
    }
  }

  /// By the index, as far as it goes.
  private func forEachInIndex(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    let (lowest, highest) = filter.bounds(by: order.rank)
    let (start, end) = order.falls ? (highest, lowest) : (lowest, highest)
    var index = try IndexWalk(
      office, filter, order, at: position, veil, after: try rank(of: last) ?? start)
    while let rank = try index.next() {
      if let end, order.puts(end, before: rank) { return }
      guard try offer(try row(ApplicantRank.number(in: rank)), body) else { return }
    }
  }

  /// What sorts the applicant that a page ended with.
  private func rank(of last: ApplicantNumber?) throws(ScreeningError) -> [UInt8]? {
    try last.map { (last) throws(ScreeningError) in
      do throws(ScreeningError) {
        return order.rank.bytes(of: Standing(try row(last.rawValue)))
      } catch {
        guard error.kind == .notFound else { throw error }
        throw .conflict("There was no applicant \(last) to go on after. Begin the list again.")
      }
    }
  }
}

extension ApplicantFilter {
  /// Between which bytes those lie whom the filter lets through, where it narrows what `rank` sorts by.
  func bounds(by rank: ApplicantRank) -> (lowest: [UInt8]?, highest: [UInt8]?) {
    switch rank {
    case .number: (nil, nil)
    case .probability:
      (
        probability.map { ApplicantRank.percentage($0.lowerBound) },
        probability.map { ApplicantRank.percentage($0.upperBound) + [0xFF] }
      )
    case .received:
      (receivedFrom.map(ApplicantRank.time), receivedBefore.map(ApplicantRank.time))
    }
  }

  /// Whether the index tells some applicants from those that the filter lets through.
  var narrowsFacets: Bool {
    opening != nil || state != nil || label != nil || unlabelled != nil || outcome != nil
      || unread != nil || queue != nil
  }

  func lets(through facet: Facet) -> Bool {
    (state == nil || facet.state == state) && (label == nil || facet.label == label)
      && (unlabelled == nil || (facet.label == nil) == unlabelled)
      && (outcome == nil || facet.outcome == outcome)
      && (unread == nil || facet.isUnread == unread) && (queue == nil || facet.queue == queue)
  }
}

extension Office {
  /// The hash under which the vocabulary counts a noun.
  func vocabularyHash(of term: String) throws(ScreeningError) -> [UInt8] {
    let key = try recorded { () throws(EventLogError) in
      try log.generationKey(purpose: "vocabulary")
    }
    return VocabularyProjection.hash(of: term, by: KeyedSHA256(key: key))
  }
}
