import Cryptography
import EventStore

/// An applicant declared, of their own will, which groups they belong to.
///
/// It stands in a stream of its own: no page of the applicant and no model ever shows or uses it.
struct AttributesDeclared: DomainEvent {
  static let type = "attributes.declared"
  var applicant: ApplicantNumber
  /// Values by name, sealed.
  var attributes: SealedReference

  var stream: String { "attributes:\(applicant)" }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "attributes": attributes.json,
    ])
  }
}

extension AttributesDeclared {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"), attributes: try fields.sealed("attributes"))
  }
}

/// An audit was made: what was looked at, so that it can be made again and nobody is found by comparing two.
struct AuditReported: DomainEvent {
  /// What was looked at.
  enum Kind: String, Sendable {
    /// Whether people read and decided.
    case reading
    /// How groups fared.
    case groups
  }

  static let type = "audit.reported"
  var kind: Kind
  var opening: Opening
  /// The last event that counts.
  var through: Position
  /// How many applicants the figures are about.
  var applicants: Int
  /// The blob that holds what was told of groups (`GroupRecord`); early reports have none.
  var figures: Digest?

  var stream: String { "audit" }
  var data: JSONValue {
    eventData([
      "applicants": JSONValue(applicants),
      "figures": figures.map { blobReference($0) },
      "kind": .string(kind.rawValue),
      "opening": .string(opening.slug),
      "through": JSONValue(through),
    ])
  }
}

extension AuditReported {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      kind: try fields.choice("kind"), opening: try fields.opening(),
      through: try fields.position("through"), applicants: try fields.integer("applicants"),
      figures: try fields.optional("figures") { blobDigest($0) })
  }
}
