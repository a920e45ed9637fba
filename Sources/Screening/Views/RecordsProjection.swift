import EventStore
import Projections

/// The fold of the log into the tables of applicants, users, models and policies.
struct RecordsProjection: Projection {
  static let applicants = TemporalTable<UInt64, ApplicantRow>("applicants")
  static let users = TemporalTable<UInt64, UserRow>("users")
  static let models = TemporalTable<UInt64, ModelRow>("models")
  static let modelsInForce = TemporalTable<String, InForceRow>("models-in-force")
  static let policies = TemporalTable<UInt64, PolicyRow>("policies")
  static let lexicons = TemporalTable<UInt64, LexiconRow>("lexicons")
  /// opening ‖ number of applicants → the last event that the first report on that many counted.
  static let groupAudits = ViewTable("group-audits")
  /// The positions of all reports of audits → nothing.
  static let audits = ViewTable("audits")
  /// applicant ‖ position → nothing: declarations of groups, which no query of the applicant reads.
  static let attributes = ViewTable("attributes")
  /// A token's `jti` → when it expires, in decimal seconds since 1970.
  static let revoked = ViewTable("revoked-sessions")
  /// actor ‖ 0 ‖ scope → the hour of the last recorded access to a list.
  static let listAccess = ViewTable("list-access")

  let name = "records"
  let version = 9
  let tables =
    applicants.tables + users.tables + models.tables + modelsInForce.tables + policies.tables
    + lexicons.tables + [
      ApplicantIndex.table, attributes, audits, groupAudits, revoked, listAccess,
    ]

  func fold(_ event: Event, into writer: inout ViewWriter) throws {
    switch event.type {
    case ApplicantRegistered.type, ApplicantCorrected.type, ApplicantStateChanged.type,
      ApplicantLabelled.type, ApplicantOpened.type, DocumentAdded.type, DocumentRead.type,
      DocumentUnreadable.type, ApplicantScreened.type, ApplicantErased.type,
      ErasureRequested.type, ErasureRefused.type, HoldPlaced.type, HoldLifted.type,
      DisclosureMade.type:
      try foldApplicant(event, into: &writer)
    case UserRegistered.type, UserChanged.type, UserPasswordChanged.type, UserDisabled.type,
      SessionRevoked.type:
      try foldUser(event, into: &writer)
    case ModelTrained.type, ModelPromoted.type:
      try foldModel(event, into: &writer)
    case PolicyAdopted.type:
      let adopted = try PolicyAdopted(event)
      Self.policies.put(
        PolicyRow(
          position: event.position, threshold: adopted.threshold, scores: adopted.scores),
        for: 0, from: event.position, in: &writer)
    case LexiconAdopted.type:
      Self.lexicons.put(
        LexiconRow(position: event.position, digest: try LexiconAdopted(event).lexicon),
        for: 0, from: event.position, in: &writer)
    case AttributesDeclared.type:
      let applicant = try AttributesDeclared(event).applicant
      writer.put(
        [], at: viewKey(applicant.rawValue, event.position.rawValue), in: Self.attributes)
    case AuditReported.type:
      writer.put([], at: event.position.rawValue.viewKey, in: Self.audits)
      try foldAudit(try AuditReported(event), into: &writer)
    case PersonalAccessed.type:
      let access = try PersonalAccessed(event)
      if access.applicant == nil {
        writer.put(
          Array(hour(of: event.at).utf8), at: Self.listAccessKey(event.actor, access.scope),
          in: Self.listAccess)
      }
    default:
      // Types of later versions fold into nothing here; the log keeps them.
      break
    }
  }

  func settle(_ writer: inout ViewWriter) throws {
    try Self.applicants.forEachChange(in: &writer) { old, new, writer in
      ApplicantIndex.move(old, to: new, in: &writer)
    }
  }

  private func foldAudit(_ audit: AuditReported, into writer: inout ViewWriter) throws {
    let key = Self.groupAuditKey(audit.opening, audit.applicants)
    guard audit.kind == .groups, try writer.value(at: key, in: Self.groupAudits) == nil else {
      return
    }
    writer.put(audit.through.rawValue.viewKey, at: key, in: Self.groupAudits)
  }

  static func groupAuditKey(_ opening: Opening, _ applicants: Int) -> [UInt8] {
    viewKey(opening.slug, UInt64(applicants))
  }

  static func listAccessKey(_ actor: String, _ scope: PersonalAccessed.Scope) -> [UInt8] {
    Array(actor.utf8) + [0] + Array(scope.rawValue.utf8)
  }
}

/// The hour that a time lies in, as the first 13 characters of its RFC 3339 text.
func hour(of time: Timestamp) -> String { String(time.description.prefix(13)) }
