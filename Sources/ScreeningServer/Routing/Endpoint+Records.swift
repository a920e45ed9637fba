extension Endpoint {
  /// Whether the answer's object names, at `position` or in `next`, the moment that it holds at.
  var namesMoment: Bool { [.applicants, .queue, .vocabulary, .applicant].contains(self) }

  /// The records that an answer holds, of which a request may choose members; `nil` where there is no choice.
  var records: Records? {
    switch self {
    case .applicants, .queue: .listed("applicants", "ApplicantSummary")
    case .exportApplicants: .whole("ApplicantSummary")
    case .applicant: .whole("Applicant")
    case .history: .listed("history", "HistoryEntry")
    case .why: .whole("Why")
    case .excludedWords: .whole("ExcludedWords")
    case .documents: .listed("documents", "Document")
    case .labels: .listed("labels", "LabelRecord")
    case .screenings: .listed("screenings", "ScreeningRecord")
    case .openings: .listed("openings", "Opening")
    case .audits: .listed("audits", "AuditRecord")
    case .vocabulary: .listed("vocabulary", "Noun")
    case .models: .listed("models", "ModelSummary")
    case .model: .whole("Model")
    case .modelCard: .whole("ModelCard")
    case .modelReliability: .whole("ModelReliability")
    case .modelDrift: .whole("ModelDrift")
    case .modelManifest: .listed("sources", "Lesson")
    case .policy: .whole("Policy")
    case .policies: .listed("policies", "AdoptedPolicy")
    case .lexicon: .whole("Lexicon")
    case .lexicons: .listed("lexicons", "AdoptedLexicon")
    // The first API's answers stay as they are; commands answer what they did; proofs are whole or nothing.
    case .registerUser, .logIn, .listUsers, .refresh, .logOut, .registerApplicant, .eraseApplicant,
      .applicantPage, .healthy, .document, .receipt, .dossier, .modelFile, .events, .tail, .event,
      .proof, .checkpoint, .consistency, .tile, .entryBundle, .labelApplicant, .setState,
      .openApplicant, .screenApplicant, .correctApplicant, .discloseApplicant, .placeHold,
      .liftHold, .declareGroups, .auditReading, .auditGroups, .retain, .trainModel, .trainLike,
      .promoteModel,
      .adoptPolicy, .adoptLexicon, .replay, .replayGrid, .verify, .live, .ready, .metrics, .openAPI,
      .docs,
      .docsAsset, .problem:
      nil
    }
  }
}
