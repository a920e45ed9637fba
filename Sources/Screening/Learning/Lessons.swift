import Cryptography
import DocumentReader
import EventStore
import LinearSVM
import Projections

/// What a model learns from one applicant, by position in the log.
struct LessonSource: Sendable, Hashable {
  var applicant: ApplicantNumber
  var label: Position
  var readings: [Position]
}

/// The labelled applicants of one opening, as they stood at one position.
struct Lessons: Sendable {
  var opening: Opening
  var through: Position
  /// The digest of the analysis that all readings share, shortened.
  var analysis: String
  /// The full digest of that analysis.
  var analysisDigest: Digest
  /// What training does not look at.
  var lexicon: ExclusionLexicon
  var sources: [LessonSource]
  var examples: [Example]
  var blind: Int
  /// Labelled applicants without a reading under the analysis.
  var unread: Int

  /// The digest of the lexicon's text.
  var lexiconDigest: Digest { SHA256.hash(Array(lexicon.canonicalText.utf8)) }

  var ok: Int { examples.count(where: \.label) }
  var ng: Int { examples.count - ok }
}

extension Office {
  /// Gathers what a training of `opening` learns from.
  ///
  /// - Throws: `.invalid` when there is nothing to learn from, `.conflict` when the labelled readings
  ///   come from several analyses and none is asked for.
  func lessons(for opening: Opening, _ request: TrainRequest) throws(ScreeningError) -> Lessons {
    let through = try resolve(request.until.map { .position($0) } ?? .now)
    let labelled = try labelledRows(of: opening, at: through, request)
    guard !labelled.isEmpty else {
      throw .invalid(
        "No applicant for '\(opening)' has a label yet. Label some with 'senko label', or import "
          + "earlier decisions.")
    }
    let analysis = try chosenAnalysis(of: labelled, request)
    var lessons = Lessons(
      opening: opening, through: through, analysis: analysis.short,
      analysisDigest: analysis.digest, lexicon: try lexiconInForce(asOf: through), sources: [],
      examples: [], blind: 0, unread: 0)
    for (row, lesson) in labelled {
      let readings = row.readings(under: analysis.short)
      guard !readings.isEmpty else {
        lessons.unread += 1
        continue
      }
      let nouns = try nouns(of: row, readings, without: lessons.lexicon)
      lessons.sources.append(
        LessonSource(applicant: row.number, label: lesson.position, readings: readings))
      lessons.examples.append(
        Example(number: row.number.rawValue, terms: nouns.terms, label: lesson.label == .ok))
      if lesson.blind { lessons.blind += 1 }
    }
    return lessons
  }

  private typealias Labelled = (row: ApplicantRow, lesson: ApplicantRow.LabelEntry)

  private func labelledRows(
    of opening: Opening, at position: Position, _ request: TrainRequest
  ) throws(ScreeningError) -> [Labelled] {
    var labelled: [Labelled] = []
    let count = try applicantCount(at: position)
    guard count > 0 else { return [] }
    for number in 1...count {
      let row = try applicantRow(ApplicantNumber(number), asOf: position)
      guard row.erased == nil, row.opening == opening, let lesson = row.lesson,
        request.labels == .all || lesson.blind,
        try given(lesson, since: request.labelledSince)
      else { continue }
      labelled.append((row, lesson))
    }
    return labelled
  }

  private func given(
    _ lesson: ApplicantRow.LabelEntry, since: Timestamp?
  ) throws(ScreeningError) -> Bool {
    guard let since else { return true }
    if let given = Timestamp(parsing: lesson.given) { return given >= since }
    return try event(lesson.position).at >= since
  }

  private func chosenAnalysis(
    of labelled: [Labelled], _ request: TrainRequest
  ) throws(ScreeningError) -> (short: String, digest: Digest) {
    var readers: [String: (count: Int, position: Position)] = [:]
    var readable = 0
    for (row, _) in labelled {
      let analyses = Set(row.documents.flatMap { $0.readings.map(\.analysis) })
      readable += analyses.isEmpty ? 0 : 1
      for reading in row.documents.flatMap(\.readings) where analyses.contains(reading.analysis) {
        readers[reading.analysis, default: (0, reading.position)].position = reading.position
      }
      for analysis in analyses { readers[analysis]?.count += 1 }
    }
    guard let most = readers.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }) else {
      throw .invalid(
        "None of the \(labelled.count) labelled applicants has a document that could be read.")
    }
    if let asked = request.analysis {
      guard let match = readers.first(where: { asked.hasPrefix($0.key) || $0.key.hasPrefix(asked) })
      else { throw .invalid("No labelled applicant has a reading of the analysis asked for.") }
      return (match.key, try DocumentRead(try event(match.value.position)).analysis)
    }
    guard most.value.count == readable else {
      throw .conflict(
        "The labelled readings come from \(readers.count) analyses, and the largest covers "
          + "\(most.value.count) of \(readable) applicants. Ask for one of them with --analysis, or "
          + "read the documents again.")
    }
    return (most.key, try DocumentRead(try event(most.value.position)).analysis)
  }
}

extension Office {
  /// What `manifest` names, opened again; `nil` when somebody in it was erased.
  func lessons(
    of manifest: Manifest, for event: ModelTrained
  ) throws(ScreeningError) -> Lessons? {
    var lessons = Lessons(
      opening: event.opening, through: event.through, analysis: event.analysis.shortHex,
      analysisDigest: event.analysis, lexicon: try lexicon(event.lexicon),
      sources: manifest.sources, examples: [], blind: event.blind,
      unread: 0)
    for source in manifest.sources {
      do throws(ScreeningError) {
        let row = try applicantRow(source.applicant, asOf: event.through)
        let label = try ApplicantLabelled(try self.event(source.label)).label
        lessons.examples.append(
          Example(
            number: source.applicant.rawValue,
            terms: try nouns(of: row, source.readings, without: lessons.lexicon).terms,
            label: label == .ok))
      } catch {
        if error.kind == .erased { return nil }
        throw error
      }
    }
    return lessons
  }
}
