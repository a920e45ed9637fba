import EventStore
import Synchronization

/// Where an applicant stands in the index.
struct Standing: Sendable {
  let number: ApplicantNumber
  let opening: Opening
  var facet: Facet
  var probability: Int?
  let received: Moment

  init(_ row: ApplicantRow) {
    number = row.number
    opening = row.opening
    facet = Facet(row)
    probability = row.screening?.probability
    received = row.received
  }
}

/// Where those stood at some positions whom events are about that came later.
///
/// A list that is pinned to a position needs that for each of its pages, while the log goes on: each later event
/// is looked at once.
final class FormerStandings: Sendable {
  /// As of one position.
  struct Past: Sendable {
    let position: Position
    /// Up to where the log was searched for events.
    var searched: Position
    /// By number, of everybody whom later events are about; `nil` for those who came later.
    var standings: [UInt64: Standing?] = [:]
  }

  private let capacity: Int
  private let pasts = Mutex<[Past]>([])

  /// - Parameter capacity: how many positions are remembered.
  init(capacity: Int = 8) { self.capacity = capacity }

  /// Where those stood at `position` whom any event of the log has been about since.
  ///
  /// - Complexity: O(events that no earlier call for the position has seen).
  func past(at position: Position, of office: Office) throws(ScreeningError) -> Past {
    let known = pasts.withLock { pasts in pasts.first { $0.position == position } }
    var past = known ?? Past(position: position, searched: position)
    let head = try recorded { () throws(EventLogError) in try office.log.head }
    guard past.searched < head else { return past }
    for number in try office.applicants(after: past.searched, through: head) {
      do throws(ScreeningError) {
        past.standings[number.rawValue] = .some(
          Standing(try office.applicantRow(number, asOf: position)))
      } catch {
        guard error.kind == .notFound else { throw error }
        past.standings[number.rawValue] = .some(nil)
      }
    }
    past.searched = head
    remember(past)
    return past
  }

  private func remember(_ past: Past) {
    pasts.withLock { pasts in
      pasts.removeAll { $0.position == past.position }
      if pasts.count >= capacity { pasts.removeFirst() }
      pasts.append(past)
    }
  }
}

extension Office {
  /// The applicants whom the events after one position and through another are about.
  fileprivate func applicants(
    after position: Position, through last: Position
  ) throws(ScreeningError) -> Set<ApplicantNumber> {
    var numbers: Set<ApplicantNumber> = []
    var damaged: Position?
    try recorded { () throws(EventLogError) in
      try log.forEach(from: position.next, through: last) { position, bytes in
        guard let event = try? EventLine(bytes) else {
          damaged = position
          return false
        }
        if let number = ApplicantNumber(stream: event.stream) { numbers.insert(number) }
        return true
      }
    }
    if let damaged { throw ScreeningError(EventLogError.damaged("Event \(damaged)")) }
    return numbers
  }
}
