import Cryptography
import EventStore
import Projections

extension Office {
  /// An append of one event, refused if the event's stream has changed after `position`, where the views
  /// stood when it was decided.
  func change(
    _ event: some DomainEvent, by origin: Origin, at position: Position
  ) throws(ScreeningError) -> Append {
    var append = origin.append([event.draft(onBehalfOf: origin.onBehalfOf)])
    append.expecting = [event.stream: try lastPosition(of: event.stream, at: position)]
    return append
  }

  /// The last position of a stream that was decided about at `position`.
  ///
  /// A stream that has moved on since gives `position` itself, which the log will refuse.
  func lastPosition(
    of stream: String, at position: Position
  ) throws(ScreeningError) -> Position {
    try recorded { () throws(EventLogError) in min(try log.lastPosition(ofStream: stream), position)
    }
  }

  /// Whether the log ends at `position`: then views cannot tell of a later one.
  func isEnd(_ position: Position) throws(ScreeningError) -> Bool {
    try recorded { () throws(EventLogError) in try log.head } == position
  }

  /// The event at `position`, which another event or a view has named.
  func event(_ position: Position) throws(ScreeningError) -> Event {
    let event = try recorded { () throws(EventLogError) in try log.event(at: position) }
    guard let event else {
      throw .damaged("Event \(position) is missing, though others name it. Run 'senko verify'.")
    }
    return event
  }

  /// The blob that an event names.
  func blob(_ digest: Digest) throws(ScreeningError) -> [UInt8] {
    let blob = try recorded { () throws(EventLogError) in try log.blob(digest) }
    guard let blob else {
      throw .damaged("The blob \(digest) is missing, though an event names it. Run 'senko verify'.")
    }
    return blob
  }

  /// Calls `body` with the newest rows in the order of their keys, or backwards, until it returns false.
  func scan<Key, Row>(
    _ table: TemporalTable<Key, Row>, backwards: Bool = false,
    _ body: (Row) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    try viewed { try table.forEachNewest(backwards: backwards, in: views, body) }
  }

  /// Calls `body` with the entries of `table` from `start` on, or backwards from it, until it returns false.
  func scan(
    _ table: ViewTable, from start: [UInt8], backwards: Bool,
    _ body: (ViewEntry) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    try viewed { try views.forEach(in: table, from: start, backwards: backwards, body) }
  }

  /// Calls `body` with the entries of `table` whose keys begin with `prefix`, until it returns false.
  func scan(
    _ table: ViewTable, prefix: [UInt8] = [], _ body: (ViewEntry) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    try viewed { try views.forEach(in: table, prefix: prefix, body) }
  }

  /// Calls `body` with the positions from which `key` had another row, ascending, until it returns false.
  func scanPositions<Row>(
    _ table: TemporalTable<UInt64, Row>, of key: UInt64,
    _ body: (Position) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    try viewed { try table.forEachPosition(for: key, in: views, body) }
  }

  /// Runs a walk over views, translating what it throws.
  func viewed(_ walk: () throws -> Void) throws(ScreeningError) {
    do {
      try walk()
    } catch let error as ScreeningError {
      throw error
    } catch let error as ViewError {
      throw ScreeningError(error)
    } catch {
      throw .unavailable("\(error)")
    }
  }

  /// The largest number given in a table keyed by numbers, or zero.
  func lastNumber<Row: NumberedRow>(
    in table: TemporalTable<UInt64, Row>
  ) throws(ScreeningError) -> UInt64 {
    var last: UInt64 = 0
    try scan(table, backwards: true) { row in
      last = row.rawNumber
      return false
    }
    return last
  }

  /// The applicant's row as of `position`.
  ///
  /// - Throws: `.notFound` when there was no such applicant then.
  func applicantRow(
    _ number: ApplicantNumber, asOf position: Position
  ) throws(ScreeningError) -> ApplicantRow {
    let row = try recorded { () throws(ViewError) in
      try RecordsProjection.applicants.row(for: number.rawValue, asOf: position, in: views)
    }
    guard let row else { throw .noApplicant(number) }
    return row.reached(byErasureOf: row.erased == nil ? try newestRow(number) : nil)
  }

  /// Calls `body` with the applicants' rows as of `position`, by number from `first` on, or backwards from
  /// it, until it returns false.
  ///
  /// - Complexity: O(rows of all positions passed over).
  func scanApplicants(
    asOf position: Position, from first: ApplicantNumber? = nil, backwards: Bool = false,
    _ body: (ApplicantRow) throws(ScreeningError) -> Bool
  ) throws(ScreeningError) {
    try viewed {
      try RecordsProjection.applicants.forEach(
        asOf: position, from: first?.rawValue, backwards: backwards, in: views
      ) { row, newest in
        try body(row.reached(byErasureOf: newest))
      }
    }
  }

  /// What `body` makes of the applicants' newest rows, by number, on all cores.
  ///
  /// - Complexity: O(applicants); many snapshots are taken one after the other.
  func newestApplicants<Value: Sendable>(
    _ body: @Sendable (ApplicantRow) throws(ScreeningError) -> Value?
  ) throws(ScreeningError) -> [Value] {
    let size: UInt64 = 512
    let last = try lastNumber(in: RecordsProjection.applicants)
    let starts = Array(stride(from: 1, through: last, by: Int(size)))
    return try onAllCores(starts[...], chunk: 1) { (starts) throws(ScreeningError) -> [Value] in
      var values: [Value] = []
      for start in starts {
        try viewed {
          try RecordsProjection.applicants.forEachNewest(from: start.viewKey, in: views) { row in
            guard row.number.rawValue < start + size else { return false }
            if let value = try body(row) { values.append(value) }
            return true
          }
        }
      }
      return values
    }.flatMap(\.self)
  }

  /// The applicant's newest row, or `nil`.
  func newestRow(_ number: ApplicantNumber) throws(ScreeningError) -> ApplicantRow? {
    try recorded { () throws(ViewError) in
      try RecordsProjection.applicants.newest(for: number.rawValue, in: views)
    }
  }

  /// The newest row of an applicant who can still be acted on.
  ///
  /// - Throws: `.notFound` or `.erased`.
  func livingRow(_ number: ApplicantNumber) throws(ScreeningError) -> ApplicantRow {
    guard let row = try newestRow(number) else { throw .noApplicant(number) }
    guard row.erased == nil else { throw .erased(number) }
    return row
  }
}

extension ApplicantRow {
  /// Erasure reaches back: whatever the position, nothing personal is left to show.
  fileprivate func reached(byErasureOf newest: ApplicantRow?) -> ApplicantRow {
    guard erased == nil, let erased = newest?.erased else { return self }
    var row = self
    row.erased = erased
    row.state = .erased
    return row
  }
}

/// A row of a table whose keys are dense numbers.
protocol NumberedRow: ViewRow {
  var rawNumber: UInt64 { get }
}

extension ApplicantRow: NumberedRow {
  var rawNumber: UInt64 { number.rawValue }
}

extension UserRow: NumberedRow {
  var rawNumber: UInt64 { number.rawValue }
}

extension ModelRow: NumberedRow {
  var rawNumber: UInt64 { number.rawValue }
}
