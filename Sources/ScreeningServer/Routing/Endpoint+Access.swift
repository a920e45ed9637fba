import Screening

/// Who may use an endpoint.
enum Access: Sendable, Hashable {
  /// Anyone.
  case everyone
  /// Anyone on this machine who did not come through a proxy; elsewhere the roles named.
  case thisMachineOr(Set<Role>)
  /// Whoever presents a refresh token.
  case refreshToken
  /// Whoever presents an access token and has one of these roles.
  case roles(Set<Role>)
}

extension Endpoint {
  /// Who may use the endpoint.
  var access: Access {
    switch self {
    case .healthy, .live, .ready, .openAPI, .docs, .docsAsset, .problem, .logIn: .everyone
    case .refresh: .refreshToken
    case .registerUser, .eraseApplicant, .trainModel, .trainLike, .promoteModel, .adoptPolicy,
      .adoptLexicon,
      .placeHold, .liftHold, .declareGroups, .discloseApplicant, .retain:
      .roles(.ruling)
    case .registerApplicant, .labelApplicant, .setState, .openApplicant, .screenApplicant,
      .correctApplicant:
      .roles(.deciding)
    case .listUsers, .logOut, .applicantPage, .applicants, .applicant, .history, .why, .document,
      .receipt, .tile,
      .documents, .labels, .screenings, .openings, .queue, .modelCard, .modelReliability,
      .modelDrift, .modelFile, .modelManifest, .policies, .lexicons,
      .vocabulary, .models, .model, .policy, .lexicon, .proof, .checkpoint, .consistency, .replay,
      .replayGrid:
      .roles([.admin, .reviewer, .auditor])
    // Everything at once is an export, which is an auditor's business.
    case .events, .tail, .event, .entryBundle, .exportApplicants, .dossier, .excludedWords, .verify,
      .auditReading,
      .auditGroups, .audits:
      .roles(.auditing)
    case .metrics: .thisMachineOr(.auditing)
    }
  }
}
