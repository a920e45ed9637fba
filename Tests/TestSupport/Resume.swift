/// A résumé whose nouns tell, but not alone, whether its writer is skilled.
public func resume(skilled: Bool, _ seed: Int) -> String {
  var random = SplitMix64(seed: UInt64(seed))
  let common = ["会社", "顧客", "提案", "資料", "会議", "研修", "報告", "部署", "期間", "担当"]
  let skills = ["設計", "開発", "試験", "改善", "自動化", "監視", "分析", "基盤"]
  let others = ["接客", "販売", "清掃", "在庫", "店舗", "陳列", "配送", "受付"]
  let chosen =
    common.shuffled(using: &random).prefix(6)
    + (skilled ? skills : others).shuffled(using: &random).prefix(5)
    + (skilled ? others : skills).shuffled(using: &random).prefix(2)
  return "職務経歴書\n" + chosen.map { "\($0)を経験しました。" }.joined(separator: "\n") + "\n"
}
