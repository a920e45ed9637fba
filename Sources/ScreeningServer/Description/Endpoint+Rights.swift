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
        success: .created, .json("Disclosure"), problems: [.notFound, .erased])
    case .dossier:
      Description(
        "audits",
        "All that stands behind the decisions about an applicant, with proofs; the look is recorded",
        .json("Dossier"), problems: [.notFound])
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
        body: .json("NewReadingAudit"), success: .created, .json("ReadingAudit"),
        problems: [.notFound])
    default:
      Description(
        "audits", "How declared groups fared, from thirty people upward; the audit is recorded",
        body: .json("NewGroupAudit"), success: .created, .json("GroupAudit"),
        problems: [.notFound, .conflict])
    }
  }
}
