import Cryptography
import EventStore
import Projections

/// A walk over the applicants that a filter lets through, in order.
struct ApplicantWalk {
  let office: Office
  let filter: ApplicantFilter
  let order: ApplicantOrder
  let position: Position
  let veil: ScoreVeil
  /// The hash under which the vocabulary knows the word asked for.
  private let word: [UInt8]?

  init(
    _ office: Office, _ filter: ApplicantFilter, _ order: ApplicantOrder, at position: Position,
    _ veil: ScoreVeil
  ) throws(ScreeningError) {
    self.office = office
    self.filter = filter
    self.order = order
    self.position = position
    self.veil = veil
    word = try filter.word.map { (word) throws(ScreeningError) in
      try office.vocabularyHash(of: word)
    }
  }

  /// Calls `body` with the rows, those after `last` in the order, until it returns false.
  ///
  /// - Complexity: as things stand, O(rows given) by the index for what a facet tells, or O(applicants who
  ///   have the word); otherwise, and for a moment of the past, O(applicants passed over), and for an order
  ///   by percentage O(n log n).
  func forEach(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    let isNow = try office.catchUp() == position && !veil.hidesUndecided
    if word != nil, order.rank == .number {
      try forEachWithWord(after: last, body)
    } else if isNow, order.rank == .probability || filter.narrowsFacets {
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
    _ number: UInt64, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) -> Bool {
    let row = try row(number)
    guard filter.lets(through: row), try hasWord(row), try isCalled(row) else { return true }
    return try body(row)
  }

  private func hasWord(_ row: ApplicantRow) throws(ScreeningError) -> Bool {
    guard let word else { return true }
    let since = try recorded { () throws(ViewError) in
      try office.views.value(
        at: word + row.number.rawValue.viewKey, in: VocabularyProjection.occurrences)
    }
    return since.map { number(in: $0, at: 0) <= position.rawValue } ?? false
  }

  /// Whether the name has the part asked for, whatever the spaces and the case.
  private func isCalled(_ row: ApplicantRow) throws(ScreeningError) -> Bool {
    guard let part = filter.name else { return true }
    guard row.erased == nil, let name = try office.openTextUnlessErased(row.name, .name) else {
      return false
    }
    return folded(name).contains(folded(part))
  }

  private func folded(_ name: String) -> String {
    String(name.lowercased().filter { !$0.isWhitespace })
  }

  // MARK: Ways to walk

  private func forEachNumber(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    let count = try office.applicantCount(at: position)
    if order.falls {
      var number = min(count, last.map { $0.rawValue - min($0.rawValue, 1) } ?? count)
      while number >= 1 {
        guard try offer(number, body) else { return }
        number -= 1
      }
    } else {
      var number = (last?.rawValue ?? 0) + 1
      while number <= count {
        guard try offer(number, body) else { return }
        number += 1
      }
    }
  }

  private func forEachWithWord(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    guard let word else { return }
    var numbers: [UInt64] = []
    try office.scan(VocabularyProjection.occurrences, prefix: word) { entry in
      if number(in: entry.value, at: 0) <= position.rawValue {
        numbers.append(number(in: entry.key, at: word.count))
      }
      return true
    }
    if order.falls { numbers.reverse() }
    for number in numbers where last.map({ isAfter(number, $0) }) ?? true {
      guard try offer(number, body) else { return }
    }
  }

  private func isAfter(_ number: UInt64, _ last: ApplicantNumber) -> Bool {
    order.falls ? number < last.rawValue : number > last.rawValue
  }

  private func forEachSorted(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    var found: [(rank: [UInt8], number: UInt64)] = []
    for number in 0..<(try office.applicantCount(at: position)) {
      let number = number + 1
      let row = try row(number)
      guard filter.lets(through: row) else { continue }
      found.append((order.rank.bytes(of: row), number))
    }
    found.sort { order.puts($0.rank, before: $1.rank) }
    let bound = try last.map { (last) throws(ScreeningError) in
      order.rank.bytes(of: try row(last.rawValue))
    }
    for (rank, number) in found where bound.map({ order.puts($0, before: rank) }) ?? true {
      guard try offer(number, body) else { return }
    }
  }

  private func forEachInIndex(
    after last: ApplicantNumber?, _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    let bound = try last.map { (last) throws(ScreeningError) in
      order.rank.bytes(of: try row(last.rawValue))
    }
    let range = order.rank == .probability ? filter.probability : nil
    let start =
      bound
      ?? range.map {
        order.falls
          ? ApplicantRank.percentage($0.upperBound) + [0xFF]
          : ApplicantRank.percentage($0.lowerBound)
      }
    let end = range.map {
      order.falls
        ? ApplicantRank.percentage($0.lowerBound) : ApplicantRank.percentage($0.upperBound) + [0xFF]
    }
    let groups = try recorded { () throws(ViewError) in
      try ApplicantIndex.groups(of: filter.opening, by: order.rank, in: office.views)
    }
    var runs: [IndexRun] = []
    for (prefix, facet) in groups where filter.lets(through: facet) {
      var run = IndexRun(prefix: prefix, order: order, after: start)
      try run.fill(from: office)
      runs.append(run)
    }
    while true {
      let next = runs.indices.filter { runs[$0].first != nil }
        .min { order.puts(runs[$0].first ?? [], before: runs[$1].first ?? []) }
      guard let next, let key = runs[next].first else { return }
      if let end, order.puts(end, before: key) { return }
      guard try offer(number(in: key, at: key.count - 8), body) else { return }
      try runs[next].advance(in: office)
    }
  }
}

/// The entries of one opening and facet, read a handful at a time.
private struct IndexRun {
  let prefix: [UInt8]
  let order: ApplicantOrder
  private var after: [UInt8]?
  private var ahead: ArraySlice<[UInt8]> = []
  private var isAtEnd = false

  init(prefix: [UInt8], order: ApplicantOrder, after: [UInt8]?) {
    self.prefix = prefix
    self.order = order
    self.after = after
  }

  /// The bytes that sort the next entry.
  var first: [UInt8]? { ahead.first }

  mutating func advance(in office: Office) throws(ScreeningError) {
    after = ahead.removeFirst()
    if ahead.isEmpty, !isAtEnd { try fill(from: office) }
  }

  mutating func fill(from office: Office) throws(ScreeningError) {
    var found: [[UInt8]] = []
    let start = prefix + (after ?? (order.falls ? [UInt8](repeating: 0xFF, count: 11) : []))
    try office.scan(ApplicantIndex.table, from: start, backwards: order.falls) { entry in
      guard entry.key.starts(with: prefix) else { return false }
      let rank = Array(entry.key.dropFirst(prefix.count))
      if rank != after { found.append(rank) }
      return found.count < 32
    }
    isAtEnd = found.count < 32
    ahead = found[...]
  }
}

extension ApplicantFilter {
  /// Whether the index tells some applicants from those that the filter lets through.
  var narrowsFacets: Bool {
    opening != nil || state != nil || label != nil || unlabelled != nil || outcome != nil
      || unread != nil
  }

  func lets(through facet: Facet) -> Bool {
    (state == nil || facet.state == state) && (label == nil || facet.label == label)
      && (unlabelled == nil || (facet.label == nil) == unlabelled)
      && (outcome == nil || facet.outcome == outcome)
      && (unread == nil || facet.isUnread == unread)
  }
}

extension Office {
  /// The hash under which the vocabulary counts a noun.
  func vocabularyHash(of term: String) throws(ScreeningError) -> [UInt8] {
    let key = try recorded { () throws(EventLogError) in
      try log.generationKey(purpose: "vocabulary")
    }
    return VocabularyProjection.hash(of: term, under: key)
  }
}
