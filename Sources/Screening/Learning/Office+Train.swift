import Cryptography
import DocumentReader
import EventStore
import LinearSVM
import Projections

extension Office {
  /// Trains a model for one opening, or for every opening with labels, and records it.
  ///
  /// The model is a pure function of the labelled applicants' numbers, nouns and labels: training again
  /// from the same position gives the same bits. An opening's first model is promoted by itself.
  ///
  /// - Parameters:
  ///   - beginning: is told which opening is being trained.
  ///   - progress: is told how many applicants were opened and how many solves are done.
  public func train(
    opening: Opening? = nil, _ request: TrainRequest = TrainRequest(), by origin: Origin,
    beginning: (@Sendable (Opening) -> Void)? = nil,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> [ModelSummary] {
    _ = try request.trainingOptions()
    let openings = try await offPool { [self] () throws(ScreeningError) -> [Opening] in
      try catchUp()
      if let opening { return [opening] }
      return try openingsWithLessons()
    }
    guard !openings.isEmpty else {
      throw .conflict(
        "No applicant has a label yet. Label some with 'senko label', or import earlier decisions.")
    }
    var command = request.command(for: opening)
    // A second try answers for the opening that the first one began with, and then for the others.
    let first = try await repetition(of: command, by: origin).map {
      (earlier) throws(ScreeningError) in
      try ModelTrained(try event(earlier.first)).opening
    }
    var summaries: [ModelSummary] = []
    for opening in (first.map { [$0] } ?? []) + openings.filter({ $0 != first }) {
      beginning?(opening)
      var origin = origin
      if !summaries.isEmpty {
        command.keys = .training
        origin.terms.key = origin.terms.key.map { "\(opening):\($0)" }
      }
      summaries.append(try await trainOne(opening, request, as: command, by: origin, progress))
    }
    return summaries
  }

  /// Makes a what-if a model: trains as a replay did, and records the model if it is the same.
  ///
  /// - Parameters:
  ///   - parameters: how the replay trained.
  ///   - digest: SHA-256 of the model's file that the replay gave, in hexadecimal.
  ///   - progress: as of training without a replay.
  /// - Throws: `.conflict` when the training gives another model: somebody was erased since, or another
  ///   version of the algorithm made the replay.
  public func train(
    like parameters: ReplayParameters, digest: String, by origin: Origin,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> ModelSummary {
    let (opening, request) = (try Opening(parameters.opening), try parameters.training())
    _ = try request.trainingOptions()
    return try await trainOne(
      opening, request, expecting: digest,
      as: Command("train-like", ["model": .string(digest), "opening": .string(opening.slug)]),
      by: origin, progress)
  }

  func openingsWithLessons() throws(ScreeningError) -> [Opening] {
    var openings: Set<Opening> = []
    let groups = try recorded { () throws(ViewError) in
      try ApplicantIndex.groups(of: nil, by: .number, in: views)
    }
    for (prefix, facet) in groups where facet.state != .erased && facet.label != nil {
      let opening = ApplicantIndex.opening(ofGroup: prefix)
      guard !openings.contains(opening) else { continue }
      let teaches = facet.label == .hold ? try hasLesson(inGroup: prefix) : true
      if teaches { openings.insert(opening) }
    }
    return openings.sorted()
  }

  /// Whether one of those who are on hold was labelled otherwise before, which still teaches.
  private func hasLesson(inGroup prefix: [UInt8]) throws(ScreeningError) -> Bool {
    let numbers = try recorded { () throws(ViewError) in
      var numbers: [UInt64] = []
      try views.forEachKey(in: ApplicantIndex.table, prefix: prefix) {
        numbers.append(ApplicantRank.number(in: $0))
      }
      return numbers
    }
    for number in numbers {
      let row = try newestRow(ApplicantNumber(number))
      if row?.lesson != nil, row?.erased == nil { return true }
    }
    return false
  }

  private func trainOne(
    _ opening: Opening, _ request: TrainRequest, expecting digest: String? = nil,
    as command: Command, by origin: Origin, _ progress: (@Sendable (WorkProgress) -> Void)?
  ) async throws(ScreeningError) -> ModelSummary {
    if let earlier = try await repetition(of: command, by: origin) {
      return try summary(
        ofModel: try ModelTrained(try event(earlier.first)).model, asOf: earlier.last)
    }
    let trained = try await inBackground(progress: progress) {
      [self] (work) throws(ScreeningError) in
      let (lessons, nouns) = try lessons(for: opening, request, work)
      try requireLabels(of: opening, unchangedSince: origin.terms.decidedAt)
      if request.lexicon == nil { try requireLexicon(unchangedSince: origin.terms.decidedAt) }
      return (lessons, try fit(lessons, consume nouns, request, work))
    }
    if let digest, digest != SHA256.hash(trained.1.model.encoded()).hex {
      throw .conflict(
        "The training no longer gives the model that the replay gave: somebody was erased since, or "
          + "another version made the replay. Run the replay again.")
    }
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      let number = ModelNumber(try lastNumber(in: RecordsProjection.models) + 1)
      let (lessons, result) = trained
      let manifest = Manifest(sources: lessons.sources).encoded
      let code = configuration.code.encoded
      let event = ModelTrained(
        number, lessons, result, request: request, manifest: SHA256.hash(manifest),
        code: SHA256.hash(code))
      var append = origin.append([event.draft(onBehalfOf: origin.onBehalfOf)])
      append.expecting = [number.stream: .zero]
      append.blobs = [
        result.model.encoded(), manifest, Array(lessons.lexicon.canonicalText.utf8), code,
      ]
      if try modelInForce(for: opening, asOf: at) == nil {
        append.events.append(
          ModelPromoted(model: number, opening: opening).draft(cause: .draft(0)))
      }
      return append
    }
    try catchUp()
    return try summary(
      ofModel: try ModelTrained(try event(receipt.first)).model, asOf: receipt.last)
  }

  /// Puts a model in force for its opening.
  public func promote(
    _ number: ModelNumber, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    let command = Command("promote", ["model": JSONValue(number)])
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      let opening = try trainedModel(number).event.opening
      var append = try change(
        ModelPromoted(model: number, opening: opening), by: origin, at: at)
      // Which model it takes the place of is a part of the decision.
      if let stream = try modelInForce(for: opening, asOf: at)?.model.stream {
        append.expecting[stream] = try lastPosition(of: stream, at: at)
      }
      return append
    }
    return CommandResult(receipt)
  }

  private func requireLexicon(unchangedSince decided: Position?) throws(ScreeningError) {
    guard let decided else { return }
    let adopted = try lexicon().position
    guard adopted <= decided.rawValue else {
      throw .stale("lexicon", since: decided, at: Position(rawValue: adopted))
    }
  }

  /// Refuses a training that was decided before one of its labels was given, or taken away by an erasure.
  private func requireLabels(
    of opening: Opening, unchangedSince decided: Position?
  ) throws(ScreeningError) {
    guard let decided else { return }
    try scan(RecordsProjection.applicants) { (row) throws(ScreeningError) in
      guard row.opening == opening, row.lesson != nil || row.erased != nil else { return true }
      let last = max(row.lesson?.position ?? .zero, row.erased ?? .zero)
      guard last <= decided else { throw .stale(row.number.stream, since: decided, at: last) }
      return true
    }
  }

  /// Trains, without recording anything.
  func fit(
    _ lessons: Lessons, _ nouns: consuming TermRows, _ request: TrainRequest,
    _ work: LongWork
  ) throws(ScreeningError) -> FittedModel {
    try fit(
      try lessons.set(nouns), for: lessons.opening, try request.trainingOptions(),
      work)
  }

  /// Trains on a set, without recording anything.
  func fit(
    _ set: TrainingSet, for opening: Opening, _ options: TrainingOptions,
    _ work: LongWork
  ) throws(ScreeningError) -> FittedModel {
    // The digest does not wait for the model: while near-duplicates are looked for, the other cores have nothing to
    // do.
    let (trained, data) = Background.both(
      {
        Result { () throws(ScreeningError) in
          try trainOnAllCores(set, for: opening, options, work)
        }
      }, { set.digest })
    return FittedModel(try trained.get(), data: data)
  }
}

extension ScreeningError {
  /// What a failed training means to the domain.
  static func training(_ error: TrainingError, for opening: Opening) -> Self {
    .conflict("No model for '\(opening)' can be trained: \(error)")
  }
}
