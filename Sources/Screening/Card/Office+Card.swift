import Cryptography
import DocumentReader
import EventStore
import LinearSVM
import Projections

extension Office {
  /// The card of a model: what it learnt from, how well it does, and what it cannot do.
  ///
  /// Opens what the model's applicants wrote, and trains two further models that are not kept: the shadow
  /// without the lexicon, and one of the earlier labels. Takes about as long as `train`.
  ///
  /// - Parameter progress: is told how many applicants were opened and how many solves of each training are done.
  /// - Throws: `.notFound` when there was no such model then.
  public func card(
    of number: ModelNumber, asOf: AsOf = .now,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> ModelCard {
    try await inBackground(progress: progress) { [self] (work) throws(ScreeningError) in
      let position = try resolve(asOf)
      let summary = try summary(ofModel: number, asOf: position)
      let trained = try trainedModel(number)
      let lessons = try timedLessons(of: trained, work)
      let duplicates = lessons.flatMap { try? $0.set() }.map { set in
        (groups: DuplicateGroups(set), set: set)
      }
      let threshold = try policyRow(asOf: position).threshold
      let times = lessons?.given.sorted()
      let metrics = trained.model.metrics.map { CardMetrics($0) }
      let overTime =
        try lessons.map { (lessons) throws(ScreeningError) in
          let groups = duplicates.map { zip($0.set.numbers, $0.groups.groups) }
          return try TimeSplit(
            lessons, trained.event.request,
            apart: Dictionary(uniqueKeysWithValues: groups.map(Array.init) ?? []),
            threshold: threshold, work)
        } ?? TimeSplit(reason: "erased")
      return ModelCard(
        model: number.rawValue, opening: summary.opening, digest: summary.digest,
        trained: try event(trained.position).at.description, through: summary.through,
        inForce: summary.inForce, algorithm: trained.model.algorithm,
        data: .init(
          labels: summary.labels, leftOut: summary.leftOut, first: times?.first?.description,
          last: times?.last?.description, erased: summary.erased,
          duplicates: duplicates.map { $0.groups.shared(in: $0.set).reduce(0) { $0 + $1.count } },
          analysis: trained.event.analysis.hex, lexicon: trained.lexicon.name,
          lexiconDigest: trained.event.lexicon.hex, digest: trained.event.dataDigest.hex,
          manifest: trained.event.manifest.hex),
        terms: summary.terms, minimumDocumentFrequency: trained.model.minimumDocumentFrequency,
        representation: summary.representation, c: summary.c,
        candidates: trained.model.candidates.map { .init($0) },
        certificate: .init(trained), withheld: summary.withheld,
        metrics: metrics, overTime: overTime,
        excluded: try shadow(of: trained, work)?.matters,
        warnings: ModelCard.warnings(
          erased: summary.erased, leftOut: summary.leftOut, heldOut: metrics),
        limits: ModelCard.limits(of: trained.model))
    }
  }

  /// What taught a model, with the times of the labels; `nil` once one of the applicants was erased.
  func timedLessons(
    of trained: TrainedModel, _ work: LongWork
  ) throws(ScreeningError) -> TimedLessons? {
    let manifest = try Manifest(decoding: try blob(trained.event.manifest))
    guard let (lessons, nouns) = try lessons(of: manifest, for: trained.event, work) else {
      return nil
    }
    var given: [Timestamp] = []
    for source in lessons.sources {
      let event = try event(source.label)
      given.append(event.happened.flatMap { Timestamp(parsing: $0) } ?? event.at)
    }
    return TimedLessons(lessons: lessons, nouns: nouns, given: given)
  }
}

extension ModelTrained {
  /// What was asked for, as far as it was not left to the data.
  var request: TrainRequest {
    TrainRequest(c: requestedC, representation: requestedRepresentation)
  }
}

extension ModelCard.Candidate {
  init(_ candidate: LinearSVM.Candidate) {
    representation = candidate.representation.slug
    c = candidate.c
    switch candidate.outcome {
    case .logLoss(let loss): (logLoss, dropped) = (loss, nil)
    case .gapNotReached: (logLoss, dropped) = (nil, "gap-not-reached")
    case .withoutSignal: (logLoss, dropped) = (nil, "without-signal")
    }
  }
}

extension ModelCard.Certificate {
  init(_ trained: TrainedModel) {
    let certificate = trained.model.certificate
    self.init(
      primal: certificate.primal, dual: certificate.dual, gap: certificate.gap,
      epochs: certificate.epochs, scoreError: 2 * max(certificate.gap, 0).squareRoot(),
      weights: trained.event.weightsDigest.hex, alphas: trained.event.alphasDigest.hex)
  }
}

extension ModelCard {
  /// What a model cannot do.
  static func limits(of model: LinearSVM.Model) -> [CardText] {
    var limits = [
      CardText(
        "OK度数は人を不採用にしません。NG は必ず記名の人が決めます。",
        "A score rejects nobody. NG is always decided by a named person."),
      CardText(
        "名詞は話題だけを伝え、肯定か否定かは伝えません。「Javaの経験なし」も「Java」「経験」と数えます。",
        "Nouns convey topics, not polarity: “no experience of Java” counts as “Java” and “experience”."
      ),
      CardText(
        "学んだのは過去の判断です。判断に偏りがあれば、モデルにも偏りがあります。",
        "It learnt past decisions. If they were biased, so is the model."),
      CardText(
        "90 % 区間は、同じ点数の応募者のうち OK になる割合についてのもので、一人の応募者についてのものではありません。含むのは、点数を割合に換える較正の不確かさだけです。",
        "The 90 % interval is for the share of OK among applicants with the same score, not for one person; it covers the "
          + "calibration's uncertainty only."),
      CardText(
        "区間も指標も、応募者、判断の基準、書式が変わったときには当てはまりません。",
        "Neither intervals nor metrics hold once applicants, standards or forms change."),
      CardText(
        "応募者 \(model.minimumDocumentFrequency) 人未満しか書いていない語は使いません。",
        "Words that fewer than \(model.minimumDocumentFrequency) applicants wrote are not used."),
      CardText(
        "除外語彙に含まれない語が、除外した事柄を間接に伝えることがあります。",
        "Words that are not excluded may indirectly tell what is excluded."),
    ]
    if let metrics = model.metrics, !metrics.isNested {
      limits.append(
        CardText(
          "判断が一万を超えるため、較正の元になったモデルは、評価した応募者への判断も、多数の中の一つとして学んでいます。",
          "With more than ten thousand labels, the solves behind the calibrations saw each label among many."
        ))
    }
    return limits
  }
}
