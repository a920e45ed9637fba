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
  ///
  /// - Parameter language: that of values which are words; names and sentences have both.
  public func sections(in language: CardLanguage) -> [CardSection] {
    (warnings.isEmpty ? [] : [warningSection])
      + [
        dataSection(in: language), worthSection, timeSection(in: language), limitSection,
        excludedSection(in: language),
        choiceSection, proof,
      ]
  }

  private var warningSection: CardSection {
    CardSection(title: CardText("最初にお読みください", "Read this first"), sentences: warnings.map(\.text))
  }

  private func dataSection(in language: CardLanguage) -> CardSection {
    var section = CardSection(title: CardText("学んだデータ", "Data"))
    section.facts = [
      (CardText("判断", "Labels"), "OK \(data.labels.ok), NG \(data.labels.ng)"),
      (
        CardText("うち点数を見ずに下したもの", "Given with no score in view"),
        String(data.labels.blind)
      ),
      (CardText("学ばなかった人", "Taught nothing"), known(data.leftOut?.total)),
      (CardText("期間", "Given from – to"), period(in: language) ?? "—"),
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
    var section = CardSection(title: CardText("OK度数の確かさ", "How true the percentages are"))
    if let withheld { section.sentences += Withholding.sentence(for: withheld).map { [$0] } ?? [] }
    if let metrics {
      section.show(metrics)
      section.plot = metrics.plot
    }
    return section
  }

  private func timeSection(in language: CardLanguage) -> CardSection {
    var section = CardSection(
      title: CardText("以前の判断で学び、後の判断で確かめる", "Learnt from earlier labels, tried on later ones"))
    if let from = overTime.from {
      section.facts.append(
        (CardText("後の判断の始まり", "Later labels from"), timeInJapan(from, in: language)))
      section.facts.append((CardText("学んだ判断", "Learnt from"), String(overTime.earlier)))
      if overTime.duplicates > 0 {
        section.facts.append(
          (
            CardText("以前の応募者とほぼ同じ書類のため除いた人数", "Left out as near duplicates of the earlier"),
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

  private func excludedSection(in language: CardLanguage) -> CardSection {
    var section = CardSection(title: CardText("除外した語彙", "Excluded vocabulary"))
    guard let excluded else {
      section.sentences = Withholding.sentence(for: "erased").map { [$0] } ?? []
      return section
    }
    section.sentences = [
      CardText(
        "重みは、除外せずに学んだ比較用のモデルのものです。そのモデルは保存せず、誰の判定にも使いません。三人以上が書いた語だけを示します。",
        "Weights are of a shadow model trained without the exclusion. It is not kept and judges nobody. Only "
          + "terms that at least three people wrote are shown.")
    ]
    section.head = [
      CardText("区分", "Matter"), CardText("語", "Term"), CardText("人数", "Applicants"),
      CardText("比較用モデルの重み", "Shadow weight"),
    ]
    for matter in excluded {
      let title = matter.title(in: language)
      for term in matter.terms {
        section.rows.append([
          title, term.term, String(term.applicants),
          term.weight.map { fixed($0, 4) } ?? "—",
        ])
      }
      if matter.rare > 0 {
        section.rows.append([title, "(+\(matter.rare))", String(matter.applicants), "—"])
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
      (CardText("主問題の値 P", "Primal P"), "\(certificate.primal)"),
      (CardText("双対問題の値 D", "Dual D"), "\(certificate.dual)"),
      (CardText("双対ギャップ P − D", "Duality gap P − D"), "\(certificate.gap)"),
      (CardText("点数の誤差の上限", "A score is off by at most"), fixed(certificate.scoreError, 4)),
      (CardText("反復回数", "Epochs"), String(certificate.epochs)),
      (CardText("アルゴリズム", "Algorithm"), algorithm),
      (CardText("モデルのファイル", "Model file"), digest),
      (CardText("データ", "Data"), data.digest),
      (CardText("判断と読み取りの一覧", "Labels and readings"), data.manifest),
      (CardText("重み", "Weights"), certificate.weights),
      (CardText("双対変数", "Dual variables"), certificate.alphas),
    ]
    return section
  }

  private func period(in language: CardLanguage) -> String? {
    guard let first = data.first, let last = data.last else { return nil }
    return "\(timeInJapan(first, in: language)) – \(timeInJapan(last, in: language))"
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
        CardText("対数損失(全員に OK の割合を告げた場合)", "Log-loss (if everybody were told the base rate)"),
        "\(fixed(metrics.logLoss, 4)) (\(fixed(metrics.baseRateLogLoss, 4)))"
      ),
      (
        CardText("Brier スコア(同)", "Brier score (likewise)"),
        "\(fixed(metrics.brier, 4)) (\(fixed(metrics.baseRateBrier, 4)))"
      ),
      (CardText("正答率", "Accuracy"), share(metrics.accuracy)),
      (
        CardText(
          "\(share(Double(above.threshold) / 10_000)) 以上のうち OK",
          "OK among those at or above \(share(Double(above.threshold) / 10_000))"),
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
