import Cryptography
import DocumentReader
import EventStore

/// A document that has been read, sealed, and is ready to be recorded.
struct IntakenDocument: Sendable {
  var file: SealedDocument
  var form: DocumentForm
  var size: Int
  var reading: SealedReading?
  var unreadable: String?
  var nouns: Int
  var flags: [String]
}

/// A reading whose texts and tokens are sealed.
struct SealedReading: Sendable {
  var analysis: Digest
  var fingerprint: [UInt8]
  /// What recognised the characters of pages that are pictures, in the fingerprint's spelling.
  var recogniser: [UInt8]?
  var raw: SealedValue
  var text: SealedValue
  var tokens: SealedValue
  var flags: [String]
  var quality: [String: Int]

  init(_ reading: Reading, for subject: Subject, in log: EventLog) throws(ScreeningError) {
    fingerprint = Array(reading.fingerprint.canonicalText.utf8)
    guard let analysis = Digest(hex: reading.fingerprint.analysis) else {
      preconditionFailure("a digest is no digest")
    }
    self.analysis = analysis
    raw = log.seal(reading.rawText, for: subject, .raw)
    text = log.seal(reading.text, for: subject, .text)
    tokens = log.seal(
      reading.encodedTokens, for: subject, purpose: SealedPurpose.tokens.rawValue)
    flags = reading.flags.sorted()
    quality = reading.quality
    recogniser = reading.recogniser.map { Array(Fingerprint.canonicalText(of: $0).utf8) }
  }

  /// What its event refers to besides the sealed values.
  var blobs: [[UInt8]] { [fingerprint] + (recogniser.map { [$0] } ?? []) }

  func event(_ applicant: ApplicantNumber, document: Int) -> DocumentRead {
    DocumentRead(
      applicant: applicant, document: document, analysis: analysis,
      fingerprint: SHA256.hash(fingerprint), raw: raw.reference, text: text.reference,
      tokens: tokens.reference, flags: flags, quality: quality,
      recogniser: recogniser.map { SHA256.hash($0) })
  }
}

extension Office {
  /// Reads `files` in the sandboxed workers and seals them for `subject`.
  func intake(
    _ files: [DocumentFile], for subject: Subject
  ) async throws(ScreeningError) -> [IntakenDocument] {
    var documents: [IntakenDocument] = []
    for file in files { documents.append(try await intake(file, for: subject)) }
    return documents
  }

  private func intake(
    _ file: DocumentFile, for subject: Subject
  ) async throws(ScreeningError) -> IntakenDocument {
    let outcome: ReadingOutcome
    let form = file.form
    do { outcome = try await readers.read(file.bytes, isNamedPDF: form == .pdf) } catch {
      throw .unavailable("\(error)")
    }
    return try await offPool { [log] () throws(ScreeningError) in
      var document = IntakenDocument(
        file: log.sealDocument(file.bytes, for: subject),
        form: form, size: file.bytes.count, nouns: 0, flags: [])
      switch outcome {
      case .read(let reading):
        document.reading = try SealedReading(reading, for: subject, in: log)
        document.nouns = reading.nounCount
        document.flags = reading.flags.sorted()
      case .unreadable(let reason, _):
        document.unreadable = reason
      }
      return document
    }
  }
}

extension Append {
  /// Adds the events and sealed values of an applicant's documents, numbered from `first`.
  mutating func record(
    _ documents: [IntakenDocument], of applicant: ApplicantNumber, from first: Int = 1
  ) {
    for (index, document) in documents.enumerated() {
      let number = first + index
      let added = events.count
      events.append(
        DocumentAdded(
          applicant: applicant, document: number, file: document.file.reference,
          form: document.form, size: document.size
        ).draft())
      self.documents.append(document.file)
      if let reading = document.reading {
        events.append(reading.event(applicant, document: number).draft(cause: .draft(added)))
        sealed += [reading.raw, reading.text, reading.tokens]
        blobs += reading.blobs
      } else if let reason = document.unreadable {
        events.append(
          DocumentUnreadable(applicant: applicant, document: number, reason: reason)
            .draft(cause: .draft(added)))
      }
    }
  }
}
