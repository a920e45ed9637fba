import Cryptography
import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, events that were recorded can no longer be read as what they said.
@Suite struct EventCodingTests {
  static let reference = sealed(in: "sealed")
  static let document = sealed(in: "document")

  /// A reference as an event would hold it.
  static func sealed(in place: String) -> SealedReference {
    let object: JSONValue = .object([
      "commitment": .string(String(repeating: "ab", count: 32)),
      place: .string(String(repeating: "cd", count: 32)),
      "subject": .string(String(repeating: "0f", count: 16)),
    ])
    guard let reference = SealedReference(object) else { fatalError("no reference") }
    return reference
  }

  static let digest = SHA256.hash(Array("x".utf8))
  static let subject = reference.subject

  static let examples: [any DomainEvent] = [
    UserRegistered(
      user: UserNumber(2), subject: subject, role: .reviewer, email: reference, name: reference,
      password: reference),
    UserChanged(user: UserNumber(2), role: .auditor),
    UserPasswordChanged(user: UserNumber(2), password: reference),
    UserDisabled(user: UserNumber(2)),
    SessionRevoked(user: UserNumber(2), session: "5f0c", expires: 1_800_000_000),
    ApplicantRegistered(
      applicant: ApplicantNumber(17), subject: subject, opening: .general, name: reference,
      email: reference),
    ApplicantRegistered(
      applicant: ApplicantNumber(18), subject: subject, opening: .general, name: reference,
      kana: reference, email: reference, address: reference),
    ApplicantCorrected(applicant: ApplicantNumber(17), opening: .general),
    ApplicantCorrected(applicant: ApplicantNumber(17), kana: reference, address: reference),
    ApplicantStateChanged(applicant: ApplicantNumber(17), state: .withdrawn),
    ApplicantLabelled(
      applicant: ApplicantNumber(17), label: .ng, purpose: .secondReading, screening: 41,
      reason: reference),
    ApplicantOpened(applicant: ApplicantNumber(17)),
    DocumentAdded(
      applicant: ApplicantNumber(17), document: 1, file: document, form: .pdf, size: 4096),
    DocumentRead(
      applicant: ApplicantNumber(17), document: 1, analysis: digest, fingerprint: digest,
      raw: reference, text: reference, tokens: reference, flags: ["hidden-text"],
      quality: ["pages": 2]),
    DocumentRead(
      applicant: ApplicantNumber(17), document: 1, analysis: digest, fingerprint: digest,
      raw: reference, text: reference, tokens: reference, flags: ["recognised"],
      quality: ["confidencePerMille": 880], recogniser: digest),
    DocumentUnreadable(applicant: ApplicantNumber(17), document: 2, reason: "encrypted"),
    DocumentUnreadable(
      applicant: ApplicantNumber(17), document: 2, reason: "poorly-recognised", analysis: digest,
      recogniser: digest),
    ApplicantScreened(
      applicant: ApplicantNumber(17), opening: .general, readings: [12, 13], model: ModelNumber(3),
      policy: .zero, threshold: 6500, outcome: .secondLook, score: -0.25, probability: 4312,
      interval: [3000, 5800], excluded: 3, known: 80, unknown: 12),
    ApplicantScreened(
      applicant: ApplicantNumber(17), opening: .general, readings: [], policy: 5, threshold: 7000,
      outcome: .undecidable, reason: "unreadable", excluded: 0, known: 0, unknown: 0),
    PolicyAdopted(threshold: 7000), PolicyAdopted(threshold: 7000, scores: .afterLabel),
    PolicyAdopted(threshold: 7000, retention: RetentionRule(opening: .general, days: 365)),
    PolicyAdopted(threshold: 7000, retention: RetentionRule(opening: .general, days: nil)),
    LexiconAdopted(lexicon: digest),
    ModelPromoted(model: ModelNumber(3), opening: .general),
    ModelTrained(
      model: ModelNumber(3), opening: .general, file: digest, manifest: digest, through: 900,
      analysis: digest, lexicon: digest, algorithm: "senko-svm-1", requestedC: 0.5,
      dataDigest: digest, vocabularyDigest: digest, weightsDigest: digest, alphasDigest: digest,
      ok: 60, ng: 40, blind: 100, terms: 512, c: 0.5, representation: "binary", epochs: 12,
      primal: 20.5, dual: 20.499, gap: 0.001, logLoss: 0.5, brier: 0.2, baseRate: 0.6),
    ModelTrained(
      model: ModelNumber(4), opening: .general, file: digest, manifest: digest, through: 900,
      analysis: digest, lexicon: digest, algorithm: "senko-svm-1", code: digest, requestedC: 0.5,
      dataDigest: digest, vocabularyDigest: digest, weightsDigest: digest, alphasDigest: digest,
      ok: 60, ng: 40, blind: 100, terms: 512, c: 0.5, representation: "binary", epochs: 12,
      primal: 20.5, dual: 20.499, gap: 0.001, logLoss: 0.5, brier: 0.2, baseRate: 0.6),
    ModelTrained(
      model: ModelNumber(5), opening: .general, file: digest, manifest: digest, through: 900,
      analysis: digest, lexicon: digest, algorithm: "senko-svm-1", code: digest,
      dataDigest: digest, vocabularyDigest: digest, weightsDigest: digest, alphasDigest: digest,
      ok: 60, ng: 40, blind: 100, leftOut: LeftOut(["unreadable": 1, "otherAnalysis": 2]),
      terms: 512, c: 0.5, representation: "binary", epochs: 12,
      primal: 20.5, dual: 20.499, gap: 0.001, logLoss: 0.5, brier: 0.2, baseRate: 0.6),
    ErasureRequested(applicant: ApplicantNumber(17), reason: "request"),
    ErasureRefused(applicant: ApplicantNumber(17), request: 41, hold: 30),
    HoldPlaced(applicant: ApplicantNumber(17), reason: "lawsuit"),
    HoldLifted(applicant: ApplicantNumber(17)),
    AttributesDeclared(applicant: ApplicantNumber(17), attributes: reference),
    AuditReported(kind: .groups, opening: .general, through: 40, applicants: 60),
    AuditReported(
      kind: .groups, opening: .general, through: 40, applicants: 60, figures: digest),
    DisclosureMade(applicant: ApplicantNumber(17), through: 40),
    ApplicantErased(
      applicant: ApplicantNumber(17), subject: subject, reason: "request", request: 41,
      models: [ModelNumber(3)]),
    KeyRotated(key: digest), LogRestored(origin: "ab12", knownSize: 9, knownRoot: digest, size: 7),
    PersonalAccessed(applicant: nil, scope: .list),
    PersonalAccessed(applicant: ApplicantNumber(17), scope: .document),
  ]

  @Test(arguments: examples.indices)
  func decodingInvertsEncoding(index: Int) throws {
    func check<E: DomainEvent>(_ event: E) throws {
      let bytes = event.data.encoded()
      let data = try JSONValue(canonical: bytes.span)
      #expect(try E(EventFields(data, of: E.type, at: 1)) == event)
      #expect(data.encoded() == bytes)
    }
    try check(Self.examples[index])
  }

  @Test(arguments: examples.indices)
  func noFreeTextStandsInAnEvent(index: Int) {
    func walk(_ value: JSONValue) {
      switch value {
      case .string(let text): #expect(isSlug(text), "\(text) is no slug")
      case .integer: break
      case .array(let items): items.forEach(walk)
      case .object(let members):
        for member in members {
          #expect(member.name.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "-") })
          walk(member.value)
        }
      }
    }
    walk(Self.examples[index].data)
  }

  @Test func theBytesOfEveryTypeAreAsRecorded() throws {
    let lines = Self.examples.map { event in
      "\(type(of: event).type) \(String(decoding: event.data.encoded(), as: UTF8.self))\n"
    }
    let difference = try Snapshot("events/data.txt").difference(from: lines.joined())
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// The logs that every later version must open say all that a log of this version can say.
  @Test func theKeptLogsHaveEveryTypeAndNoOther() throws {
    var snapshots = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { snapshots.deleteLastPathComponent() }
    snapshots.append(path: "snapshots/replay")
    var types: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: snapshots.path) {
      let log = snapshots.appending(path: "\(name)/gives/log.ndjson")
      for line in try String(contentsOf: log, encoding: .utf8).split(separator: "\n") {
        let event = try JSONValue(canonical: Array(line.utf8).span)
        types.insert(try #require(event.object?["type"]?.string))
      }
    }
    #expect(types == Set(Self.examples.map { type(of: $0).type }))
  }
}
