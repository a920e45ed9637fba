import EventStore
import Projections

/// What most lists are narrowed by, in one byte.
struct Facet: Hashable {
  var state: ApplicantState
  var label: Label?
  var outcome: Outcome?
  var isUnread: Bool

  init(_ row: ApplicantRow) {
    state = row.state
    label = row.label?.label
    outcome = row.screening?.outcome
    isUnread = row.isUnread
  }

  /// The queue that such applicants wait in.
  var queue: Queue? { Queue(state: state, label: label, outcome: outcome) }

  /// Two bits for the state, two for the label, three for the outcome, one for whether it is unread.
  var byte: UInt8 {
    state.ordinal << 6 | (label.map { $0.ordinal + 1 } ?? 0) << 4
      | (outcome.map { $0.ordinal + 1 } ?? 0) << 1 | (isUnread ? 1 : 0)
  }

  /// Reads what `byte` gave; `nil` for anything else.
  init?(_ byte: UInt8) {
    let (label, outcome) = (byte >> 4 & 3, byte >> 1 & 7)
    guard let state = ApplicantState(ordinal: byte >> 6), outcome <= Outcome.choices.count else {
      return nil
    }
    self.state = state
    self.label = label == 0 ? nil : Label(ordinal: label - 1)
    self.outcome = outcome == 0 ? nil : Outcome(ordinal: outcome - 1)
    isUnread = byte & 1 == 1
  }
}

/// What the index of applicants sorts by.
enum ApplicantRank: UInt8, CaseIterable {
  case number, probability, received

  /// The bytes that sort an applicant among those of one facet, the number last.
  func bytes(of standing: Standing) -> [UInt8] {
    var bytes: [UInt8] = []
    switch self {
    case .number: break
    case .probability: bytes += Self.percentage(standing.probability)
    case .received: bytes += Self.time(standing.received.time)
    }
    standing.number.rawValue.write(to: &bytes)
    return bytes
  }

  /// Appends the bytes that sort an applicant.
  func write(_ row: ApplicantRow, to bytes: inout [UInt8]) {
    switch self {
    case .number: break
    case .probability: bytes += Self.percentage(row.screening?.probability)
    case .received: bytes += Self.time(row.received.time)
    }
    row.number.rawValue.write(to: &bytes)
  }

  /// Whether an applicant keeps its place.
  func leaves(_ old: ApplicantRow, whereIs row: ApplicantRow) -> Bool {
    old.opening == row.opening && Facet(old) == Facet(row)
      && (self != .probability || old.screening?.probability == row.screening?.probability)
  }

  /// The number of the applicant that `rank` sorts.
  static func number(in rank: [UInt8]) -> UInt64 {
    Projections.number(in: rank, at: rank.count - 8)
  }

  /// Two bytes that sort percentages in basis points, none before all others.
  static func percentage(_ basisPoints: Int?) -> [UInt8] {
    let rank = basisPoints.map { UInt16(clamping: $0 + 1) } ?? 0
    return [UInt8(rank >> 8), UInt8(truncatingIfNeeded: rank)]
  }

  /// Eight bytes that sort times, none before all others.
  static func time(_ time: Timestamp?) -> [UInt8] {
    time.map { (UInt64(bitPattern: $0.milliseconds) ^ 1 << 63).viewKey }
      ?? [UInt8](repeating: 0, count: 8)
  }

  /// How many bytes sort an applicant.
  var size: Int {
    switch self {
    case .number: 8
    case .probability: 10
    case .received: 16
    }
  }
}

/// Applicants as they stand, side by side where a list would be narrowed to them:
/// rank ‖ opening ‖ facet ‖ what the rank sorts by.
enum ApplicantIndex {
  static let table = ViewTable("applicants-index")

  private static func write(
    _ row: ApplicantRow, _ rank: ApplicantRank, to key: inout [UInt8]
  ) {
    key.append(rank.rawValue)
    row.opening.slug.write(to: &key)
    key.append(Facet(row).byte)
    rank.write(row, to: &key)
  }

  /// Puts an applicant where it now belongs.
  static func move(
    _ old: ApplicantRow?, to row: ApplicantRow, in portion: inout Portion
  ) {
    for rank in ApplicantRank.allCases {
      if let old {
        if rank.leaves(old, whereIs: row) { continue }
        portion.remove(in: table) { write(old, rank, to: &$0) }
      }
      portion.add(in: table) { write(row, rank, to: &$0) }
    }
  }

  /// How many applicants each opening has under each facet.
  ///
  /// - Complexity: O(applicants), in one snapshot.
  static func groupSizes(
    in views: Views
  ) throws(ViewError) -> [(opening: Opening, facet: Facet, size: Int)] {
    let rank = ApplicantRank.number
    var sizes: [(prefix: ArraySlice<UInt8>, size: Int)] = []
    try views.forEachKey(in: table, prefix: [rank.rawValue]) { key in
      let prefix = key.dropLast(rank.size)
      if sizes.last?.prefix == prefix {
        sizes[sizes.count - 1].size += 1
      } else {
        sizes.append((prefix, 1))
      }
    }
    return sizes.compactMap { prefix, size in
      prefix.last.flatMap { Facet($0) }.map { facet in
        (opening(ofGroup: prefix), facet, size)
      }
    }
  }

  /// The opening of what the entries of one opening and facet begin with.
  static func opening(ofGroup prefix: some BidirectionalCollection<UInt8>) -> Opening {
    // rank ‖ slug ‖ 0 ‖ facet
    Opening(unchecked: String(decoding: prefix.dropFirst().dropLast(2), as: UTF8.self))
  }

  /// What the entries of one opening and facet begin with, and the facet.
  static func groups(
    of opening: Opening?, by rank: ApplicantRank, in views: Views
  ) throws(ViewError) -> [(prefix: [UInt8], facet: Facet)] {
    let range = [rank.rawValue] + (opening.map { $0.slug.viewKey } ?? [])
    var groups: [([UInt8], Facet)] = []
    // No slug and no facet begins with the byte 0xFF; each seek finds the group before the last one.
    var bound = range + [0xFF, 0xFF]
    while let entry = try views.last(atOrBefore: bound, prefix: range, in: table) {
      let prefix = Array(entry.key.dropLast(rank.size))
      if let facet = prefix.last.flatMap({ Facet($0) }) { groups.append((prefix, facet)) }
      bound = prefix
    }
    return groups
  }
}
