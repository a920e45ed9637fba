import Cryptography
import LMDB

/// An event by which an application says whom an erasure was of: its type ends in `.erased`, and its member `subject`
/// names them.
struct NamedErasure: Sendable {
  let subject: SubjectID
  let position: Position
  let clock: Timestamp

  private static let suffix = Array(".erased".utf8)

  /// Reads one from an event; `nil` where it is another.
  init?(_ line: EventLine) {
    let type = line.type
    guard type.count > Self.suffix.count else { return nil }
    for (index, byte) in Self.suffix.enumerated()
    where type[type.count - Self.suffix.count + index] != byte { return nil }
    guard let event = try? line.event(), let name = event.data["subject"]?.string,
      let subject = SubjectID(hex: name)
    else { return nil }
    (self.subject, position, clock) = (subject, event.position, event.clock)
  }
}

extension NamedErasure {
  /// Which position the row of each of the erased is to hold: that of the last event of their erasure's append.
  ///
  /// Events do not tell where an append ends. But those of one have one time; so each is the last of its append, or its
  /// append ends where that of the next one does. A row that holds either is right, and tells it of those ahead; where
  /// none does, events that adjoin are taken to be of one append. Where that makes more appends than the keys have
  /// had generations, rows lie, and only events are asked: those that adjoin, then all of one time.
  ///
  /// - Parameters:
  ///   - erasures: in the order of their positions. Of two of one subject, the first counts.
  ///   - rows: what the table of the erased holds.
  ///   - generation: of the keys; every erasure begins another one.
  static func ends(
    of erasures: [NamedErasure], _ rows: [(key: [UInt8], value: [UInt8])], generation: UInt64
  ) -> [SubjectID: UInt64] {
    var held: [SubjectID: UInt64] = [:]
    for row in rows {
      if let subject = SubjectID(row.key) { held[subject] = bigEndian(row.value.span) }
    }
    let told = ends(of: erasures, told: held, areAdjoining: true)
    for areAdjoining in [true, false] where Set(told.values).count >= generation {
      let ends = ends(of: erasures, told: [:], areAdjoining: areAdjoining)
      if Set(ends.values).count < generation { return ends }
    }
    return told
  }

  /// As above, of what rows tell.
  ///
  /// - Parameter areAdjoining: whether the events of one append are taken to follow each other.
  private static func ends(
    of erasures: [NamedErasure], told: [SubjectID: UInt64], areAdjoining: Bool
  ) -> [SubjectID: UInt64] {
    let first = Dictionary(erasures.map { ($0.subject, $0.position) }) { first, _ in first }
    var ends: [SubjectID: UInt64] = [:]
    // Where the append of the event that is looked at may end.
    var possible: Set<UInt64> = []
    var following: (erasure: NamedErasure, end: UInt64)?
    for erasure in erasures.reversed() {
      var end = erasure.position.rawValue
      if let following, following.erasure.clock == erasure.clock {
        let adjoins = following.erasure.position == erasure.position.next
        if adjoins || !areAdjoining { end = following.end }
      } else {
        possible = []
      }
      possible.insert(erasure.position.rawValue)
      if first[erasure.subject] == erasure.position {
        if let row = told[erasure.subject], possible.contains(row) {
          possible = [row]
          end = row
        }
        ends[erasure.subject] = end
      }
      following = (erasure, end)
    }
    return ends
  }
}
