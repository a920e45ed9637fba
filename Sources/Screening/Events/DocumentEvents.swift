import EventStore
import Cryptography

/// A document came with an application.
struct DocumentAdded: DomainEvent {
  static let type = "document.added"
  var applicant: ApplicantNumber
  /// The document's number within the application, from 1.
  var document: Int
  /// The sealed file.
  var file: SealedReference
  var form: DocumentForm
  /// Bytes of the file as it came.
  var size: Int

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "document": JSONValue(document),
      "file": file.json,
      "form": .string(form.rawValue),
      "size": JSONValue(size),
    ])
  }
}

extension DocumentAdded {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      document: try fields.integer("document"),
      file: try fields.sealed("file"),
      form: try fields.choice("form"),
      size: try fields.integer("size"))
  }
}

/// A document was read: what every later training, screening and replay uses.
struct DocumentRead: DomainEvent {
  static let type = "document.read"
  var applicant: ApplicantNumber
  var document: Int
  /// Digest of the fingerprint's rules: of what decides how documents read.
  var analysis: Digest
  /// The fingerprint itself.
  var fingerprint: Digest
  /// The text as extracted.
  var raw: SealedReference
  /// The text as normalised.
  var text: SealedReference
  /// Every token with its offset, kept or not.
  var tokens: SealedReference
  var flags: [String]
  /// What the quality gate measured.
  var quality: [String: Int]
  /// What was there to recognise the characters of pages that are pictures, if anything; the flag `recognised` says that
  /// it did.
  var recogniser: Digest?

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "analysis": .string(analysis.hex),
      "applicant": JSONValue(applicant),
      "document": JSONValue(document),
      "fingerprint": blobReference(fingerprint),
      "flags": JSONValue(flags),
      "quality": .object(JSONObject(quality.mapValues { JSONValue($0) })),
      "raw": raw.json,
      "recogniser": recogniser.map { blobReference($0) },
      "text": text.json,
      "tokens": tokens.json,
    ])
  }
}

extension DocumentRead {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      document: try fields.integer("document"),
      analysis: try fields.digest("analysis"),
      fingerprint: try fields.require("fingerprint") { blobDigest($0) },
      raw: try fields.sealed("raw"),
      text: try fields.sealed("text"),
      tokens: try fields.sealed("tokens"),
      flags: try fields.require("flags") { $0.strings },
      quality: try fields.require("quality") { value in
        value.object.map { measured in
          Dictionary(
            uniqueKeysWithValues: measured.compactMap { measure in
              measure.value.integer.map { (measure.name, Int($0)) }
            })
        }
      },
      recogniser: try fields.optional("recogniser") { blobDigest($0) })
  }
}

/// A document could not be read.
struct DocumentUnreadable: DomainEvent {
  static let type = "document.unreadable"
  var applicant: ApplicantNumber
  var document: Int
  var reason: String
  /// Digest of the analysis that has tried; events of a registration do not tell.
  var analysis: Digest?
  /// What was there to recognise the characters of pages that are pictures, if anything.
  var recogniser: Digest?

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "analysis": analysis.map { .string($0.hex) },
      "applicant": JSONValue(applicant),
      "document": JSONValue(document),
      "reason": .string(reason),
      "recogniser": recogniser.map { blobReference($0) },
    ])
  }
}

extension DocumentUnreadable {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      document: try fields.integer("document"),
      reason: try fields.string("reason"),
      analysis: try fields.optional("analysis") { $0.string.flatMap { Digest(hex: $0) } },
      recogniser: try fields.optional("recogniser") { blobDigest($0) })
  }
}
