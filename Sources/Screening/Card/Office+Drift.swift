import EventStore
import LinearSVM
import Projections

extension Office {
  /// How those whom a model judged differ from those who taught it, by the month they applied in.
  ///
  /// Counts each applicant's newest screening, if it is by this model and the applicant did not teach it, and
  /// if the policy in force lets people see it.
  /// Trains the model again for the scores of those it held out, which are recorded nowhere; takes as long
  /// as `train`.
  ///
  /// - Parameter progress: is told how many applicants were opened and how many solves are done.
  /// - Throws: `.notFound` when there was no such model then.
  public func drift(
    of number: ModelNumber, asOf: AsOf = .now,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> ModelDrift {
    try await inBackground(progress: progress) { [self] (work) throws(ScreeningError) in
      let position = try resolve(asOf)
      let summary = try summary(ofModel: number, asOf: position)
      let trained = try trainedModel(number)
      let manifest = try Manifest(decoding: try blob(trained.event.manifest))
      let taught = Set(manifest.sources.map(\.applicant))
      let lessons = try timedLessons(of: trained, work)
      let scores = try lessons.map { (lessons) throws(ScreeningError) in
        try retrained(trained, lessons, work).heldOutScores
      }
      var all = PeriodTally(comparedWith: scores)
      var months: [String: PeriodTally] = [:]
      var newest: Timestamp?
      let veil = try scoreVeilOfReports()
      try scanApplicants(asOf: position) { (row) throws(ScreeningError) in
        guard row.erased == nil, !taught.contains(row.number), let entry = row.screening,
          entry.model == number, let present = try newestRow(row.number), !veil.hides(present)
        else { return true }
        // Every applicant is in a month as well as in all: whose time cannot be told is in neither.
        guard let received = row.received.time else { return true }
        let screened = try ApplicantScreened(try event(entry.position))
        let forms = try self.forms(of: row)
        all.add(screened, forms: forms)
        months[String(received.dayInJapan.prefix(7)), default: PeriodTally(comparedWith: scores)]
          .add(screened, forms: forms)
        newest = max(newest ?? received, received)
        return true
      }
      let reference = try lessons.map { (lessons) throws(ScreeningError) in
        try self.reference(of: trained, lessons, manifest)
      }
      let together = all.applicants == 0 ? nil : all.period("all")
      return ModelDrift(
        model: number.rawValue, opening: summary.opening, inForce: summary.inForce,
        reference: reference,
        periods: months.sorted { $0.key < $1.key }.map { $0.value.period($0.key) },
        all: together,
        warnings: ModelDrift.warnings(
          reference, together, lastLabel: lessons?.given.max(), newest: newest))
    }
  }

  private func retrained(
    _ trained: TrainedModel, _ lessons: TimedLessons, _ work: LongWork
  ) throws(ScreeningError) -> LinearSVM.TrainedModel {
    try trainOnAllCores(
      try lessons.set(), for: trained.event.opening, try trained.event.request.trainingOptions(),
      work)
  }

  private func reference(
    of trained: TrainedModel, _ lessons: TimedLessons, _ manifest: Manifest
  ) throws(ScreeningError) -> ModelDrift.Reference {
    var forms: [String: Int] = [:]
    for source in manifest.sources {
      let row = try applicantRow(source.applicant, asOf: trained.event.through)
      for form in try self.forms(of: row) { forms[form, default: 0] += 1 }
    }
    let times = lessons.given.sorted()
    return ModelDrift.Reference(
      applicants: times.count, first: times.first?.description ?? "",
      last: times.last?.description ?? "",
      unknownShare: lessons.nouns.shareUnknown(fewest: trained.model.minimumDocumentFrequency),
      forms: forms)
  }

  private func forms(of row: ApplicantRow) throws(ScreeningError) -> [String] {
    var forms: [String] = []
    for document in row.documents {
      forms.append(try DocumentAdded(try event(document.added)).form.rawValue)
    }
    return forms
  }
}
