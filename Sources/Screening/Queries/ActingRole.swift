/// In which role somebody acted, as an applicant is told of it.
public enum ActingRole: String, Sendable, Hashable, Encodable {
  /// A user's role.
  case admin, reviewer, auditor
  /// Whoever ran the command line without naming a user.
  case `operator`
  /// The system itself.
  case system

  func title(in language: CardLanguage) -> String {
    let ja = language == .ja
    switch self {
    case .admin: return ja ? "管理者" : "administrator"
    case .reviewer: return ja ? "審査担当者" : "reviewer"
    case .auditor: return ja ? "監査担当者" : "auditor"
    case .operator: return ja ? "システムの運用担当者" : "operator of the system"
    case .system: return ja ? "システムの自動処理" : "the system itself"
    }
  }
}

/// Whoever acted, as a page names them: by their address where it is known, else by their number.
func actorTitle(_ actor: String, in language: CardLanguage) -> String {
  if let role = ActingRole(rawValue: actor) { return role.title(in: language) }
  guard actor.hasPrefix("user:") else { return actor }
  let number = actor.dropFirst("user:".count)
  return CardText("利用者 \(number)", "user \(number)")(language)
}

extension DisclosedAccess {
  /// What was looked at, in plain words.
  func title(in language: CardLanguage) -> String {
    let ja = language == .ja
    switch PersonalAccessed.Scope(rawValue: scope) {
    case .applicant: return ja ? "応募の内容を見ました" : "the application was looked at"
    case .document: return ja ? "提出書類の原本を見ました" : "a document was looked at as it was sent"
    case .dossier: return ja ? "判断の証拠書類をまとめました" : "the proofs of the decisions were collected"
    case .why: return ja ? "OK度数の根拠を見ました" : "the grounds of the score were looked at"
    case .history: return ja ? "記録の履歴を見ました" : "the history was looked at"
    case .export: return ja ? "データを書き出しました" : "the data were exported"
    case .list, nil: return scope
    }
  }
}
