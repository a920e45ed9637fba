import EventStore
import LinearSVM

extension Office {
  /// Runs a what-if over history and says who would be placed otherwise; appends nothing.
  ///
  /// - Parameter progress: is told how many applicants were opened and how many solves are done.
  /// - Throws: `.notFound` when no model is in force for the opening; `.cancelled` when the task was.
  public func replay(
    _ request: ReplayRequest, progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> ReplayReport {
    let reports = try await replay([request], progress: progress)
    guard let report = reports.first else { throw .unavailable("The replay gave no report.") }
    return report
  }

  /// Runs several what-ifs; what applicants wrote is opened once for all that share an opening.
  ///
  /// Each training runs on all cores, and gives the bits that it would give alone. Memory grows with the
  /// applicants of one opening: about eight bytes a noun.
  ///
  /// - Parameter progress: is told how many applicants were opened, how many solves of each training are done, and
  ///   how many what-ifs.
  /// - Returns: a report for each request, in their order.
  public func replay(
    _ requests: [ReplayRequest], progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> [ReplayReport] {
    try await inBackground(progress: progress) { [self] (work) throws(ScreeningError) in
      let head = try catchUp()
      var history: (opening: Opening, history: ReplayHistory)?
      var reports: [Int: ReplayReport] = [:]
      // One opening after the other, so that only one is held at a time.
      let order = requests.indices.sorted {
        (requests[$0].opening, $0) < (requests[$1].opening, $1)
      }
      for index in order {
        let request = requests[index]
        if history?.opening != request.opening {
          history = (
            request.opening, try ReplayHistory(self, of: request.opening, at: head)
          )
        }
        guard var material = history?.history else { continue }
        reports[index] = try replay(request, &material, work)
        work.report(.replays, reports.count, of: requests.count)
        history?.history = material
      }
      return requests.indices.compactMap { reports[$0] }
    }
  }

  private func replay(
    _ request: ReplayRequest, _ history: inout ReplayHistory, _ work: LongWork
  ) throws(ScreeningError) -> ReplayReport {
    let number = try baseline(of: request, at: history.position)
    let present = try trainedModel(number)
    let inForce = try policyRow(asOf: history.position).threshold
    let threshold = request.threshold ?? inForce
    let candidate = try candidate(request, threshold: threshold, &history, work)
    let analysis = present.event.analysis.shortHex
    let presentNouns = try history.nouns(
      self, under: analysis, without: present.lexicon, work)
    let whatIfNouns = try history.nouns(
      self, under: candidate.analysis, without: candidate.lexicon, work)
    var comparison = ReplayComparison(
      present: .init(
        model: present.model, taught: try taught(present), nouns: presentNouns),
      whatIf: .init(model: candidate.model, taught: candidate.taught, nouns: whatIfNouns),
      threshold: threshold, veil: try scoreVeilOfReports())
    for (index, row) in history.rows.enumerated() {
      guard !row.readings(under: analysis).isEmpty,
        !row.readings(under: candidate.analysis).isEmpty
      else { continue }
      if index % 1024 == 0 { try work.check() }
      comparison.add(row, at: index)
    }
    return comparison.report(for: request, against: number, candidate)
  }

  private func baseline(
    of request: ReplayRequest, at head: Position
  ) throws(ScreeningError) -> ModelNumber {
    if let against = request.against {
      try check(against, isFor: request.opening)
      return against
    }
    guard let inForce = try modelInForce(for: request.opening, asOf: head) else {
      throw .notFound(
        "No model is in force for '\(request.opening)', so there is nothing to compare with. Train "
          + "one with 'senko train --opening \(request.opening)'.")
    }
    return inForce.model
  }

  private func check(
    _ number: ModelNumber, isFor opening: Opening
  ) throws(ScreeningError) {
    let own = try trainedModel(number).event.opening
    guard own == opening else {
      throw .conflict("Model \(number) is for '\(own)', not for '\(opening)'.")
    }
  }

  private func candidate(
    _ request: ReplayRequest, threshold: Int, _ history: inout ReplayHistory, _ work: LongWork
  ) throws(ScreeningError) -> ReplayCandidate {
    switch request.candidate {
    case .model(let number):
      try check(number, isFor: request.opening)
      let trained = try trainedModel(number)
      return ReplayCandidate(
        number: number, parameters: nil, model: trained.model,
        heldOut: trained.model.metrics,
        labels: .init(
          ok: trained.event.ok, ng: trained.event.ng, blind: trained.event.blind),
        taught: try taught(trained), analysis: trained.event.analysis.shortHex,
        lexicon: trained.lexicon)
    case .training(let training):
      let options = try training.trainingOptions()
      var selection = try selectLessons(for: request.opening, training)
      let set = try trainingSet(for: request.opening, &selection, &history, work)
      let fitted = try fit(set, for: request.opening, options, work)
      let labels = selection.labels
      return ReplayCandidate(
        number: nil, parameters: ReplayParameters(training, of: request.opening, selection),
        model: fitted.model, heldOut: fitted.metrics(threshold: threshold),
        labels: .init(
          ok: labels.count { $0.label == .ok }, ng: labels.count { $0.label != .ok },
          blind: labels.count(where: \.blind)),
        taught: Set(selection.learners.map(\.number)), analysis: selection.analysis.shortHex,
        lexicon: selection.lexicon)
    }
  }

  /// What a training over `selection` learns from, taken from what has been opened already; whose key is lost is taken
  /// out of it.
  private func trainingSet(
    for opening: Opening, _ selection: inout LessonSelection, _ history: inout ReplayHistory,
    _ work: LongWork
  ) throws(ScreeningError) -> TrainingSet {
    let analysis = selection.analysis.shortHex
    let table = try history.nouns(
      self, under: analysis, without: selection.lexicon, work)
    if !history.lost.isEmpty { selection = selection.without(history.lost) }
    var builder = TrainingSetBuilder()
    var numbers = TermNumbers(of: table.nouns)
    for (learner, label) in zip(selection.learners, selection.labels) {
      let (number, isOK) = (learner.number.rawValue, label.label == .ok)
      if let index = history.index(of: learner, under: analysis) {
        builder.append(number: number, label: isOK, row: index, of: table.nouns, &numbers)
      } else {
        builder.begin(number: number, label: isOK)
        for (term, count) in try nouns(of: learner, without: selection.lexicon).terms {
          builder.add(term.span, count: count)
        }
      }
    }
    do throws(TrainingError) { return try builder.finish() } catch {
      throw .training(error, for: opening)
    }
  }

  /// Whose labels a recorded model learnt from.
  private func taught(_ trained: TrainedModel) throws(ScreeningError) -> Set<ApplicantNumber> {
    let manifest = try Manifest(decoding: try blob(trained.event.manifest))
    return Set(manifest.sources.map(\.applicant))
  }
}
