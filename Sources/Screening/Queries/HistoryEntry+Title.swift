extension HistoryEntry {
  /// What an event is called, with what it says.
  func title(in language: CardLanguage) -> String {
    let ja = language == .ja
    switch type {
    case ApplicantRegistered.type: return ja ? "応募を受け付けました" : "the application arrived"
    case ApplicantCorrected.type: return ja ? "情報を訂正しました" : "data were corrected"
    case ApplicantStateChanged.type:
      switch facts["state"].flatMap({ ApplicantState(rawValue: $0) }) {
      case .active: return ja ? "選考中に戻しました" : "it is under consideration again"
      case .withdrawn: return ja ? "辞退を記録しました" : "it was withdrawn by the applicant"
      case .duplicate:
        return ja ? "同じ方の重複した応募としました" : "it was taken for a second application of one person"
      case .erased, nil: return ja ? "状態を改めました" : "its state was changed"
      }
    case DocumentAdded.type: return ja ? "書類を受け取りました" : "a document arrived"
    case DocumentRead.type:
      if facts["flags", default: ""].split(separator: " ").contains("recognised") {
        return ja
          ? "書類の画像から文字を認識して読み取りました" : "a document was read by recognising a picture of it"
      }
      return ja ? "書類を読み取りました" : "a document was read"
    case DocumentUnreadable.type:
      return ja ? "書類を読み取れませんでした" : "a document could not be read"
    case ApplicantOpened.type: return ja ? "担当者が書類を開きました" : "a person opened it"
    case ApplicantScreened.type:
      return (ja ? "OK度数を計算しました：" : "a score was computed: ") + score(in: language)
    case ApplicantLabelled.type:
      let label = (facts["label"] ?? "").uppercased()
      if facts["purpose"] == LabelPurpose.secondReading.rawValue {
        return ja
          ? "別の担当者による確認（結果を変えるものではありません）：\(label)"
          : "a second reading, which decides nothing: \(label)"
      }
      return ja ? "判断：\(label)" : "decision: \(label)"
    case AttributesDeclared.type:
      return ja ? "任意の属性の申告を受け取りました" : "you declared groups that you belong to"
    case HoldPlaced.type: return ja ? "法令上の保存対象としました" : "a legal hold was placed"
    case HoldLifted.type: return ja ? "法令上の保存を解きました" : "the legal hold was lifted"
    case ErasureRequested.type: return ja ? "消去の求めがありました" : "erasure was asked for"
    case ErasureRefused.type: return ja ? "消去を見合わせました" : "the erasure was refused"
    case ApplicantErased.type: return ja ? "情報を消去しました" : "everything personal was erased"
    case DisclosureMade.type: return ja ? "情報を開示しました" : "this was disclosed"
    default: return type
    }
  }

  /// What a screening said, and by which model.
  func score(in language: CardLanguage) -> String {
    let ja = language == .ja
    let percent = facts["probability"].flatMap { Int($0) }.map { "\($0 / 100) %" }
    let model = facts["model"].map { ja ? "（計算モデル \($0)）" : " by model \($0)" }
    return (percent ?? (ja ? "判定なし" : "no percentage")) + (model ?? "")
  }
}
