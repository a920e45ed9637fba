import EventStore
import Projections

/// One event of an applicant's history.
public struct HistoryEntry: Sendable, Encodable {
  /// The event's position.
  public let position: UInt64
  /// When it was recorded.
  public let at: String
  /// When it took place, if that was another time.
  @Nullable public var happened: String?
  /// What happened.
  public let type: String
  /// Who was authenticated, as an address where there is one.
  public let actor: String
  /// A user whom the operator only named.
  @Nullable public var onBehalfOf: String?
  /// How the command came in.
  public let via: String
  /// The event's facts that are not personal, as text by name.
  public private(set) var facts: [String: String]
  /// What was sealed with a label.
  @Nullable public var reason: String?
}

extension HistoryEntry {
  /// A screening without what it said.
  var veiled: HistoryEntry {
    var entry = self
    entry.facts = facts.filter { ["model", "opening", "policy", "threshold"].contains($0.key) }
    return entry
  }
}

extension Office {
  /// Every event of an applicant up to a moment, oldest first; the look is recorded.
  public func history(
    _ number: ApplicantNumber, asOf: AsOf = .now, by origin: Origin
  ) async throws(ScreeningError) -> [HistoryEntry] {
    let position = try resolve(asOf)
    _ = try applicantRow(number, asOf: position)
    try await recordAccess(.history, of: number, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      let hides = try newestRow(number).map { (row) throws(ScreeningError) in
        try scoreVeil(for: origin).hides(row)
      }
      return try historyEntries(of: number, through: position).map { entry in
        hides == true && entry.type == ApplicantScreened.type ? entry.veiled : entry
      }
    }
  }

  /// As `history`, without recording the look.
  ///
  /// - Parameter opening: whether addresses and reasons are opened; users have numbers without.
  func historyEntries(
    of number: ApplicantNumber, through position: Position, opening: Bool = true
  ) throws(ScreeningError) -> [HistoryEntry] {
    let addresses = opening ? try addresses() : [:]
    return try historyPositions(of: number, through: position).map {
      (position) throws(ScreeningError) in
      try entry(for: try event(position), addresses: addresses, opening: opening)
    }
  }

  /// The positions of an applicant's events, ascending.
  func historyPositions(
    of number: ApplicantNumber, through last: Position
  ) throws(ScreeningError) -> [Position] {
    var positions: [Position] = []
    try scanPositions(RecordsProjection.applicants, of: number.rawValue) { position in
      guard position <= last else { return false }
      positions.append(position)
      return true
    }
    return positions
  }

  /// Users' addresses by the name that events cite them under, without those that are damaged.
  func addresses() throws(ScreeningError) -> [String: String] {
    var addresses: [String: String] = [:]
    for row in try userRows() {
      do throws(ScreeningError) {
        addresses[row.number.stream] = try openText(row.email, .email)
      } catch {
        guard error.kind == .damaged else { throw error }
      }
    }
    return addresses
  }

  /// One event of a history, with addresses for those who have one.
  func entry(
    for event: Event, addresses: [String: String], opening: Bool
  ) throws(ScreeningError) -> HistoryEntry {
    var reason: String?
    if opening, event.type == ApplicantLabelled.type,
      let sealed = try ApplicantLabelled(event).reason
    {
      reason = try openTextUnlessErased(sealed, .reason)
    }
    return HistoryEntry(
      position: event.position.rawValue, at: event.at.description, happened: event.happened,
      type: event.type, actor: addresses[event.actor] ?? event.actor,
      onBehalfOf: event.onBehalfOf.map { addresses[$0] ?? $0 }, via: event.via,
      facts: facts(of: event.data), reason: reason)
  }

  /// The members that are plain facts: sealed values and digests say nothing to a reader.
  private func facts(of data: JSONValue) -> [String: String] {
    var facts: [String: String] = [:]
    for member in data.object ?? [:] where !["applicant", "subject"].contains(member.name) {
      let name = member.name
      switch member.value {
      case .string(let text): facts[name] = text
      case .integer(let number): facts[name] = String(number)
      case .array(let items):
        facts[name] = items.compactMap { $0.string ?? $0.integer.map { String($0) } }
          .joined(separator: " ")
      case .object: break
      }
    }
    return facts
  }
}
