import Cryptography
import DocumentReader
import EventStore
import LinearSVM
import Synchronization

/// Many applicants' nouns, each spelling kept once: eight bytes a noun.
struct NounTable: Sendable {
  /// A row of nouns for each applicant.
  private(set) var nouns = TermRows()
  /// How many tokens of each applicant were dropped as what must not decide.
  private(set) var excluded: [Int] = []

  /// How many applicants there are.
  var count: Int { excluded.count }

  /// Begins the applicants up to the one of this place that were not begun yet; what is added belongs to the last.
  mutating func begin(upTo place: Int) {
    while count <= place {
      nouns.beginRow()
      excluded.append(0)
    }
  }

  /// Adds nouns of the applicant begun last.
  ///
  /// - Parameters:
  ///   - bytes: what holds the nouns in UTF-8.
  ///   - excluded: how many tokens were dropped beside them.
  mutating func add(_ places: [TermPlace], in bytes: Span<UInt8>, excluded count: Int) {
    nouns.add(places, in: bytes)
    excluded[excluded.count - 1] += count
  }

  /// Adds a noun of the applicant begun last.
  mutating func add(_ term: [UInt8], count: UInt32) { nouns.add(term.span, count: count) }

  /// The applicants of tables that were filled one beside the other.
  ///
  /// - Parameter order: which applicants of which table follow each other.
  fileprivate init(
    _ join: TermRowsJoin, _ parts: consuming [NounTable], in order: [TermRowsJoin.Stretch]
  ) {
    for (part, rows) in order { excluded += parts[part].excluded[rows] }
    var rows: [TermRows] = []
    while !parts.isEmpty { rows.append(parts.removeFirst().nouns) }
    nouns = join.rows(consume rows, in: order)
  }

  init() {}

  /// Gives the nouns the numbers that they have among those of all tables.
  fileprivate mutating func renumber(by join: TermRowsJoin, part: Int) {
    join.renumber(&nouns, part: part)
  }

  /// Puts every applicant's nouns in the order of their UTF-8 bytes.
  mutating func sort() { nouns.sort() }

  /// The nouns of the applicant that was added as number `index`, from 0.
  func nouns(at index: Int) -> Nouns {
    Nouns(terms: nouns.row(index), excluded: excluded[index])
  }
}

/// Whose nouns are to be opened, as far as nouns depend on it.
struct ReadApplicant: Sendable {
  var number: ApplicantNumber
  var own: OwnValues
  /// The readings that count.
  var readings: [Position]

  /// The applicant of a row.
  init(_ row: ApplicantRow, readings: [Position]) {
    number = row.number
    own = OwnValues(row)
    self.readings = readings
  }
}

extension Office {
  /// Opens the nouns of many applicants, on all cores, and tells how many are done.
  ///
  /// - Parameter usingKept: whether nouns that an earlier training kept may stand for what is recorded, and those under
  ///   the lexicon in force are kept for the next one.
  /// - Returns: the nouns in the order of `applicants`, who ascend by number, each applicant's in the order of UTF-8
  ///   bytes.
  func nouns(
    of applicants: [ReadApplicant], without lexicon: ExclusionLexicon, usingKept: Bool = true,
    _ work: LongWork
  ) throws(ScreeningError) -> NounTable {
    let digest = lexicon.digest
    let keeps = usingKept ? try digest == lexiconInForce(asOf: catchUp()).digest : false
    // A table for each core: nearly all of what people write has been written by others before.
    let parts = (0..<Background.cores).map { _ in NounPart() }
    let next = Atomic(0)
    let failure = Mutex<ScreeningError?>(nil)
    let opened = Mutex(0)
    Background.forEach(parts.count) { index in
      do throws(ScreeningError) {
        try parts[index].fill { (part) throws(ScreeningError) in
          var reader = NounReader(self, without: lexicon)
          var kept = KeptNouns(self, without: digest)
          while failure.withLock({ $0 == nil }) {
            let start = next.wrappingAdd(NounPart.stretch, ordering: .relaxed).oldValue
            guard start < applicants.count else { break }
            try work.check()
            let end = min(start + NounPart.stretch, applicants.count)
            let (stretch, first) = (applicants[start..<end], part.table.count)
            let isKept = usingKept ? try kept.read(stretch, into: &part.table) : false
            if !isKept {
              try reader.read(stretch, into: &part.table)
              if keeps { kept.keep(stretch, of: part.table, from: first) }
            }
            part.starts.append(start)
            opened.withLock {
              $0 += end - start
              work.report(.applicants, $0, of: applicants.count)
            }
          }
          kept.finish()
        }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return NounPart.join(parts)
  }
}

/// What one core has opened of many applicants' nouns.
private final class NounPart: Sendable {
  struct Content {
    var table = NounTable()
    /// Where the stretches of applicants that it opened begin, among all.
    var starts: [Int] = []
  }

  /// How many applicants are opened from one snapshot.
  static let stretch = 32

  private let content = Mutex(Content())

  func fill(
    _ body: (inout Content) throws(ScreeningError) -> Void
  ) throws(ScreeningError) {
    try content.withLock { (content) throws(ScreeningError) in try body(&content) }
  }

  /// Gives away what it has opened.
  private func take() -> Content {
    content.withLock { content in
      let taken = content
      content = Content()
      return taken
    }
  }

  /// All applicants in their order, on all cores.
  static func join(_ parts: [NounPart]) -> NounTable {
    let join = TermRowsJoin(parts.map { $0.content.withLock(\.table.nouns) })
    Background.forEach(parts.count) { index in
      parts[index].content.withLock { $0.table.renumber(by: join, part: index) }
    }
    var tables: [NounTable] = []
    var order: [(start: Int, stretch: TermRowsJoin.Stretch)] = []
    for (part, content) in parts.map({ $0.take() }).enumerated() {
      for (place, start) in content.starts.enumerated() {
        let first = place * stretch
        order.append((start, (part, first..<min(first + stretch, content.table.count))))
      }
      tables.append(content.table)
    }
    order.sort { $0.start < $1.start }
    return NounTable(join, consume tables, in: order.map(\.stretch))
  }
}

/// Applies `work` to chunks of the items, on all cores.
///
/// - Returns: the results in the order of the items.
/// - Throws: what the first of the chunks that failed threw.
func onAllCores<Item: Sendable, Value: Sendable>(
  _ items: ArraySlice<Item>, chunk: Int,
  _ work: @Sendable (ArraySlice<Item>) throws(ScreeningError) -> Value
) throws(ScreeningError) -> [Value] {
  let results = Mutex<[Int: Result<Value, ScreeningError>]>([:])
  let chunks = (items.count + chunk - 1) / chunk
  Background.forEach(chunks) { index in
    let first = items.startIndex + index * chunk
    let result = Result { () throws(ScreeningError) in
      try work(items[first..<min(first + chunk, items.endIndex)])
    }
    results.withLock { $0[index] = result }
  }
  var values: [Value] = []
  for index in 0..<chunks {
    if let result = results.withLock({ $0.removeValue(forKey: index) }) {
      values.append(try result.get())
    }
  }
  return values
}
