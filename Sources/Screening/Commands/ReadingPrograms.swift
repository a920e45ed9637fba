import Cryptography
import DocumentReader
import EventStore

/// What documents are read with at present, as events name it.
struct ReadingPrograms: Sendable {
  let analysis: Digest
  let fingerprint: Digest
  /// What recognises pages that are pictures, in the fingerprint's spelling; `nil` where nothing does.
  let recogniser: [UInt8]?
  let recogniserDigest: Digest?

  init(_ fingerprint: Fingerprint, _ recogniser: [String: String]?) {
    guard let analysis = Digest(hex: fingerprint.analysis), let id = Digest(hex: fingerprint.id)
    else { preconditionFailure("a digest is no digest") }
    (self.analysis, self.fingerprint) = (analysis, id)
    self.recogniser = recogniser.map { Array(Fingerprint.canonicalText(of: $0).utf8) }
    recogniserDigest = self.recogniser.map { SHA256.hash($0) }
  }

  /// Why these programs could not read a document; `nil` for an event of others.
  ///
  /// What was tried with recognition needs no trial without.
  func reason(in event: DocumentUnreadable) -> String? {
    let isTried =
      event.analysis == analysis
      && (recogniser == nil || event.recogniser == recogniserDigest)
    return isTried ? event.reason : nil
  }
}

extension Office {
  /// What documents are read with now.
  ///
  /// - Throws: `.unavailable` when nothing can be read on this machine.
  func presentPrograms() async throws(ScreeningError) -> ReadingPrograms {
    do {
      switch try await readers.read(Array("読".utf8)) {
      case .read(let reading): return ReadingPrograms(reading.fingerprint, readers.recogniser)
      case .unreadable(_, let fingerprint?): return ReadingPrograms(fingerprint, readers.recogniser)
      case .unreadable(let reason, nil):
        throw ScreeningError.unavailable(
          "The reader cannot read a single character (\(reason)). Try 'senko read' on a file.")
      }
    } catch let error as ScreeningError {
      throw error
    } catch {
      throw .unavailable("\(error)")
    }
  }
}

extension Office {
  /// Says so where documents are read by another analysis now than the newest readings were made with, or than a model
  /// in force learnt from: whoever applies from now on could not be judged; `nil` where neither is so.
  ///
  /// - Throws: `.unavailable` when nothing can be read on this machine.
  /// - Complexity: O(models in force), and a worker's start.
  public func otherAnalysis() async throws(ScreeningError) -> String? {
    let present = try await presentPrograms().analysis
    return try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      var others = try models(otherThan: present).map { "model \($0) in force" }
      if let newest = try newestAnalysis(), newest != present.shortHex {
        others.insert("the newest readings", at: 0)
      }
      guard !others.isEmpty else { return nil }
      return
        "Documents are read by another analysis on this machine than by that of \(others.joined(separator: ", ")): a "
        + "program, a dictionary or the technology lexicon has changed. Whom no model can judge therefore is 判定不能. "
        + "'senko reread --all --dry-run' counts the documents; run 'senko reread --all', then 'senko train' and 'senko "
        + "promote'."
    }
  }

  /// The models in force that learnt from readings of another analysis.
  private func models(otherThan analysis: Digest) throws(ScreeningError) -> [ModelNumber] {
    var numbers: [ModelNumber] = []
    try scan(RecordsProjection.modelsInForce) { (row) throws(ScreeningError) in
      if try trainedModel(row.model).event.analysis != analysis { numbers.append(row.model) }
      return true
    }
    return numbers
  }

  /// The analysis, shortened, of the newest reading of the last applicant who has one, of the last hundred.
  private func newestAnalysis() throws(ScreeningError) -> String? {
    var (newest, rest): (ApplicantRow.Reading?, Int) = (nil, 100)
    try scan(RecordsProjection.applicants, backwards: true) { row in
      newest = row.documents.flatMap(\.readings).max { $0.position < $1.position }
      rest -= 1
      return newest == nil && rest > 0
    }
    return newest?.analysis
  }
}
