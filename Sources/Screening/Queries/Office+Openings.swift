import EventStore
import Projections

/// How the applications for an opening stand.
public struct OpeningSummary: Sendable, Encodable {
  /// Decisions by kind.
  public struct Labels: Sendable, Encodable {
    /// Labelled OK.
    public var ok = 0
    /// Labelled NG.
    public var ng = 0
    /// Put on hold.
    public var hold = 0
    /// Not labelled.
    public var none = 0
  }

  /// The opening.
  public let opening: String
  /// How many ever applied.
  public internal(set) var applicants = 0
  /// How many of them were erased.
  public internal(set) var erased = 0
  /// How many withdrew before anybody had decided.
  public internal(set) var withdrawn = 0
  /// How many were found to be duplicates before anybody had decided.
  public internal(set) var duplicate = 0
  /// What people decided, about the erased as well.
  public internal(set) var labels = Labels()
  /// How many wait in each queue, by its name.
  public internal(set) var queues: [String: Int]
  /// How many of those in the second-look queue nobody has opened since they were screened.
  public internal(set) var secondLookUnread = 0
  /// The model in force.
  @Nullable public internal(set) var model: UInt64?

  init(_ opening: Opening) {
    self.opening = opening.slug
    queues = Dictionary(uniqueKeysWithValues: Queue.allCases.map { ($0.rawValue, 0) })
  }

  fileprivate mutating func count(_ facet: Facet, _ number: Int) {
    applicants += number
    if facet.state == .erased { erased += number }
    switch facet.label {
    case .ok: labels.ok += number
    case .ng: labels.ng += number
    case .hold: labels.hold += number
    case nil: labels.none += number
    }
    if facet.label == nil || facet.label == .hold {
      if facet.state == .withdrawn { withdrawn += number }
      if facet.state == .duplicate { duplicate += number }
    }
    guard let queue = facet.queue else { return }
    queues[queue.rawValue, default: 0] += number
    if queue == .secondLook, facet.isUnread { secondLookUnread += number }
  }
}

extension Office {
  /// Every opening that somebody applied for, by its slug: who is decided, who waits, which model is asked.
  ///
  /// - Complexity: O(applicants) as things stand, by the index; O(rows of the past) for an earlier moment.
  public func openingSummaries(
    asOf: AsOf = .now, by origin: Origin
  ) throws(ScreeningError) -> [OpeningSummary] {
    let position = try resolve(asOf)
    let veil = try scoreVeil(for: origin)
    var summaries: [Opening: OpeningSummary] = [:]
    func count(_ facet: Facet, of opening: Opening, _ number: Int = 1) {
      summaries[opening, default: OpeningSummary(opening)].count(facet, number)
    }
    if let sizes = try groupSizes(at: position) {
      for (opening, facet, size) in sizes { count(veil.veiled(facet), of: opening, size) }
    } else {
      try scanApplicants(asOf: position) { row in
        count(Facet(veil.veiled(row)), of: row.opening)
        return true
      }
    }
    for opening in summaries.keys {
      summaries[opening]?.model = try modelInForce(for: opening, asOf: position)?.model.rawValue
    }
    return summaries.sorted { $0.key < $1.key }.map(\.value)
  }

  /// How many applicants the index has by opening and facet; `nil` where it tells of another position.
  private func groupSizes(
    at position: Position
  ) throws(ScreeningError) -> [(opening: Opening, facet: Facet, size: Int)]? {
    guard try isEnd(position) else { return nil }
    let sizes = try recorded { () throws(ViewError) in try ApplicantIndex.groupSizes(in: views) }
    return try isEnd(position) ? sizes : nil
  }
}
