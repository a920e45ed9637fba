import Cryptography
import DocumentReader
import EventStore
import LinearSVM

extension Office {
  /// Trains a model for one opening, or for every opening with labels, and records it.
  ///
  /// The model is a pure function of the labelled applicants' numbers, nouns and labels: training again
  /// from the same position gives the same bits. An opening's first model is promoted by itself.
  ///
  /// - Parameter progress: is told which opening is being trained.
  public func train(
    opening: Opening? = nil, _ request: TrainRequest = TrainRequest(), by origin: Origin,
    progress: (@Sendable (Opening) -> Void)? = nil
  ) async throws(ScreeningError) -> [ModelSummary] {
    let openings = try await offPool { [self] () throws(ScreeningError) -> [Opening] in
      try catchUp()
      if let opening { return [opening] }
      return try openingsWithLessons()
    }
    guard !openings.isEmpty else {
      throw .invalid(
        "No applicant has a label yet. Label some with 'senko label', or import earlier decisions.")
    }
    var summaries: [ModelSummary] = []
    for opening in openings {
      progress?(opening)
      summaries.append(try await trainOne(opening, request, by: origin))
    }
    return summaries
  }

  private func openingsWithLessons() throws(ScreeningError) -> [Opening] {
    var openings: Set<Opening> = []
    try scan(RecordsProjection.applicants) { row in
      if row.lesson != nil, row.erased == nil { openings.insert(row.opening) }
      return true
    }
    return openings.sorted()
  }

  private func trainOne(
    _ opening: Opening, _ request: TrainRequest, by origin: Origin
  ) async throws(ScreeningError) -> ModelSummary {
    let trained = try await offPool { [self] () throws(ScreeningError) in
      let lessons = try lessons(for: opening, request)
      return (lessons, try fit(lessons, request))
    }
    let receipt = try await append { [self] (at) throws(ScreeningError) in
      let number = ModelNumber(try lastNumber(in: RecordsProjection.models) + 1)
      let (lessons, result) = trained
      let manifest = Manifest(sources: lessons.sources).encoded
      let event = ModelTrained(
        number, lessons, result, request: request, manifest: SHA256.hash(manifest))
      var append = origin.append([event.draft(onBehalfOf: origin.onBehalfOf)])
      append.expecting = [number.stream: .zero]
      append.blobs = [
        result.model.encoded(), manifest, Array(lessons.lexicon.canonicalText.utf8),
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
    let receipt = try await append { [self] (at) throws(ScreeningError) in
      let trained = try trainedModel(number)
      return try change(
        ModelPromoted(model: number, opening: trained.event.opening), by: origin, at: at)
    }
    return CommandResult(receipt)
  }

  /// Trains, without recording anything.
  func fit(_ lessons: Lessons, _ request: TrainRequest) throws(ScreeningError) -> FittedModel {
    let options = try request.trainingOptions()
    do throws(TrainingError) {
      let set = try TrainingSet(lessons.examples)
      return FittedModel(try trainOnAllCores(set, options), from: set)
    } catch {
      throw .invalid("No model for '\(lessons.opening)' can be trained: \(error)")
    }
  }
}
