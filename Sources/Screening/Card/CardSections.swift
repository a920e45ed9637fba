/// A part of a card as it is shown: facts, a table, sentences.
///
/// The page and the terminal show the same sections, so that neither says what the other leaves out.
public struct CardSection: Sendable {
  /// What it is about.
  public var title: CardText
  /// Names with values.
  public var facts: [(name: CardText, value: String)] = []
  /// The head of a table.
  public var head: [CardText] = []
  /// The rows of the table.
  public var rows: [[String]] = []
  /// Sentences.
  public var sentences: [CardText] = []
  /// A diagram as SVG.
  public var plot: String?
}

extension ModelCard {
  /// The card's sections in the order they are read.
  public var sections: [CardSection] {
    [dataSection, worthSection, timeSection, limitSection, excludedSection, choiceSection, proof]
  }

  private var dataSection: CardSection {
    var section = CardSection(title: CardText("学んだデータ", "Data"))
    section.facts = [
      (CardText("ラベル", "Labels"), "OK \(data.labels.ok), NG \(data.labels.ng)"),
      (
        CardText("うちスコアを見ずに付けたもの", "Given with no score in view"),
        String(data.labels.blind)
      ),
      (CardText("期間", "Given from – to"), "\(data.first ?? "—") – \(data.last ?? "—")"),
      (CardText("ほぼ同じ書類の応募者", "Applicants with near duplicates"), known(data.duplicates)),
      (CardText("その後の消去", "Erased since"), String(data.erased)),
      (CardText("読んだ位置まで", "Through event"), String(through)),
      (CardText("語数", "Terms"), String(terms)),
      (CardText("除外語彙", "Exclusion lexicon"), "\(data.lexicon) \(data.lexiconDigest.prefix(12))"),
      (CardText("解析", "Analysis"), String(data.analysis.prefix(12))),
    ]
    return section
  }

  private var worthSection: CardSection {
    var section = CardSection(title: CardText("割合の確かさ", "How true the percentages are"))
    if let withheld { section.sentences += Withholding.sentence(for: withheld).map { [$0] } ?? [] }
    if let metrics {
      section.show(metrics)
      section.plot = metrics.plot
    }
    return section
  }

  private var timeSection: CardSection {
    var section = CardSection(
      title: CardText("前のラベルで学び、後のラベルで確かめる", "Learnt from earlier labels, tried on later ones"))
    if let from = overTime.from {
      section.facts.append((CardText("後のラベルの始まり", "Later labels from"), from))
      section.facts.append((CardText("学んだラベル", "Learnt from"), String(overTime.earlier)))
      if overTime.duplicates > 0 {
        section.facts.append(
          (
            CardText("前の応募者とほぼ同じ書類のため除いた人数", "Left out as near duplicates of the earlier"),
            String(overTime.duplicates)
          ))
      }
    }
    if let reason = overTime.reason {
      section.sentences.append(
        Withholding.sentence(for: reason) ?? CardText("示せません: \(reason)", "Not shown: \(reason)"))
    }
    if let metrics = overTime.metrics { section.show(metrics) }
    return section
  }

  private var limitSection: CardSection {
    CardSection(title: CardText("限界", "Limits"), sentences: limits)
  }

  private var excludedSection: CardSection {
    var section = CardSection(title: CardText("除外した語彙", "Excluded vocabulary"))
    guard let excluded else {
      section.sentences = Withholding.sentence(for: "erased").map { [$0] } ?? []
      return section
    }
    section.sentences = [
      CardText(
        "重みは、除外せずに学ばせた影のモデルのものです。影のモデルは保存されず、誰も判定しません。三人以上が書いた語だけを示します。",
        "Weights are of a shadow model that was told. It is not kept and judges nobody. Only terms that "
          + "three share are spelt.")
    ]
    section.head = [
      CardText("区分", "Matter"), CardText("語", "Term"), CardText("人数", "Applicants"),
      CardText("影の重み", "Shadow weight"),
    ]
    for matter in excluded {
      for term in matter.terms {
        section.rows.append([
          matter.category, term.term, String(term.applicants),
          term.weight.map { fixed($0, 4) } ?? "—",
        ])
      }
      if matter.rare > 0 {
        section.rows.append([matter.category, "(+\(matter.rare))", String(matter.applicants), "—"])
      }
    }
    return section
  }

  private var choiceSection: CardSection {
    var section = CardSection(title: CardText("選び方", "Choice"))
    section.facts = [
      (CardText("表現", "Representation"), representation), (CardText("C", "C"), "\(c)"),
    ]
    if !candidates.isEmpty {
      section.head = [
        CardText("表現", "Representation"), CardText("C", "C"), CardText("対数損失", "Log-loss"),
      ]
      section.rows = candidates.map {
        [$0.representation, "\($0.c)", $0.logLoss.map { fixed($0, 4) } ?? $0.dropped ?? "—"]
      }
    }
    return section
  }

  private var proof: CardSection {
    var section = CardSection(title: CardText("最適性の証明", "Proof of the optimum"))
    section.facts = [
      (CardText("主問題 P", "Primal P"), "\(certificate.primal)"),
      (CardText("双対 D", "Dual D"), "\(certificate.dual)"),
      (CardText("隔たり P − D", "Gap P − D"), "\(certificate.gap)"),
      (CardText("スコアの誤差は高々", "A score is off by at most"), fixed(certificate.scoreError, 4)),
      (CardText("周回", "Epochs"), String(certificate.epochs)),
      (CardText("算法", "Algorithm"), algorithm),
      (CardText("モデルのファイル", "Model file"), digest),
      (CardText("データ", "Data"), data.digest),
      (CardText("ラベルと読み取りの一覧", "Labels and readings"), data.manifest),
      (CardText("重み", "Weights"), certificate.weights),
      (CardText("双対変数", "Dual variables"), certificate.alphas),
    ]
    return section
  }

  private func known(_ count: Int?) -> String { count.map { String($0) } ?? "—" }
}

extension CardSection {
  /// Adds what metrics say.
  fileprivate mutating func show(_ metrics: CardMetrics) {
    let above = metrics.aboveThreshold
    facts += [
      (CardText("確かめた人数", "Held out"), String(metrics.count)),
      (CardText("OK の割合", "Base rate"), share(metrics.baseRate)),
      (
        CardText("対数損失(全員に OK の割合を告げた場合)", "Log-loss (of telling the base rate)"),
        "\(fixed(metrics.logLoss, 4)) (\(fixed(metrics.baseRateLogLoss, 4)))"
      ),
      (
        CardText("Brier(同)", "Brier (of telling the base rate)"),
        "\(fixed(metrics.brier, 4)) (\(fixed(metrics.baseRateBrier, 4)))"
      ),
      (CardText("正答率", "Accuracy"), share(metrics.accuracy)),
      (
        CardText(
          "\(share(Double(above.threshold) / 10_000)) 以上のうち OK",
          "OK among those of \(share(Double(above.threshold) / 10_000)) and more"),
        "\(above.ok)/\(above.count) = \(above.observed.map(share) ?? "—") "
          + "[\(share(above.interval[0])), \(share(above.interval[1]))]"
      ), (CardText("同、予測の平均", "Their mean prediction"), share(above.predicted)),
    ]
    head = [
      CardText("人数", "Applicants"), CardText("予測", "Predicted"), CardText("実際", "Observed"),
      CardText("90 % 区間", "90 % interval"),
    ]
    rows = metrics.reliability.map { bin in
      [
        String(bin.count), share(bin.predicted), share(bin.observed),
        "\(share(bin.interval[0])) – \(share(bin.interval[1]))",
      ]
    }
  }
}

/// A share as a percentage with one decimal.
private func share(_ value: Double) -> String { fixed(100 * value, 1) + " %" }

/// A number with a fixed number of decimals, rounded to the nearest.
func fixed(_ value: Double, _ digits: Int) -> String {
  var unit = 1.0
  for _ in 0..<digits { unit *= 10 }
  let scaled = (value * unit).rounded()
  guard scaled.magnitude < 0x1p53 else { return "\(value)" }
  let whole = Int(scaled.magnitude)
  let fraction = String(whole % Int(unit))
  let zeros = String(repeating: "0", count: max(digits - fraction.count, 0))
  return (scaled < 0 ? "-" : "") + "\(whole / Int(unit))"
    + (digits > 0 ? ".\(zeros)\(fraction)" : "")
}
