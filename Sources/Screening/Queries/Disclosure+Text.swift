import EventStore

extension Disclosure {
  /// The disclosure as a letter: plain words for people who know nothing of the system.
  public func text(in language: CardLanguage) -> String {
    let ja = language == .ja
    let summary = applicant.summary
    func line(_ japanese: String, _ english: String, _ value: String) -> String {
      ja ? "\(japanese)：\(value)" : "\(english): \(value)"
    }
    var lines = [
      ja ? "応募者情報の開示" : "What is held about your application", "",
      line("応募番号", "Application", String(summary.applicant)),
      line("氏名", "Name", summary.name ?? "—"),
      line("氏名（カナ）", "Name in kana", applicant.kana ?? "—"),
      line("メール", "Mail", applicant.email ?? "—"),
      line("住所", "Address", applicant.address ?? "—"),
      line("職種", "Opening", summary.opening),
      line("受付", "Received", timeInJapan(summary.received, in: language)),
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
    lines += history.map { told($0, in: language) }
    lines += [
      "", ja ? "■ 閲覧の記録" : "Who looked at it",
      ja
        ? "あなたの情報を個別に見たときは、日時と内容を記録しています。一覧の表示は、応募者ごとには記録していません。"
        : "Each look at your data alone is recorded; looks at lists are recorded for all together.",
      "",
    ]
    lines += accesses.map {
      [timeInJapan($0.at, in: language), $0.title(in: language), $0.role.title(in: language)]
        .joined(separator: "  ")
    }
    if accesses.isEmpty { lines.append(ja ? "ありません。" : "none") }
    lines += [
      "",
      ja
        ? "この応募の書類は、次の計算モデルの学習に使われました：\(list(models, none: "なし"))"
        : "These models have learnt from the application: \(list(models, none: "none"))",
      ja
        ? "\(keptUntil(in: .ja))訂正・消去を求めることができます。消去すると、番号・職種・日時・結果のほかは復元できなくなります。"
        : "\(keptUntil(in: .en)) You may ask for correction or erasure. After an erasure nothing but number, opening, times and "
          + "outcomes remains.",
      line("この開示の記録", "This disclosure is recorded as event", String(position)), "",
    ]
    return lines.joined(separator: "\n")
  }

  /// One event, and for a decision who took it, in which role, and which score was in view.
  private func told(_ event: DisclosedEvent, in language: CardLanguage) -> String {
    let ja = language == .ja
    let entry = event.entry
    func part(_ japanese: String, _ english: String, _ value: String) -> String {
      ja ? "\(japanese)：\(value)" : "\(english): \(value)"
    }
    var parts = [
      "\(timeInJapan(entry.happened ?? entry.at, in: language))  \(entry.title(in: language))"
    ]
    let role = event.role.title(in: language)
    if entry.type == ApplicantLabelled.type {
      parts.append(part("判断者", "by", role))
      if entry.onBehalfOf != nil {
        parts.append(part("記録者", "recorded by", ActingRole.operator.title(in: language)))
      }
      let seen = history.first { String($0.entry.position) == entry.facts["screening"] }?.entry
      parts.append(
        part(
          "判断のときに示されていた点数", "score in view",
          seen?.score(in: language) ?? (ja ? "なし" : "none")))
    } else {
      parts.append(part("担当", "by", role))
    }
    if let reason = entry.reason { parts.append(part("理由", "reason", reason)) }
    return parts.joined(separator: ja ? "　" : "  ")
  }

  private func keptUntil(in language: CardLanguage) -> String {
    guard applicant.hold != nil else { return keeping.text(in: language) }
    return language == .ja
      ? "法的な保全が解かれるまで消去されません。" : "It is not erased before a legal hold is lifted."
  }

  private func list(_ numbers: [UInt64], none: String) -> String {
    numbers.isEmpty ? none : numbers.map(String.init).joined(separator: ", ")
  }
}

extension Disclosure.Keeping {
  /// Until when an application is kept, in a sentence; a date is a day in Japan.
  fileprivate func text(in language: CardLanguage) -> String {
    let ja = language == .ja
    guard let days else {
      return ja ? "保存期間の定めはありません。" : "No time of keeping is set."
    }
    guard let until = until.flatMap({ Timestamp(parsing: $0) }) else {
      return ja
        ? "選考が終わってから \(days) 日間保存し、その後消去します。"
        : "It is kept for \(days) days after the selection, and then erased."
    }
    let day = until.inJapan(in: language, withTime: false)
    return ja ? "\(day)まで保存し、その後消去します。" : "It is kept until \(day), and then erased."
  }
}
