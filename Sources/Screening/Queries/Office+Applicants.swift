public import EventStore
import Projections

extension Office {
  /// How many applicants were registered up to `asOf`; numbers are dense, so also the largest number.
  public func applicantCount(asOf: AsOf = .now) throws(ScreeningError) -> UInt64 {
    try applicantCount(at: try resolve(asOf))
  }

  func applicantCount(at position: Position) throws(ScreeningError) -> UInt64 {
    // Numbers and positions rise together: the last applicant is found by halving.
    var low: UInt64 = 0
    var high = try lastNumber(in: RecordsProjection.applicants)
    if high > 0, let row = try newestRow(ApplicantNumber(high)), row.registered <= position {
      return high
    }
    while low < high {
      let middle = (low + high + 1) / 2
      let row = try newestRow(ApplicantNumber(middle))
      if let row, row.registered <= position { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Applicants as they stood at `asOf`, in order.
  ///
  /// - Parameters:
  ///   - limit: at most so many.
  ///   - last: only those after this one in the order, for the next page.
  /// - Complexity: as of `ApplicantWalk.forEach`.
  public func applicants(
    asOf: AsOf = .now, filter: ApplicantFilter = ApplicantFilter(),
    order: ApplicantOrder = .newest, limit: Int? = nil, after last: ApplicantNumber? = nil,
    by origin: Origin
  ) async throws(ScreeningError) -> [ApplicantSummary] {
    // Looking for a name is looking for a person: each time is recorded, not once an hour.
    try await recordAccess(.list, always: filter.name != nil, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      try applicants(
        at: try resolve(asOf), filter: filter, order: order, limit: limit, after: last, by: origin)
    }
  }

  private func applicants(
    at position: Position, filter: ApplicantFilter = ApplicantFilter(),
    order: ApplicantOrder = .newest, limit: Int?, after last: ApplicantNumber?, by origin: Origin
  ) throws(ScreeningError) -> [ApplicantSummary] {
    let context = try SummaryContext(self, at: position)
    return try listing(filter) { () throws(ScreeningError) in
      let walk = try ApplicantWalk(
        self, filter, order, at: position, try foldedScoreVeil(for: origin))
      var summaries: [ApplicantSummary] = []
      guard limit ?? .max > 0 else { return summaries }
      try walk.forEach(after: last) { (row) throws(ScreeningError) in
        let summary = try summary(of: row, in: context)
        if filter.flag.map(summary.flags.contains) ?? true { summaries.append(summary) }
        return summaries.count < limit ?? .max
      }
      return summaries
    }
  }

  /// How many applicants the filter lets through.
  ///
  /// - Complexity: O(applicants of the openings and states that the filter names).
  public func applicantCount(
    asOf: AsOf, filter: ApplicantFilter, by origin: Origin
  ) async throws(ScreeningError) -> Int {
    try await recordAccess(.list, always: filter.name != nil, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      let position = try resolve(asOf)
      let context = try SummaryContext(self, at: position)
      return try listing(filter) { () throws(ScreeningError) in
        let walk = try ApplicantWalk(
          self, filter, .newest, at: position, try foldedScoreVeil(for: origin))
        var count = 0
        try walk.forEach(after: nil) { (row) throws(ScreeningError) in
          if let flag = filter.flag {
            count += try flags(of: row, in: context).contains(flag) ? 1 : 0
          } else {
            count += 1
          }
          return true
        }
        return count
      }
    }
  }

  /// The value of `walk`; only one that looks for a word looks into the vocabulary.
  private func listing<Value>(
    _ filter: ApplicantFilter, _ walk: () throws(ScreeningError) -> Value
  ) throws(ScreeningError) -> Value {
    filter.word == nil ? try walk() : try readingVocabulary(walk)
  }

  /// Records that somebody is about to take a whole list with them.
  public func beginExport(by origin: Origin) async throws(ScreeningError) {
    try await recordAccess(.export, always: true, by: origin)
  }

  /// A page of the seed's list: pages from 1, the newest applicant first, an empty page past the end.
  ///
  /// - Parameter seen: the position that is now for the question.
  /// - Returns: the page, how many applicants there are, and the position that both hold at.
  public func applicantPage(
    asOf: AsOf = .now, seen: Position? = nil, limit: Int, page: Int, by origin: Origin
  ) async throws(ScreeningError) -> (
    applicants: [ApplicantSummary], total: UInt64, position: Position
  ) {
    guard limit >= 1, page >= 1 else { throw .invalid("Limit and page count from 1.") }
    try await recordAccess(.list, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      let position = try resolve(asOf, seen: seen)
      let total = try applicantCount(at: position)
      let (skipped, overflow) = (page - 1).multipliedReportingOverflow(by: limit)
      guard !overflow, UInt64(skipped) < total else { return ([], total, position) }
      let first = ApplicantNumber(total - UInt64(skipped) + 1)
      return (
        try applicants(at: position, limit: limit, after: first, by: origin), total, position
      )
    }
  }

  /// What all lines of one list share.
  struct SummaryContext {
    var position: Position
    var threshold: Int
    var inForce: [Opening: InForceRow] = [:]
    var users: [String: String] = [:]

    init(_ office: Office, at position: Position) throws(ScreeningError) {
      self.position = position
      threshold = try office.policyRow(asOf: position).threshold
      for opening in try office.openings() {
        inForce[opening] = try office.modelInForce(for: opening, asOf: position)
      }
      for row in try office.userRows() {
        users[row.number.stream] = try office.openText(row.email, .email)
      }
    }
  }

  func summary(
    of row: ApplicantRow, in context: SummaryContext
  ) throws(ScreeningError) -> ApplicantSummary {
    ApplicantSummary(
      applicant: row.number.rawValue,
      name: try listedName(of: row),
      opening: row.opening.slug, received: row.received.description, state: row.state,
      label: row.label?.label, labelledBy: row.label.map { context.users[$0.by] ?? $0.by },
      outcome: row.screening?.outcome, probability: row.screening?.probability,
      model: row.screening?.model?.rawValue, flags: try flags(of: row, in: context))
  }

  /// The name in a row of a list; `nil` for whoever was erased, and for a name that is damaged, of which the check of the
  /// log and the applicant's own page tell: it must not stop every list.
  func listedName(of row: ApplicantRow) throws(ScreeningError) -> String? {
    guard row.erased == nil else { return nil }
    do throws(ScreeningError) {
      return try openTextUnlessErased(row.name, .name)
    } catch {
      if error.kind == .damaged { return nil }
      throw error
    }
  }

  /// Opens a text whose person may have been erased since the row was read.
  func openTextUnlessErased(
    _ reference: SealedReference, _ purpose: SealedPurpose
  ) throws(ScreeningError) -> String? {
    do throws(ScreeningError) {
      return try openText(reference, purpose)
    } catch {
      if error.kind == .erased { return nil }
      throw error
    }
  }

  private func flags(
    of row: ApplicantRow, in context: SummaryContext
  ) throws(ScreeningError) -> [ApplicantFlag] {
    var flags: [ApplicantFlag] = []
    if row.screening?.outcome == .undecidable { flags.append(.undecidable) }
    if row.documents.contains(where: { $0.unreadable != nil && $0.readings.isEmpty }) {
      flags.append(.unreadableDocument)
    }
    if row.erased == nil, try sharesDocument(row, asOf: context.position) {
      flags.append(.sameDocument)
    }
    if let probability = row.screening?.probability,
      abs(probability - context.threshold) <= 500
    {
      flags.append(.nearThreshold)
    }
    if let model = row.screening?.model, let inForce = context.inForce[row.opening],
      model != inForce.model
    {
      flags.append(.staleScore)
    }
    return flags
  }

  /// Whether somebody else had sent a document of the same words by `position` (同一文書).
  private func sharesDocument(
    _ row: ApplicantRow, asOf position: Position
  ) throws(ScreeningError) -> Bool {
    for document in row.documents where !document.readings.isEmpty {
      let key = viewKey(row.number.rawValue, UInt64(document.number))
      let wording = try recorded { () throws(ViewError) in
        try views.value(at: key, in: WordingsProjection.wordings)
      }
      guard let wording else { continue }
      var shared = false
      try scan(WordingsProjection.senders, prefix: wording) { entry in
        shared =
          number(in: entry.key, at: 16) != row.number.rawValue
          && number(in: entry.value, at: 0) <= position.rawValue
        return !shared
      }
      if shared { return true }
    }
    return false
  }
}
