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

extension Verifier {
  /// Holds the table of the erased against the events, so that nobody is taken for erased whom nobody has erased.
  ///
  /// Every erasure begins another generation of keys. Where the application names in its events whom it erases, each
  /// row is to be of somebody so named, and to hold the position of the last such event of that append; a restore brings
  /// rows of people whose erasure is lost, which hold 0.
  ///
  /// Events do not tell where an append ends. But of those that follow each other with one time each is the last of its
  /// append, or holds what the next one does; and appends are no more than generations.
  mutating func checkErased() throws(EventLogError) {
    let tables = tables
    var problems: [(String, Position?)] = []
    let erasures = Dictionary(erasures.map { ($0.subject, $0) }) { first, _ in first }
    let (isRestored, size) = (!successions.isEmpty, frontier.size)
    let (rows, clocks, generation) = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var rows: [(key: [UInt8], value: [UInt8])] = []
        var left = try transaction.count(tables.erased)
        var cursor = try transaction.cursor(tables.erased)
        while left > 0, let entry = try cursor.next() {
          left -= 1
          rows.append((Array(copying: entry.key), Array(copying: entry.value)))
        }
        var clocks: [UInt64: Timestamp] = [:]
        for position in Set(rows.compactMap { bigEndian($0.value.span) }) {
          let bytes = try transaction.value(at: bigEndian(position), in: tables.events)
          clocks[position] = bytes.flatMap { try? Event(decoding: $0.span) }?.clock
        }
        let generation = try transaction.value(at: MetaKey.generation, in: tables.meta)
        return (rows, clocks, generation.flatMap { bigEndian($0.span) } ?? .max)
      }
    }
    let misplaced = misplaced(
      Dictionary(rows.map { (SubjectID($0.key), bigEndian($0.value.span)) }) { first, _ in first })
    var seen: Set<SubjectID> = []
    for (key, value) in rows {
      guard let subject = SubjectID(key), let number = bigEndian(value.span) else {
        problems.append(
          ("The table 'erased' has a row that is none of somebody who was erased.", nil))
        continue
      }
      seen.insert(subject)
      // Who was erased meanwhile.
      if number > size { if clocks[number] != nil { continue } }
      let fits: Bool
      if erasures[subject] != nil {
        fits = number == 0 ? isRestored : !misplaced.contains(subject)
      } else if number == 0 {
        // Of a restore that no event tells of, the keys' generation does.
        fits = isRestored || erasures.isEmpty && generation > 1
      } else {
        fits =
          erasures.isEmpty && clocks[number] != nil
          && (isRestored || named.subjects.contains(subject.words.0))
      }
      if !fits {
        problems.append(
          (
            "The table 'erased' says that somebody was erased of whom no event does, or by another event. Nobody but "
              + "who can write to the log's file can have put that there.", firstNamed[subject]
          ))
      }
    }
    let count = Set(rows.compactMap { bigEndian($0.value.span) }.filter { $0 > 0 }).count
    if count > 0, UInt64(count) >= generation {
      problems.append(
        (
          "The table 'erased' tells of \(count) erasures, and the keys of "
            + "\(max(generation, 1) - 1).", nil
        ))
    }
    let forgotten = erasures.keys.count { !seen.contains($0) }
    if forgotten > 0 {
      problems.append(("The table 'erased' lacks \(forgotten) people who were erased.", nil))
    }
    for (problem, position) in problems { report.report(problem, at: position) }
  }

  /// Those named by an event of an erasure whose row holds another position than that append's last.
  private func misplaced(_ rows: [SubjectID?: UInt64?]) -> Set<SubjectID> {
    var misplaced: Set<SubjectID> = []
    let first = Dictionary(erasures.map { ($0.subject, $0.position) }) { first, _ in first }
    // Where the append of the event that is looked at may end.
    var ends: Set<UInt64> = []
    var following: NamedErasure?
    for erasure in erasures.reversed() {
      if erasure.clock != following?.clock { ends = [] }
      following = erasure
      ends.insert(erasure.position.rawValue)
      guard first[erasure.subject] == erasure.position else { continue }
      guard case let number?? = rows[erasure.subject], number > 0 else { continue }
      if ends.contains(number) { ends = [number] } else { misplaced.insert(erasure.subject) }
    }
    return misplaced
  }
}
