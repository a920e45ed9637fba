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
  /// Whether each label is OK, in the order of the sources.
  var labels: [Bool] = []
  var blind: Int
  /// Labelled applicants of whom nothing can be learnt.
  var leftOut = LeftOut()

  /// The digest of the lexicon's text.
  var lexiconDigest: Digest { lexicon.digest }

  var ok: Int { labels.count { $0 } }
  var ng: Int { labels.count - ok }

  /// What the learner is given.
  ///
  /// - Parameter nouns: a row for each source.
  func set(_ nouns: consuming TermRows) throws(ScreeningError) -> TrainingSet {
    let builder = TrainingSetBuilder(
      numbers: sources.map(\.applicant.rawValue), labels: labels, rows: nouns)
    do throws(TrainingError) { return try builder.finish() } catch {
      throw .training(error, for: opening)
    }
  }
}

/// Whose labels a training learns from, before anything sealed is opened.
struct LessonSelection: Sendable {
  /// The first event whose label could teach, if not all could.
  var from: Position?
  var through: Position
  /// The digest of the analysis that all readings share.
  var analysis: Digest
  /// What training does not look at.
  var lexicon: ExclusionLexicon
  var learners: [ReadApplicant]
  /// The label of each learner.
  var labels: [ApplicantRow.LabelEntry]
  /// Labelled applicants of whom nothing can be learnt.
  var leftOut = LeftOut()

  /// Those who are left when people whose key is lost teach nothing.
  func without(_ lost: Set<ApplicantNumber>) -> Self {
    var rest = self
    (rest.learners, rest.labels) = ([], [])
    for (learner, label) in zip(learners, labels) {
      if lost.contains(learner.number) {
        rest.leftOut.lostKey += 1
      } else {
        rest.learners.append(learner)
        rest.labels.append(label)
      }
    }
    return rest
  }
}

extension Office {
  /// Whose key is lost, though nobody has erased them, so that what they wrote could not be opened.
  ///
  /// - Throws: `error`, what opening it gave, when that is not for a lost key.
  func lostKeys(
    of applicants: [ReadApplicant], after error: ScreeningError
  ) throws(ScreeningError) -> Set<ApplicantNumber> {
    guard error.kind == .damaged else { throw error }
    let lost = applicants.filter { hasLostKey($0.own.name.subject) }
    guard !lost.isEmpty else { throw error }
    return Set(lost.map(\.number))
  }

  /// Whether a subject's key is lost or damaged, though nobody has erased whom it is of.
  func hasLostKey(_ subject: SubjectID) -> Bool {
    do throws(EventLogError) { _ = try log.subject(subject) } catch {
      // Whoever is erased meanwhile is found so when the rest is opened.
      if case .damaged = error { return true }
    }
    return false
  }
}

extension Office {
  /// Gathers what a training of `opening` learns from.
  ///
  /// - Returns: the lessons, and the nouns of each of their sources.
  /// - Throws: `.invalid` when there is nothing to learn from, `.conflict` when the labelled readings
  ///   come from several analyses and none is asked for; `.cancelled`.
  func lessons(
    for opening: Opening, _ request: TrainRequest, _ work: LongWork
  ) throws(ScreeningError) -> (lessons: Lessons, nouns: TermRows) {
    let selection = try selectLessons(for: opening, request)
    do throws(ScreeningError) { return try lessons(of: selection, for: opening, work) } catch {
      let lost = try lostKeys(of: selection.learners, after: error)
      return try lessons(of: selection.without(lost), for: opening, work)
    }
  }

  private func lessons(
    of selection: LessonSelection, for opening: Opening, _ work: LongWork
  ) throws(ScreeningError) -> (lessons: Lessons, nouns: TermRows) {
    let lessons = Lessons(
      opening: opening, through: selection.through, analysis: selection.analysis.shortHex,
      analysisDigest: selection.analysis, lexicon: selection.lexicon,
      sources: zip(selection.learners, selection.labels).map { learner, label in
        LessonSource(applicant: learner.number, label: label.position, readings: learner.readings)
      }, labels: selection.labels.map { $0.label == .ok },
      blind: selection.labels.count(where: \.blind), leftOut: selection.leftOut)
    let table = try nouns(
      of: selection.learners, without: selection.lexicon, work)
    return (lessons, table.nouns)
  }

  /// Selects what `lessons` opens.
  func selectLessons(
    for opening: Opening, _ request: TrainRequest
  ) throws(ScreeningError) -> LessonSelection {
    let head = try catchUp()
    let through =
      try request.until.map { (until) throws(ScreeningError) in
        try end(of: until)
      } ?? head
    guard through <= head else {
      throw .conflict("The log ends at event \(head); there is no event \(through) yet.")
    }
    let from = try request.from.map { (from) throws(ScreeningError) in try beginning(of: from) }
    if let from, from > through {
      throw .conflict(
        "The range of the log begins at event \(from), after its end at event \(through). Begin earlier, or "
          + "end later.")
    }
    let labelled = try labelledRows(of: opening, from: from ?? .zero, at: through, request)
    guard !labelled.isEmpty else {
      throw .conflict(
        "No applicant for '\(opening)' has a label that fits. Label some with 'senko label', import "
          + "earlier decisions, or ask for fewer conditions.")
    }
    let analysis = try chosenAnalysis(of: labelled, request)
    var selection = LessonSelection(
      from: from, through: through, analysis: analysis.digest,
      lexicon: try lexicon(of: request, at: through), learners: [], labels: [])
    for (row, lesson) in labelled {
      let readings = row.trustedReadings(under: analysis.short)
      if readings.isEmpty {
        selection.leftOut.count(row, under: analysis.short)
      } else {
        selection.learners.append(ReadApplicant(row, readings: readings))
        selection.labels.append(lesson)
      }
    }
    return selection
  }

  private func lexicon(
    of request: TrainRequest, at position: Position
  ) throws(ScreeningError) -> ExclusionLexicon {
    guard let text = request.lexicon else { return try lexiconInForce(asOf: position) }
    return try ExclusionLexicon(given: text)
  }

  private typealias Labelled = (row: ApplicantRow, lesson: ApplicantRow.LabelEntry)

  private func labelledRows(
    of opening: Opening, from: Position, at position: Position, _ request: TrainRequest
  ) throws(ScreeningError) -> [Labelled] {
    @Sendable func labelled(_ row: ApplicantRow) throws(ScreeningError) -> Labelled? {
      guard row.erased == nil, row.opening == opening, let lesson = row.lesson,
        lesson.position >= from, try request.lets(lesson, in: self)
      else { return nil }
      return (row, lesson)
    }
    // Mostly everything up to now is asked for: the newest rows tell it, which are a fraction of all, as long as
    // nobody records anything meanwhile.
    if try isEnd(position) {
      let rows = try newestApplicants(labelled)
      if try isEnd(position) { return rows }
    }
    var rows: [Labelled] = []
    try scanApplicants(asOf: position) { (row) throws(ScreeningError) in
      if let row = try labelled(row) { rows.append(row) }
      return true
    }
    return rows
  }

  /// When a label was given: as its event says, or when it was recorded.
  func moment(of lesson: ApplicantRow.LabelEntry) throws(ScreeningError) -> Timestamp {
    if let given = lesson.given.time { return given }
    return try event(lesson.position).at
  }

  /// The analysis asked for; else the one that covers everybody of whom something can be trusted by their newest
  /// readings, and of several the one that read last: what was read again is to teach.
  private func chosenAnalysis(
    of labelled: [Labelled], _ request: TrainRequest
  ) throws(ScreeningError) -> (short: String, digest: Digest) {
    var readers: [String: (count: Int, position: Position)] = [:]
    var readable = 0
    for (row, _) in labelled {
      let isReadable = row.newestReadings.contains(where: \.isTrusted)
      readable += isReadable ? 1 : 0
      var analyses: Set<String> = []
      for reading in row.documents.flatMap(\.readings) where reading.isTrusted {
        var (count, position) = readers[reading.analysis] ?? (0, .zero)
        if analyses.insert(reading.analysis).inserted, isReadable { count += 1 }
        position = max(position, reading.position)
        readers[reading.analysis] = (count, position)
      }
    }
    let most = readers.max {
      ($0.value.count, $0.value.position) < ($1.value.count, $1.value.position)
    }
    guard let most, readable > 0 || request.analysis != nil else {
      throw .conflict(
        "None of the \(labelled.count) labelled applicants has a document whose words can be used. "
          + "'senko applicant' says of each document why.")
    }
    if let asked = request.analysis {
      // Events tell all digits, lists the first sixteen.
      let matches = readers.filter { asked.hasPrefix($0.key) }
      guard let match = matches.first, matches.count == 1 else {
        throw .notFound(
          "The analysis asked for is not one of which a labelled applicant has a reading. There are "
            + "\(readers.keys.sorted().joined(separator: ", ")).")
      }
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

extension TrainRequest {
  /// Whether a label counts, apart from whose it is.
  fileprivate func lets(
    _ lesson: ApplicantRow.LabelEntry, in office: Office
  ) throws(ScreeningError) -> Bool {
    guard labels == .all || lesson.blind, reader == nil || lesson.by == reader?.stream
    else { return false }
    guard labelledSince != nil || labelledBefore != nil else { return true }
    let given = try office.moment(of: lesson)
    return labelledSince.map { given >= $0 } ?? true && labelledBefore.map { given < $0 } ?? true
  }
}

extension Office {
  /// What `manifest` names, opened again from the record; `nil` when somebody in it was erased.
  func lessons(
    of manifest: Manifest, for event: ModelTrained, _ work: LongWork
  ) throws(ScreeningError) -> (lessons: Lessons, nouns: TermRows)? {
    var lessons = Lessons(
      opening: event.opening, through: event.through, analysis: event.analysis.shortHex,
      analysisDigest: event.analysis, lexicon: try lexicon(event.lexicon),
      sources: manifest.sources, blind: event.blind)
    var learners: [ReadApplicant] = []
    for source in manifest.sources {
      let row = try applicantRow(source.applicant, asOf: event.through)
      guard row.erased == nil else { return nil }
      learners.append(ReadApplicant(row, readings: source.readings))
      lessons.labels.append(try ApplicantLabelled(try self.event(source.label)).label == .ok)
    }
    do throws(ScreeningError) {
      let table = try nouns(of: learners, without: lessons.lexicon, usingKept: false, work)
      return (lessons, table.nouns)
    } catch {
      if error.kind == .erased { return nil }
      throw error
    }
  }
}
