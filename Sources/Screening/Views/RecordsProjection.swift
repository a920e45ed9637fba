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
  /// opening ‖ position → nothing: the reports on groups.
  static let groupAudits = ViewTable("group-audits")
  /// The positions of all reports of audits → nothing.
  static let audits = ViewTable("audits")
  /// applicant ‖ position → nothing: declarations of groups, which no query of the applicant reads.
  static let attributes = ViewTable("attributes")
  /// applicant ‖ position → nothing: who looked at one applicant, which only their disclosure reads.
  static let accesses = ViewTable("accesses")
  /// A token's `jti` → when it expires, in decimal seconds since 1970.
  static let revoked = ViewTable("revoked-sessions")
  /// actor ‖ 0 ‖ scope → the hour of the last recorded access to a list.
  static let listAccess = ViewTable("list-access")

  let name = "records"
  let version = 19
  let tables =
    applicants.tables + users.tables + models.tables + modelsInForce.tables + policies.tables
    + lexicons.tables + [
      ApplicantIndex.table, KeptNouns.table, accesses, attributes, audits, groupAudits, revoked,
      listAccess,
    ]

  func facts() -> any Facts { RecordsFacts() }

  /// Folds what an event changes in an applicant's row.
  static func fold(
    _ change: ApplicantChange, of number: ApplicantNumber, into writer: inout ViewWriter
  ) throws {
    let position = writer.position
    // Every event of the stream makes a row, so that the rows' positions are its history.
    let isThere = try applicants.change(number.rawValue, in: &writer) {
      $0.take(change, at: position)
    }
    guard isThere else {
      throw ScreeningError.damaged(
        "Event \(position) speaks of applicant \(number), who was never registered.")
    }
    guard case .erased(let models) = change else { return }
    // An erased applicant is counted at every model that had learnt from them.
    for model in models {
      _ = try Self.models.change(model.rawValue, in: &writer) { $0.erased += 1 }
    }
  }

  /// Folds an event of another stream.
  static func fold(_ event: Event, into writer: inout ViewWriter) throws {
    switch event.type {
    case UserRegistered.type, UserChanged.type, UserPasswordChanged.type, UserDisabled.type,
      SessionRevoked.type:
      try foldUser(event, into: &writer)
    case ModelTrained.type, ModelPromoted.type:
      try foldModel(event, into: &writer)
    case PolicyAdopted.type:
      let adopted = try PolicyAdopted(event)
      let isThere = try policies.change(0, in: &writer) { $0.take(adopted, at: event.position) }
      if !isThere {
        var first = PolicyRow.builtIn
        first.take(adopted, at: event.position)
        try policies.put(first, for: 0, in: &writer)
      }
    case LexiconAdopted.type:
      try lexicons.put(
        LexiconRow(position: event.position, digest: try LexiconAdopted(event).lexicon),
        for: 0, in: &writer)
    case AttributesDeclared.type:
      let applicant = try AttributesDeclared(event).applicant
      writer.put(
        [], at: viewKey(applicant.rawValue, event.position.rawValue), in: attributes)
    case AuditReported.type:
      writer.put([], at: event.position.rawValue.viewKey, in: audits)
      let audit = try AuditReported(event)
      if audit.kind == .groups {
        writer.put(
          [], at: viewKey(audit.opening.slug, event.position.rawValue), in: groupAudits)
      }
    case PersonalAccessed.type:
      let access = try PersonalAccessed(event)
      if let applicant = access.applicant {
        writer.put([], at: viewKey(applicant.rawValue, event.position.rawValue), in: accesses)
      } else {
        writer.put(
          Array(hour(of: event.at).utf8), at: listAccessKey(event.actor, access.scope),
          in: listAccess)
      }
    default:
      // Types of later versions fold into nothing here; the log keeps them.
      break
    }
  }

  func settle(_ portion: inout Portion) throws {
    Self.applicants.forEachChange(in: &portion) { old, new, portion in
      ApplicantIndex.move(old, to: new, in: &portion)
      if new.erased != nil {
        portion.remove(in: KeptNouns.table) { new.number.rawValue.write(to: &$0) }
      }
    }
  }

  static func listAccessKey(_ actor: String, _ scope: PersonalAccessed.Scope) -> [UInt8] {
    Array(actor.utf8) + [0] + Array(scope.rawValue.utf8)
  }
}

/// The hour that a time lies in, as the first 13 characters of its RFC 3339 text.
func hour(of time: Timestamp) -> String { String(time.description.prefix(13)) }
