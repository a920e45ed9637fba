import Cryptography
import EventStore
import FoundationEssentials
import LinearSVM

extension Office {
  /// Gathers all that stands behind the decisions about an applicant; the look is recorded.
  ///
  /// - Parameters:
  ///   - asOf: the moment whose state it tells; now is the last event that the checkpoint covers.
  ///   - note: a checkpoint kept elsewhere, perhaps cosigned, that all proofs are to lead to; `nil` for the newest.
  ///   - opening: whether sealed values are opened, and the words of scores shown.
  ///   - progress: is told how many models were read, and how many screenings explained.
  /// - Throws: `.notFound`; `.invalid` for a note that is not this log's, `.conflict` for one that does not reach the
  ///   moment; `.cancelled` when the task was.
  public func dossier(
    of number: ApplicantNumber, asOf: AsOf = .now, under note: String? = nil, opening: Bool = true,
    by origin: Origin, progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> Dossier {
    try catchUp()
    guard try newestRow(number) != nil else { throw .noApplicant(number) }
    try requireVisibleScore(of: number, by: origin)
    try await recordAccess(.dossier, of: number, by: origin)
    return try await inBackground(progress: progress) { [self] (work) throws(ScreeningError) in
      let note = if let note { note } else { try checkpoint() }
      let covered = try recorded { () throws(EventLogError) in try log.size(coveredBy: note) }
      let position = try resolve(asOf == .now ? .position(covered) : asOf)
      guard position <= covered else {
        throw .conflict(
          "The checkpoint covers \(covered) events, and does not reach event \(position), as of which the "
            + "dossier was asked for. Give a later one, or none.")
      }
      let row = try applicantRow(number, asOf: position)
      // An erasure holds whatever the moment asked about.
      let erased = try newestRow(number)?.erased != nil
      return try dossier(
        of: row, at: position, under: note, opening: opening && !erased, erased, work)
    }
  }

  private func dossier(
    of row: ApplicantRow, at position: Position, under note: String, opening: Bool, _ erased: Bool,
    _ work: LongWork
  ) throws(ScreeningError) -> Dossier {
    let own = try historyPositions(of: row.number, through: position)
    let ownEvents = try own.map { (position) throws(ScreeningError) in try event(position) }
    let screened = try ownEvents.filter { $0.type == ApplicantScreened.type }
      .map { (event) throws(ScreeningError) in (event.position, try ApplicantScreened(event)) }
    var models: [Position: TrainedModel] = [:]
    for (index, (_, event)) in screened.enumerated() {
      try work.check()
      if let model = event.model {
        let trained = try trainedModel(model)
        models[trained.position] = trained
      }
      work.report(.models, index + 1, of: screened.count)
    }
    let count = screened.count
    let policies = screened.map(\.1.policy).filter { $0 != .zero }
    let promotions = try screened.map { (position, event) throws(ScreeningError) in
      try modelInForce(for: event.opening, asOf: position)?.promoted
    }.compactMap(\.self)
    let people = try standings(of: Set(ownEvents.flatMap { [$0.actor, $0.onBehalfOf] }))
    let positions = Set(own + models.keys + promotions + policies + people).filter {
      $0 <= position
    }.sorted()
    try work.check()
    let evidence = try recorded { () throws(EventLogError) in
      try log.evidence(for: positions, under: note)
    }
    return Dossier(
      applicant: row.number.rawValue, position: position.rawValue, erased: erased,
      checkpoint: evidence.checkpoint.encoded, key: log.publicKey,
      events: evidence.events.map { event in
        .init(
          position: event.position.rawValue, event: String(decoding: event.bytes, as: UTF8.self),
          proof: event.proof.hashes.map { base64($0.bytes) })
      },
      opened: opening ? try openedValues(of: positions) : [],
      blobs: try blobs(of: models.values.sorted { $0.position < $1.position }),
      screenings: try screened.enumerated().map { (index, screened) throws(ScreeningError) in
        try work.check()
        defer { work.report(.screenings, index + 1, of: count) }
        return try screening(screened.1, at: screened.0, row, opening: opening)
      },
      history: try historyEntries(of: row.number, through: position, opening: opening))
  }

  /// The positions of the events that tell who the users called `names` are and which roles they had.
  private func standings(of names: Set<String?>) throws(ScreeningError) -> [Position] {
    var positions: [Position] = []
    for row in try userRows() where names.contains(row.number.stream) {
      try scanPositions(RecordsProjection.users, of: row.number.rawValue) {
        (position) throws(ScreeningError) in
        // Another password says nothing of what they might do.
        if try event(position).type != UserPasswordChanged.type { positions.append(position) }
        return true
      }
    }
    return positions
  }

  /// Every value that those events seal, but what nobody is shown: passwords, and declared groups.
  private func openedValues(
    of positions: [Position]
  ) throws(ScreeningError) -> [Dossier.OpenedValue] {
    var opened: [Dossier.OpenedValue] = []
    for position in positions {
      for member in try event(position).data.object ?? [:] {
        guard let reference = SealedReference(member.value),
          let purpose = Self.purpose(of: reference, called: member.name)
        else { continue }
        let preimage: [UInt8]
        do throws(EventLogError) {
          preimage = try log.commitmentPreimage(of: reference, purpose: purpose)
        } catch .erased {
          continue
        } catch { throw ScreeningError(error) }
        let value = Array(preimage.dropFirst(32))
        let text = String(validating: value, as: UTF8.self)
        opened.append(
          .init(
            position: position.rawValue, member: member.name, salt: base64(preimage.prefix(32)),
            text: text, bytes: text == nil ? base64(value) : nil))
      }
    }
    return opened
  }

  private static func purpose(of reference: SealedReference, called member: String) -> String? {
    if reference.place == .file { return EventLog.documentPurpose }
    switch SealedPurpose(rawValue: member) {
    case .attributes, .password, nil: return nil
    case .name, .kana, .email, .address, .reason, .raw, .text, .tokens: return member
    }
  }

  private func blobs(
    of models: [TrainedModel]
  ) throws(ScreeningError) -> [Dossier.NamedBlob] {
    var blobs: [Dossier.NamedBlob] = []
    for model in models {
      let event = model.event
      for (member, digest) in [
        // The manifest lists other people's labels: its digest stands in the event.
        ("file", event.file), ("lexicon", event.lexicon),
      ] {
        blobs.append(
          .init(
            position: model.position.rawValue, member: member, bytes: base64(try blob(digest))))
      }
    }
    return blobs
  }

  private func screening(
    _ screened: ApplicantScreened, at position: Position, _ row: ApplicantRow, opening: Bool
  ) throws(ScreeningError) -> Dossier.Screening {
    let trained = try screened.model.map { (model) throws(ScreeningError) in
      try trainedModel(model)
    }
    let nouns =
      opening && screened.score != nil
      ? try trained.map { (trained) throws(ScreeningError) in
        try scoredNouns(screened, at: position, by: trained)
      } : nil
    let words = (nouns?.terms ?? []).filter { trained?.model.terms.index(of: $0.term) != nil }.map {
      Dossier.CountedWord(word: String(decoding: $0.term, as: UTF8.self), count: $0.count)
    }
    return Dossier.Screening(
      explanation: try explain(
        screened, at: position, row, by: trained, nouns, opening: opening), words: words,
      modelEvent: trained?.position.rawValue)
  }
}

private func base64(_ bytes: some Collection<UInt8>) -> String {
  Data(bytes).base64EncodedString()
}
