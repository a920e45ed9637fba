import Cryptography
import DocumentReader
import EventStore

/// What reading documents again did, or would do.
public struct RereadReport: Sendable, Encodable {
  /// The digest of the analysis that the documents are read by now.
  public let analysis: String
  /// Documents whose newest reading is of this analysis already.
  public internal(set) var current = 0
  /// Of those current, the ones that were read with other dictionary files, which answered the probe alike.
  public internal(set) var alike = 0
  /// Documents whose newest reading is of another analysis, or has left out scanned pages where these are recognised now.
  public internal(set) var outdated = 0
  /// Documents that could not be read before.
  public internal(set) var unreadable = 0
  /// Readings appended now.
  public internal(set) var appended = 0
  /// Documents that could be read before and cannot be read now: their old reading stays the newest.
  public internal(set) var failed: [Failure] = []

  /// A document that could not be read again.
  public struct Failure: Sendable, Encodable {
    /// The applicant's number.
    public let applicant: UInt64
    /// The document's number within the application, from 1.
    public let document: Int
    /// Why, as a slug.
    public let reason: String
  }
}

extension Office {
  /// Reads documents again whose newest reading is of another analysis, and those that could not be read; where scans
  /// are recognised, also those of which scanned pages were left out.
  ///
  /// What is read now is appended, unless it is of the same analysis and nothing more was recognised; the old readings
  /// stay.
  /// What is up to date is left alone, so that running it again appends nothing; an interrupted run is
  /// taken up by the next.
  ///
  /// - Parameters:
  ///   - opening: the opening whose documents are meant; `nil` for all.
  ///   - rehearsing: whether documents are only counted.
  /// - Throws: `.unavailable` when nothing can be read on this machine.
  public func reread(
    opening: Opening? = nil, rehearsing: Bool = false, by origin: Origin,
    progress: (@Sendable (Int, Int) -> Void)? = nil
  ) async throws(ScreeningError) -> RereadReport {
    LargeBlocks.giveBack()
    let present = try await presentFingerprint()
    var report = RereadReport(analysis: present.analysis)
    let found = try await offPool { [self, report] () throws(ScreeningError) in
      var report = report
      let documents = try outdatedDocuments(of: opening, present, &report)
      return (documents, report)
    }
    report = found.1
    guard !rehearsing else { return report }
    var window:
      [(document: OutdatedDocument, reading: Task<Result<Reread, ScreeningError>, Never>)] = []
    var rest = found.0[...]
    while true {
      while let document = rest.first, window.count < 2 * configuration.readers {
        rest.removeFirst()
        window.append((document, Task { await readAgain(document) }))
      }
      guard !window.isEmpty else { return report }
      let (document, reading) = window.removeFirst()
      do throws(ScreeningError) {
        try await record(try await reading.value.get(), of: document, by: origin, &report)
      } catch {
        // What is still being read must end before the store is closed under it.
        for (_, waiting) in window { _ = await waiting.value }
        throw error
      }
      progress?(found.0.count - rest.count - window.count, found.0.count)
    }
  }

  /// What documents are read with now.
  private func presentFingerprint() async throws(ScreeningError) -> Fingerprint {
    do {
      switch try await readers.read(Array("読".utf8)) {
      case .read(let reading): return reading.fingerprint
      case .unreadable(_, let fingerprint?): return fingerprint
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

  private struct OutdatedDocument: Sendable {
    var applicant: ApplicantNumber
    var number: Int
    var added: Position
    var wasRead: Bool
    /// Whether only scanned pages are missing.
    var lacksScans = false
  }

  private enum Reread: Sendable {
    case read(SealedReading)
    case unreadable(String)
    case unchanged
    case erased
  }

  private func outdatedDocuments(
    of opening: Opening?, _ present: Fingerprint, _ report: inout RereadReport
  ) throws(ScreeningError) -> [OutdatedDocument] {
    try catchUp()
    var documents: [OutdatedDocument] = []
    var counts = report
    try scan(RecordsProjection.applicants) { (row) throws(ScreeningError) in
      guard row.erased == nil, opening == nil || row.opening == opening else { return true }
      for document in row.documents {
        var outdated = OutdatedDocument(
          applicant: row.number, number: document.number, added: document.added,
          wasRead: !document.readings.isEmpty)
        if let newest = document.readings.last {
          if present.analysis.hasPrefix(newest.analysis) {
            let read = try DocumentRead(try event(newest.position))
            outdated.lacksScans =
              configuration.recognisesScans && read.recogniser == nil
              && read.flags.contains("scans-left-out")
            if !outdated.lacksScans {
              counts.current += 1
              if read.fingerprint.hex != present.id { counts.alike += 1 }
              continue
            }
          }
          counts.outdated += 1
        } else {
          counts.unreadable += 1
        }
        documents.append(outdated)
      }
      return true
    }
    report = counts
    return documents
  }

  private func readAgain(_ document: OutdatedDocument) async -> Result<Reread, ScreeningError> {
    do throws(ScreeningError) {
      let bytes: [UInt8] = try await offPool { [self] () throws(ScreeningError) in
        let added = try DocumentAdded(try event(document.added))
        return try recorded { () throws(EventLogError) in try log.openDocument(added.file) }
      }
      let outcome: ReadingOutcome
      do { outcome = try await readers.read(bytes) } catch { throw .unavailable("\(error)") }
      return .success(
        try await offPool { [self] () throws(ScreeningError) in
          switch outcome {
          case .unreadable(let reason, _): return .unreadable(reason)
          case .read(let reading) where document.lacksScans && reading.recogniser == nil:
            return .unchanged
          case .read(let reading):
            let row = try livingRow(document.applicant)
            let subject = try recorded { () throws(EventLogError) in try log.subject(row.subject) }
            return .read(try SealedReading(reading, for: subject, in: log))
          }
        })
    } catch {
      return error.kind == .erased ? .success(.erased) : .failure(error)
    }
  }

  private func record(
    _ outcome: Reread, of document: OutdatedDocument, by origin: Origin,
    _ report: inout RereadReport
  ) async throws(ScreeningError) {
    switch outcome {
    case .unchanged, .erased: return
    case .unreadable(let reason):
      guard document.wasRead else { return }
      report.failed.append(
        .init(
          applicant: document.applicant.rawValue, document: document.number, reason: reason))
    case .read(let reading):
      do throws(ScreeningError) {
        _ = try await append { [self] (at) throws(ScreeningError) in
          _ = try livingRow(document.applicant)
          var append = try change(
            reading.event(document.applicant, document: document.number), by: origin, at: at)
          append.events[0].cause = .position(document.added)
          append.sealed = [reading.raw, reading.text, reading.tokens]
          append.blobs = reading.blobs
          return append
        }
        report.appended += 1
      } catch  where error.kind == .erased {
        return
      }
    }
  }
}
