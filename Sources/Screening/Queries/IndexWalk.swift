import EventStore
import Projections

/// A walk over the index of applicants as of a position that the views may have left behind.
///
/// The index tells how things stand. Who has changed since the position stands in the log: their entries
/// are passed over, and they are put where they stood. The log is asked again whenever entries were read,
/// so that the walk tells of one position though the views move on meanwhile.
struct IndexWalk {
  private let office: Office
  private let order: ApplicantOrder
  private let position: Position
  private let start: [UInt8]?
  private var runs: [IndexRun] = []
  private let filter: ApplicantFilter
  private let veil: ScoreVeil
  /// Where those stood at `position` whom later events are about.
  private var past: FormerStandings.Past
  /// Where the changed stood at `position`, those still to come, the next one last.
  private var former: [[UInt8]] = []
  private var passed: [UInt8]?

  /// - Parameter start: the bytes of a rank; those after them in the order are given.
  init(
    _ office: Office, _ filter: ApplicantFilter, _ order: ApplicantOrder, at position: Position,
    _ veil: ScoreVeil, after start: [UInt8]?
  ) throws(ScreeningError) {
    self.office = office
    self.order = order
    self.position = position
    self.start = start
    self.filter = filter
    self.veil = veil
    past = FormerStandings.Past(position: position, searched: position)
    let groups = try recorded { () throws(ViewError) in
      try ApplicantIndex.groups(of: filter.opening, by: order.rank, in: office.views)
    }
    for (prefix, facet) in groups where filter.lets(through: veil.veiled(facet)) {
      var run =
        order.rank == .probability && veil.hidesScore(of: facet)
        ? IndexRun(hiding: prefix, order: order, after: start)
        : IndexRun(prefix: prefix, order: order, after: start)
      try run.fill(from: office)
      runs.append(run)
    }
    try searchChanges()
  }

  /// The bytes that sort the next applicant, or `nil` at the end.
  mutating func next() throws(ScreeningError) -> [UInt8]? {
    while true {
      let run = runs.indices.filter { runs[$0].first != nil }
        .min { order.puts(runs[$0].first ?? [], before: runs[$1].first ?? []) }
      let rank = run.flatMap { runs[$0].first }
      if let old = former.last, rank.map({ order.puts(old, before: $0) }) ?? true {
        passed = old
        return former.removeLast()
      }
      guard let run, let rank else { return nil }
      if try runs[run].advance(in: office) { try searchChanges() }
      guard past.standings[ApplicantRank.number(in: rank)] == nil else { continue }
      passed = rank
      return rank
    }
  }

  /// Puts those whom the log has told of since where they stood, unless they were passed.
  private mutating func searchChanges() throws(ScreeningError) {
    let known = past
    past = try office.formerStandings.past(at: position, of: office)
    guard known.searched < past.searched else { return }
    for (number, standing) in past.standings where known.standings[number] == nil {
      guard let standing = standing?.veiled(by: veil), filter.lets(through: standing.facet),
        filter.opening.map({ $0 == standing.opening }) ?? true
      else { continue }
      let rank = order.rank.bytes(of: standing)
      if (passed ?? start).map({ order.puts($0, before: rank) }) ?? true { former.append(rank) }
    }
    former.sort { order.puts($1, before: $0) }
  }
}

/// The entries of one opening and facet, read a handful at a time.
private struct IndexRun {
  let prefix: [UInt8]
  let order: ApplicantOrder
  /// What sorts all of them before what tells them apart.
  private let lead: [UInt8]
  private var after: [UInt8]?
  private var ahead: ArraySlice<[UInt8]> = []
  private var isAtEnd = false

  init(prefix: [UInt8], order: ApplicantOrder, after: [UInt8]?) {
    self.prefix = prefix
    self.order = order
    self.after = after
    lead = []
  }

  /// Those of a group by percentage as if they had none, which leaves their numbers to sort them.
  init(hiding group: [UInt8], order: ApplicantOrder, after: [UInt8]?) {
    prefix = [ApplicantRank.number.rawValue] + group.dropFirst()
    self.order = order
    self.after = after
    lead = ApplicantRank.percentage(nil)
  }

  /// The bytes that sort the next entry.
  var first: [UInt8]? { ahead.first }

  /// Goes to the next entry; returns whether entries were read.
  mutating func advance(in office: Office) throws(ScreeningError) -> Bool {
    after = ahead.removeFirst()
    guard ahead.isEmpty, !isAtEnd else { return false }
    try fill(from: office)
    return true
  }

  mutating func fill(from office: Office) throws(ScreeningError) {
    var found: [[UInt8]] = []
    guard let start = start.map({ prefix + $0 }) else {
      isAtEnd = true
      return
    }
    try office.scan(ApplicantIndex.table, from: start, backwards: order.falls) { entry in
      guard entry.key.starts(with: prefix) else { return false }
      let rank = lead + entry.key.dropFirst(prefix.count)
      if rank != after { found.append(rank) }
      return found.count < 32
    }
    isAtEnd = found.count < 32
    ahead = found[...]
  }

  /// Where to go on within the group; `nil` behind its end.
  private var start: [UInt8]? {
    let first = order.falls ? [UInt8](repeating: 0xFF, count: 17) : []
    guard let after else { return first }
    if after.starts(with: lead) { return Array(after.dropFirst(lead.count)) }
    return order.puts(after, before: lead) ? first : nil
  }
}

extension Standing {
  /// Where the applicant stands for whoever is not to see the score.
  fileprivate func veiled(by veil: ScoreVeil) -> Standing {
    var standing = self
    if veil.hidesScore(of: facet) { standing.probability = nil }
    standing.facet = veil.veiled(facet)
    return standing
  }
}
