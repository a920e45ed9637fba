import HTTPTypes

extension Endpoint {
  /// What OpenAPI says of applicants' rights and of audits.
  var rightsDescription: Description {
    switch self {
    case .correctApplicant:
      Description(
        "applicants", "Put a name, an address or an opening right", body: .json("NewCorrection"),
        success: .created, .json("ApplicantCommand"), problems: [.notFound, .erased])
    case .discloseApplicant:
      Description(
        "applicants", "Everything that is held about an applicant; that it was told is recorded",
        success: .created, .either("Disclosure", "text/plain"), problems: [.notFound, .erased])
    case .dossier:
      Description(
        "audits",
        "All that stands behind the decisions about an applicant, with proofs; the look is recorded",
        .reported("Dossier", or: "text/html"), problems: [.notFound, .conflict])
    case .placeHold:
      Description(
        "applicants", "Place a legal hold: nobody erases the applicant until it is lifted",
        body: .json("NewHold"), .json("ApplicantCommand"),
        problems: [.notFound, .erased, .conflict])
    case .liftHold:
      Description(
        "applicants", "Lift a legal hold", .json("ApplicantCommand"),
        problems: [.notFound, .erased, .conflict])
    case .declareGroups:
      Description(
        "applicants", "Record which groups an applicant declared; shown nowhere, only counted",
        body: .json("NewAttributes"), .json("ApplicantCommand"), problems: [.notFound, .erased])
    case .auditReading:
      Description(
        "audits", "Whether people read and decided; the audit is recorded",
        body: .json("NewReadingAudit"), success: .created, .reported("ReadingAudit"),
        problems: [.notFound, .positionAhead])
    case .audits:
      Description("audits", "The audits that were made, oldest first", .json("AuditList"))
    case .retain:
      Description(
        "applicants",
        "Erase those whose time of keeping is over by the policy, or who applied for an opening before a time, but for "
          + "legal holds; or only tell who",
        body: .json("NewRetention"), .json("Retention"), problems: [.notFound, .conflict])
    default:
      Description(
        "audits",
        "How declared groups fared, of thirty people or more whom no report has counted; the audit is recorded",
        body: .json("NewGroupAudit"), success: .created, .reported("GroupAudit"),
        problems: [.notFound, .conflict, .positionAhead])
    }
  }

  /// What OpenAPI says of a model's cards and files, and of the rules that were in force.
  var cardDescription: Description {
    switch self {
    case .modelCard:
      Description(
        "models", "What a model learnt from, how true its percentages are, and its limits",
        .either("ModelCard", "text/html"), problems: [.notFound])
    case .modelReliability:
      Description(
        "models", "Predicted against observed among those held out",
        .either("ModelReliability", "image/svg+xml"), problems: [.notFound])
    case .modelDrift:
      Description(
        "models", "How those whom a model judged differ from those who taught it",
        .json("ModelDrift"), problems: [.notFound])
    case .modelManifest:
      Description(
        "models", "Whose labels and readings a model learnt from, by number", .json("Manifest"),
        problems: [.notFound])
    case .modelFile:
      Description(
        "models", "A model as other programs read it",
        .file(["application/octet-stream"]), problems: [.notFound])
    case .policies:
      Description("models", "Every policy that was in force", .json("PolicyList"))
    default: Description("models", "Every lexicon that was in force", .json("LexiconList"))
    }
  }
}
