extension Dossier {
  /// The dossier as a page to print.
  ///
  /// It shows what happened, what was computed and from which words, and how to check it; the proofs
  /// themselves stand in the JSON form.
  public func html(in language: CardLanguage) -> String {
    let title = CardText("選考記録", "Dossier")(language) + " \(applicant)"
    return htmlPage(
      title: title, in: language,
      body: "<h1>\(escaped(title))</h1>\n" + summary(in: language) + timeline(in: language)
        + screenings.map { $0.html(in: language) }.joined() + checking(in: language))
  }

  private func summary(in language: CardLanguage) -> String {
    func told(_ member: String) -> [String] {
      opened.compactMap { value in
        guard value.member == member, let text = value.text,
          history.contains(where: { $0.position == value.position })
        else { return nil }
        return text
      }
    }
    var facts = told("name").map { (name: CardText("氏名", "Name"), value: $0) }
    facts += told("kana").map { (CardText("氏名(カナ)", "Name in kana"), $0) }
    facts += told("email").map { (CardText("メール", "Mail"), $0) }
    facts += told("address").map { (CardText("住所", "Address"), $0) }
    facts.append((CardText("時点（記録の通し番号）", "As of (position of the log)"), String(position)))
    if erased {
      facts.append(
        (
          CardText("状態", "State"),
          CardText("消去済み：本人の情報は残っていない", "erased: nothing personal remains")(language)
        ))
    }
    return htmlFacts(facts, in: language)
  }

  private func timeline(in language: CardLanguage) -> String {
    let head = [
      CardText("番号", "Event"), CardText("日時", "When"), CardText("出来事", "What"),
      CardText("操作した人", "By"), CardText("理由", "Reason"),
    ]
    let rows = history.map { entry in
      let recorded = timeInJapan(entry.at, in: language)
      let happened = entry.happened.map { timeInJapan($0, in: language) }
      var by = actorTitle(entry.actor, in: language)
      if let named = entry.onBehalfOf.map({ actorTitle($0, in: language) }) {
        by += CardText("（申告：\(named)）", " (named: \(named))")(language)
      }
      return [
        String(entry.position),
        happened.map { CardText("\($0)（記録 \(recorded)）", "\($0) (recorded \(recorded))")(language) }
          ?? recorded, entry.title(in: language), by,
        entry.reason ?? "",
      ]
    }
    return "<h2>\(CardText("経過", "What happened")(language))</h2>\n"
      + htmlTable(head: head.map { $0(language) }, rows)
  }

  private func checking(in language: CardLanguage) -> String {
    let sentence = CardText(
      "この記録の JSON 形式は、次の二つの命令で誰でも確かめられます。senko は要りません。ここにある出来事が"
        + "記録されていることの証明であり、ほかに出来事がないことは、記録全体の書き出しが証明します。",
      "Anybody can check the JSON form of this dossier by these two commands, without senko. It proves that these "
        + "events are recorded; that there are no others, the export of the whole log proves.")
    return """
      <h2>\(CardText("検証", "How to check it")(language))</h2>
      <p>\(escaped(sentence(language)))</p>
      <pre>verify-log.py --dossier DOSSIER.json --key '\(escaped(key))'
      verify-score.py DOSSIER.json</pre>
      <pre>\(escaped(checkpoint))</pre>

      """
  }
}

extension Dossier.Screening {
  fileprivate func html(in language: CardLanguage) -> String {
    let title = CardText("点数の根拠", "What gave the score")(language)
    var facts: [(name: CardText, value: String)] = []
    func fact(_ name: CardText, _ value: String) { facts.append((name, value)) }
    if let probability = explanation.probability {
      var percent = percentage(probability)
      if let interval = explanation.interval, interval.count == 2 {
        percent += CardText("（90 % 区間 ", " (90 % interval ")(language)
        percent += "\(percentage(interval[0]))–\(percentage(interval[1]))"
        percent += CardText("）", ")")(language)
      }
      fact(CardText("OK度数", "OK percentage"), percent)
    } else {
      let reason = explanation.reason.map { Withholding.sentence(for: $0)?(language) ?? $0 }
      fact(CardText("OK度数なし", "No percentage"), reason ?? "")
    }
    fact(CardText("基準", "Threshold"), percentage(explanation.threshold))
    fact(CardText("扱い", "What was to be done"), explanation.outcome.title(in: language))
    if let model = explanation.model {
      fact(CardText("モデル", "Model"), String(model))
    }
    if let training = explanation.training {
      fact(
        CardText("学習に使われた判断", "Labels it learnt from"),
        "OK \(training.labels.ok), NG \(training.labels.ng)")
    }
    if let score = explanation.score { fact(CardText("点数（ビット）", "Score (bits)"), score) }
    fact(
      CardText("モデルが知らない名詞（異なり語数）", "Different nouns unknown to the model"),
      String(explanation.unknown))
    fact(
      CardText(
        "判断に使わないため除いた語（延べ）", "Occurrences of words left out because they must not decide"),
      String(explanation.excluded))
    let head = [CardText("語", "Word"), CardText("回数", "Times"), CardText("寄与", "Part")]
    let parts = zip(words, explanation.contributions)
      .sorted { abs($0.1.valueDecimal) > abs($1.1.valueDecimal) }
      .map { [$0.word, String($0.count), decimal($1.valueDecimal)] }
    return "<h2>\(title): \(explanation.screening)</h2>\n" + htmlFacts(facts, in: language)
      + (parts.isEmpty ? "" : htmlTable(head: head.map { $0(language) }, parts))
  }
}

/// Basis points as a percentage with as many decimals as they have.
private func percentage(_ basisPoints: Int) -> String {
  let rest = basisPoints % 100
  return "\(basisPoints / 100)\(rest == 0 ? "" : rest < 10 ? ".0\(rest)" : ".\(rest)") %"
}

/// Four decimals, with the sign.
private func decimal(_ value: Double) -> String {
  let ten = Int((abs(value) * 10_000).rounded())
  let digits = String(ten % 10_000)
  return (value < 0 ? "−" : "+") + "\(ten / 10_000)."
    + String(repeating: "0", count: 4 - digits.count) + digits
}
