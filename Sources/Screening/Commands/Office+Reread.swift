import Cryptography
import DocumentReader
import EventStore

/// What reading documents again did, or would do.
public struct RereadReport: Sendable, Encodable {
  /// The digest of the analysis that the documents are read by now.
  public let analysis: String
  /// Documents whose newest reading is of this analysis already.
  public internal(set) var current = 0
  /// Of those current, the ones that were read with other files of a dictionary or of poppler, which read the probe alike.
  public internal(set) var alike = 0
  /// Documents whose newest reading is of another analysis, or has left out scanned pages where these are recognised now.
  public internal(set) var outdated = 0
  /// Documents that could not be read before.
  public internal(set) var unreadable = 0
  /// Of those unreadable, the ones that the same programs have tried again already.
  public internal(set) var tried = 0
  /// Readings appended now.
  public internal(set) var appended = 0
  /// Of those appended, the ones of which scanned pages are left out still.
  public internal(set) var scansLeftOut = 0
  /// Documents that were tried now and gave no more than before, by the reason.
  public internal(set) var inVain: [String: Int] = [:]
  /// Documents that could be read before and cannot be read now: their old reading stays the newest.
  public internal(set) var failed: [Failure] = []
  /// Documents that were passed over, since the disk has lost or damaged the file, or the key that opens it.
  public internal(set) var unopened: [Failure] = []

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
  /// What is read now is appended, and so is that a document still cannot be read; the old readings stay. What a disk has
  /// lost is passed over.
  /// What is up to date is left alone, and so is what the same programs have tried in vain, so that running it again
  /// appends nothing; an interrupted run is taken up by the next.
  ///
  /// - Parameters:
  ///   - opening: the opening whose documents are meant; `nil` for all.
  ///   - retrying: whether what the same programs have tried in vain is tried again.
  ///   - rehearsing: whether documents are only counted.
  /// - Throws: `.unavailable` when nothing can be read on this machine.
  public func reread(
    opening: Opening? = nil, retrying: Bool = false, rehearsing: Bool = false, by origin: Origin,
    progress: (@Sendable (Int, Int) -> Void)? = nil
  ) async throws(ScreeningError) -> RereadReport {
    LargeBlocks.giveBack()
    let present = try await presentPrograms()
    var report = RereadReport(analysis: present.analysis.hex)
    let found = try await offPool { [self, report] () throws(ScreeningError) in
      var report = report
      let documents = try outdatedDocuments(of: opening, present, retrying, &report)
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
        window.append((document, Task { await readAgain(document, with: present) }))
      }
      guard !window.isEmpty else { return report }
      let (document, reading) = window.removeFirst()
      do throws(ScreeningError) {
        try await record(
          try await reading.value.get(), of: document, with: present, by: origin, &report)
      } catch {
        // What is still being read must end before the store is closed under it.
        for (_, waiting) in window { _ = await waiting.value }
        throw error
      }
      progress?(found.0.count - rest.count - window.count, found.0.count)
    }
  }

  private struct OutdatedDocument: Sendable {
    var applicant: ApplicantNumber
    var number: Int
    var added: Position
    var wasRead: Bool
    /// Whether only scanned pages are missing.
    var lacksScans = false
    /// Why the same programs could not read all of it.
    var triedFor: String?
  }

  private enum Reread: Sendable {
    case read(SealedReading)
    case unreadable(DocumentUnreadable)
    case unchanged(String)
    case erased
    case unopened(String)
  }

  private func outdatedDocuments(
    of opening: Opening?, _ present: ReadingPrograms, _ retrying: Bool, _ report: inout RereadReport
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
          if present.analysis.shortHex == newest.analysis {
            let read = try DocumentRead(try event(newest.position))
            if present.recogniser != nil, read.flags.contains(Self.scansLeftOut) {
              let isTried = read.recogniser == present.recogniserDigest
              outdated.lacksScans = retrying || !isTried
              outdated.triedFor = isTried ? Self.scansLeftOut : nil
            }
            if !outdated.lacksScans {
              counts.current += 1
              if read.fingerprint != present.fingerprint { counts.alike += 1 }
              continue
            }
          }
          counts.outdated += 1
        } else {
          counts.unreadable += 1
          outdated.triedFor = try document.unreadable.flatMap {
            (position) throws(ScreeningError) in
            present.reason(in: try DocumentUnreadable(try event(position)))
          }
          if outdated.triedFor != nil {
            counts.tried += 1
            if !retrying { continue }
          }
        }
        documents.append(outdated)
      }
      return true
    }
    report = counts
    return documents
  }

  private static let scansLeftOut = "scans-left-out"

  private func readAgain(
    _ document: OutdatedDocument, with present: ReadingPrograms
  ) async -> Result<Reread, ScreeningError> {
    do throws(ScreeningError) {
      let (form, opened) = try await offPool { [self] () throws(ScreeningError) in
        let added = try DocumentAdded(try event(document.added))
        return (added.form, try open(added.file))
      }
      let bytes: [UInt8]
      switch opened {
      case .success(let file): bytes = file
      case .failure(let lost): return .success(.unopened(lost.reason))
      }
      let outcome: ReadingOutcome
      do { outcome = try await readers.read(bytes, isNamedPDF: form == .pdf) } catch {
        throw .unavailable("\(error)")
      }
      return .success(
        try await offPool { [self] () throws(ScreeningError) in
          switch outcome {
          case .unreadable(let reason, _) where document.triedFor == reason:
            return .unchanged(reason)
          case .unreadable(let reason, _):
            return .unreadable(
              DocumentUnreadable(
                applicant: document.applicant, document: document.number, reason: reason,
                analysis: present.analysis, recogniser: present.recogniserDigest))
          case .read(let reading)
          where document.lacksScans && document.triedFor != nil
            && reading.flags.contains(Self.scansLeftOut):
            return .unchanged(Self.scansLeftOut)
          case .read(let reading):
            let row = try livingRow(document.applicant)
            let subject = try recorded { () throws(EventLogError) in try log.subject(row.subject) }
            var sealed = try SealedReading(reading, for: subject, in: log)
            // That nothing was recognised where it was tried is known from then on.
            if document.lacksScans || reading.flags.contains(Self.scansLeftOut) {
              sealed.recogniser = sealed.recogniser ?? present.recogniser
            }
            return .read(sealed)
          }
        })
    } catch {
      return error.kind == .erased ? .success(.erased) : .failure(error)
    }
  }

  /// What a disk has lost of a document, as a slug.
  private struct Loss: Error {
    var reason: String
  }

  /// Opens a document's file, where the disk has kept it and its key.
  private func open(
    _ file: SealedReference
  ) throws(ScreeningError) -> Result<[UInt8], Loss> {
    do throws(EventLogError) { return .success(try log.openDocument(file)) } catch {
      switch error {
      case .missing: return .failure(Loss(reason: "file-missing"))
      case .damaged:
        return .failure(Loss(reason: hasLostKey(file.subject) ? "lost-key" : "file-damaged"))
      default: throw ScreeningError(error)
      }
    }
  }

  private func record(
    _ outcome: Reread, of document: OutdatedDocument, with present: ReadingPrograms,
    by origin: Origin, _ report: inout RereadReport
  ) async throws(ScreeningError) {
    switch outcome {
    case .erased: return
    case .unopened(let reason):
      report.unopened.append(
        .init(
          applicant: document.applicant.rawValue, document: document.number, reason: reason))
    case .unchanged(let reason): report.inVain[reason, default: 0] += 1
    case .unreadable(let unreadable) where document.wasRead:
      report.failed.append(
        .init(
          applicant: document.applicant.rawValue, document: document.number,
          reason: unreadable.reason))
    case .unreadable(let unreadable):
      let blobs = present.recogniser.map { [$0] } ?? []
      if try await append(unreadable, of: document, by: origin, blobs: blobs) {
        report.inVain[unreadable.reason, default: 0] += 1
      }
    case .read(let reading):
      let event = reading.event(document.applicant, document: document.number)
      let sealed = [reading.raw, reading.text, reading.tokens]
      guard
        try await append(event, of: document, by: origin, sealed: sealed, blobs: reading.blobs)
      else { return }
      report.appended += 1
      if present.recogniser != nil, reading.flags.contains(Self.scansLeftOut) {
        report.scansLeftOut += 1
      }
    }
  }

  /// Appends what came of a document; false when the applicant was erased meanwhile.
  private func append(
    _ event: some DomainEvent, of document: OutdatedDocument, by origin: Origin,
    sealed: [SealedValue] = [], blobs: [[UInt8]]
  ) async throws(ScreeningError) -> Bool {
    do throws(ScreeningError) {
      _ = try await append { [self] (at) throws(ScreeningError) in
        _ = try livingRow(document.applicant)
        var append = try change(event, by: origin, at: at)
        append.events[0].cause = .position(document.added)
        append.sealed = sealed
        append.blobs = blobs
        return append
      }
      return true
    } catch {
      guard error.kind == .erased else { throw error }
      return false
    }
  }
}
