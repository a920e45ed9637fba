import DocumentReader
import EventStore
import LinearSVM

/// Opens what readings sealed, and puts into a table what a lexicon leaves of it: one applicant after another, in
/// the same memory.
struct NounReader {
  /// What an opened value is to an applicant.
  private enum Step {
    /// What only the applicant of this place has; the name comes first.
    case own(SealedPurpose, Int)
    case text
    /// The tokens, of the last reading or of an earlier one.
    case tokens(isLast: Bool)
  }

  private let office: Office
  private let lexicon: ExclusionLexicon
  private var selection: NounSelection
  private var own: [String] = []
  private var text: [UInt8] = []
  private var tokens = TokenTable()
  private var places: [TermPlace] = []
  /// Nouns of the present applicant that may stand in several spellings which Unicode calls equivalent: the first of
  /// them counts for all.
  private var others: [String: UInt32] = [:]

  /// Has read nothing yet.
  init(_ office: Office, without lexicon: ExclusionLexicon) {
    self.office = office
    self.lexicon = lexicon
    selection = NounSelection(by: lexicon)
  }

  /// Adds the nouns of some dozens of applicants to a table; their events and values are read from one snapshot
  /// each.
  ///
  /// - Throws: `.erased` when one of them is; the table is of no use then.
  mutating func read(
    _ applicants: ArraySlice<ReadApplicant>, into table: inout NounTable
  ) throws(ScreeningError) {
    let (requests, steps) = try requests(for: applicants)
    let first = table.count
    var failure: CodingError?
    try recorded { () throws(EventLogError) in
      try office.log.open(requests) { index, value in
        if case .own(.name, let place) = steps[index] { table.begin(upTo: first + place) }
        do throws(CodingError) { try take(value, steps[index], &table) } catch { failure = error }
        return failure == nil
      }
    }
    if let failure { throw .undecodable(failure) }
    table.begin(upTo: first + applicants.count - 1)
  }

  /// The values to be opened, and what each of them is.
  private func requests(
    for applicants: ArraySlice<ReadApplicant>
  ) throws(ScreeningError) -> ([SealedRequest], [Step]) {
    let readings = try office.sealedReadings(at: applicants.flatMap(\.readings))
    var (requests, steps) = ([SealedRequest](), [Step]())
    func ask(_ reference: SealedReference, _ purpose: SealedPurpose, _ step: Step) {
      requests.append(SealedRequest(reference, purpose))
      steps.append(step)
    }
    var next = 0
    for (place, applicant) in applicants.enumerated() where !applicant.readings.isEmpty {
      for (purpose, value) in applicant.own.all { ask(value, purpose, .own(purpose, place)) }
      let end = next + applicant.readings.count
      for reading in readings[next..<end] {
        ask(reading.text, .text, .text)
        next += 1
        ask(reading.tokens, .tokens, .tokens(isLast: next == end))
      }
    }
    return (requests, steps)
  }

  private mutating func take(
    _ value: Span<UInt8>, _ step: Step, _ table: inout NounTable
  ) throws(CodingError) {
    switch step {
    case .own(let purpose, _):
      if purpose == .name { own.removeAll(keepingCapacity: true) }
      own += purpose.ownStrings(of: string(value), for: lexicon)
    case .text:
      text.removeAll(keepingCapacity: true)
      unsafe value.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    case .tokens(let isLast):
      try tokens.read(value)
      select(into: &table)
      if isLast, !others.isEmpty {
        for (term, count) in others { table.add(Array(term.utf8), count: count) }
        others = [:]
      }
    }
  }

  /// Adds the nouns of the reading whose text and tokens have been opened.
  private mutating func select(into table: inout NounTable) {
    selection.select(in: text, tokens, own: own)
    places.removeAll(keepingCapacity: true)
    for noun in selection.nouns {
      let count = UInt32(selection.counts[noun])
      if tokens.isPlain(noun) {
        places.append(TermPlace(tokens.range(noun), count: count))
      } else {
        others[tokens.text(noun), default: 0] += count
      }
    }
    table.add(places, in: tokens.bytes.span, excluded: selection.exclusions.count)
  }

  private func string(_ value: Span<UInt8>) -> String {
    unsafe value.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}

extension Office {
  /// The text and the tokens that readings sealed.
  fileprivate func sealedReadings(
    at positions: [Position]
  ) throws(ScreeningError) -> [(text: SealedReference, tokens: SealedReference)] {
    let read = try recorded { () throws(EventLogError) in
      try log.events(at: positions) { line -> (text: SealedReference, tokens: SealedReference)? in
        guard line.type.isText("document.read") else { return nil }
        var (text, tokens): (SealedReference?, SealedReference?)
        line.forEachMember { member in
          if member.isNamed("text") {
            text = member.reference
          } else if member.isNamed("tokens") {
            tokens = member.reference
          }
          return true
        }
        return text.flatMap { text in tokens.map { (text, $0) } }
      }
    }
    return try zip(positions, read).map { (position, read) throws(ScreeningError) in
      if let read { return read }
      let event = try DocumentRead(try event(position))
      return (event.text, event.tokens)
    }
  }
}
