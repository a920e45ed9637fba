import Cryptography
import LMDB

extension Verifier {
  /// Holds the table of the erased against the events, so that nobody is taken for erased whom nobody has erased.
  ///
  /// Every erasure begins another generation of keys. Where the application names in its events whom it erases, each
  /// row is to be of somebody so named, and to hold the position of the last such event of that append; a restore brings
  /// rows of people whose erasure is lost, which hold 0.
  mutating func checkErased() throws(EventLogError) {
    let tables = tables
    var problems: [(String, Position?)] = []
    let erasures = Dictionary(erasures.map { ($0.subject, $0) }) { first, _ in first }
    let (isRestored, size) = (!successions.isEmpty, size)
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
    let ends = NamedErasure.ends(of: self.erasures, rows, generation: generation)
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
        fits = number == 0 ? isRestored : number == ends[subject]
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
}
