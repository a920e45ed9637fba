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

  private static let states = ApplicantState.allCases
  private static let labels: [Label?] = [nil] + Label.allCases
  private static let outcomes: [Outcome?] = [nil] + Outcome.allCases

  /// Two bits for the state, two for the label, three for the outcome, one for whether it is unread.
  var byte: UInt8 {
    let parts = [
      Self.states.firstIndex(of: state), Self.labels.firstIndex(of: label),
      Self.outcomes.firstIndex(of: outcome),
    ].map { UInt8($0 ?? 0) }
    return parts[0] << 6 | parts[1] << 4 | parts[2] << 1 | (isUnread ? 1 : 0)
  }

  /// Reads what `byte` gave; `nil` for anything else.
  init?(_ byte: UInt8) {
    let outcome = Int(byte >> 1 & 7)
    guard outcome < Self.outcomes.count else { return nil }
    state = Self.states[Int(byte >> 6)]
    label = Self.labels[Int(byte >> 4 & 3)]
    self.outcome = Self.outcomes[outcome]
    isUnread = byte & 1 == 1
  }
}

/// What the index of applicants sorts by.
enum ApplicantRank: UInt8, CaseIterable {
  case number, probability

  /// The bytes that sort an applicant among those of one facet, the number last.
  func bytes(of row: ApplicantRow) -> [UInt8] {
    let number = row.number.rawValue.viewKey
    switch self {
    case .number: return number
    case .probability:
      return Self.percentage(row.screening?.probability) + number
    }
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

  /// How many bytes that is.
  var size: Int { self == .number ? 8 : 10 }
}

/// Applicants as they stand, side by side where a list would be narrowed to them:
/// rank ‖ opening ‖ facet ‖ what the rank sorts by.
enum ApplicantIndex {
  static let table = ViewTable("applicants-index")

  private static func key(of row: ApplicantRow, _ rank: ApplicantRank) -> [UInt8] {
    [rank.rawValue] + row.opening.slug.viewKey + [Facet(row).byte] + rank.bytes(of: row)
  }

  /// Puts an applicant where it now belongs.
  static func move(
    _ old: ApplicantRow?, to row: ApplicantRow, in writer: inout ViewWriter
  ) {
    for rank in ApplicantRank.allCases {
      let key = key(of: row, rank)
      if let old {
        let former = self.key(of: old, rank)
        if former == key { continue }
        writer.remove(former, in: table)
      }
      writer.append([], at: key, in: table)
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
      // rank ‖ slug ‖ 0 ‖ facet
      prefix.last.flatMap { Facet($0) }.map { facet in
        let slug = String(decoding: prefix.dropFirst().dropLast(2), as: UTF8.self)
        return (Opening(unchecked: slug), facet, size)
      }
    }
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
