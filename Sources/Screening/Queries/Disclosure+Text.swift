extension Disclosure {
  /// A language that a disclosure is written in.
  public enum Language: String, Sendable, CaseIterable {
    /// Japanese.
    case ja
    /// English.
    case en
  }

  /// The disclosure as a letter: plain words for people who know nothing of the system.
  public func text(in language: Language) -> String {
    let ja = language == .ja
    let summary = applicant.summary
    func line(_ japanese: String, _ english: String, _ value: String) -> String {
      ja ? "\(japanese)：\(value)" : "\(english): \(value)"
    }
    var lines = [
      ja ? "応募者情報の開示" : "What is held about your application", "",
      line("応募番号", "Application", String(summary.applicant)),
      line("氏名", "Name", summary.name ?? "—"),
      line("メール", "Mail", applicant.email ?? "—"),
      line("職種", "Opening", summary.opening), line("受付", "Received", summary.received),
    ]
    lines += attributes.sorted { $0.key < $1.key }.map {
      line("任意で申告された属性", "Declared by yourself", "\($0.key) = \($0.value)")
    }
    lines += [
      "",
      ja ? "■ 書類" : "Documents",
    ]
    for document in applicant.documents {
      lines.append(
        ja
          ? "書類 \(document.document)（\(document.size) バイト）。読み取った文字は次のとおりです。"
          : "Document \(document.document), \(document.size) bytes. What was read from it:")
      lines.append(document.text ?? (ja ? "（読み取れませんでした）" : "(nothing could be read)"))
      lines.append("")
    }
    lines += [
      ja ? "■ 判断と点数の記録" : "Decisions and scores",
      ja
        ? "OK度数は、過去の判断から学んだ計算による参考値です。合否は、いつも人が決めています。"
        : "An OK percentage is computed from earlier decisions, for orientation. People decide, always.",
      "",
    ]
    lines += history.map { entry in
      var parts = ["\(entry.happened ?? entry.at)  \(Self.name(of: entry, in: language))"]
      if let named = entry.onBehalfOf { parts.append(line("判断者", "by", named)) }
      if let reason = entry.reason { parts.append(line("理由", "reason", reason)) }
      return parts.joined(separator: ja ? "　" : "  ")
    }
    lines += [
      "",
      ja
        ? "この応募の書類は、次の計算モデルの学習に使われました：\(list(models, none: "なし"))"
        : "These models have learnt from the application: \(list(models, none: "none"))",
      ja
        ? "訂正・消去を求めることができます。消去すると、番号・職種・日時・結果のほかは復元できなくなります。"
        : "You may ask for correction or erasure. After an erasure nothing but number, opening, times and "
          + "outcomes remains.",
      line("この開示の記録", "This disclosure is recorded as event", String(position)), "",
    ]
    return lines.joined(separator: "\n")
  }

  private func list(_ numbers: [UInt64], none: String) -> String {
    numbers.isEmpty ? none : numbers.map(String.init).joined(separator: ", ")
  }

  /// What an event is called, with what it says.
  private static func name(of entry: HistoryEntry, in language: Language) -> String {
    let ja = language == .ja
    let facts = entry.facts
    switch entry.type {
    case ApplicantRegistered.type: return ja ? "応募を受け付けました" : "the application arrived"
    case ApplicantCorrected.type: return ja ? "情報を訂正しました" : "data were corrected"
    case ApplicantStateChanged.type:
      let state = facts["state"] ?? ""
      return ja ? "状態を \(state) にしました" : "the state became \(state)"
    case DocumentAdded.type: return ja ? "書類を受け取りました" : "a document arrived"
    case DocumentRead.type: return ja ? "書類を読み取りました" : "a document was read"
    case DocumentUnreadable.type:
      return ja ? "書類を読み取れませんでした" : "a document could not be read"
    case ApplicantOpened.type: return ja ? "担当者が書類を開きました" : "a person opened it"
    case ApplicantScreened.type:
      let percent = facts["probability"].flatMap { Int($0) }.map { "\($0 / 100) %" }
      let value = percent ?? (ja ? "判定なし" : "no percentage")
      return ja ? "OK度数を計算しました：\(value)" : "a score was computed: \(value)"
    case ApplicantLabelled.type:
      let label = (facts["label"] ?? "").uppercased()
      return ja ? "判断：\(label)" : "decision: \(label)"
    case HoldPlaced.type: return ja ? "法令上の保存対象としました" : "a legal hold was placed"
    case HoldLifted.type: return ja ? "法令上の保存を解きました" : "the legal hold was lifted"
    case ErasureRequested.type: return ja ? "消去の求めがありました" : "erasure was asked for"
    case ErasureRefused.type: return ja ? "消去を見合わせました" : "the erasure was refused"
    case DisclosureMade.type: return ja ? "情報を開示しました" : "this was disclosed"
    default: return entry.type
    }
  }
}
