import EventStore
import TestSupport

@testable import Screening

/// Runs `body` with an office over a new data folder.
func withOffice(_ body: (Office) async throws -> Void) async throws {
  try await withTemporaryDirectory { directory in
    let office = try Office.open(
      OfficeConfiguration(directory: directory + "/data", worker: product("senko-worker")),
      create: true)
    defer { office.close() }
    try await body(office)
  }
}

/// A résumé whose nouns tell, but not alone, whether its writer is skilled.
func resume(skilled: Bool, _ seed: Int) -> String {
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
