import ArgumentParser
import Foundation

/// The language of tables and of what is said about a result; data and JSON have none.
enum Language: String, ExpressibleByArgument, CaseIterable {
  case ja, en

  /// Japanese where the environment's language is, else English.
  static var ofEnvironment: Language {
    let environment = ProcessInfo.processInfo.environment
    let language = environment["SENKO_LANG"] ?? environment["LC_ALL"] ?? environment["LANG"] ?? ""
    return language.hasPrefix("ja") ? .ja : .en
  }

  /// The word in this language.
  func callAsFunction(_ word: Word) -> String { self == .ja ? word.japanese : word.rawValue }

  /// A word of a table's head, in English as its raw value.
  enum Word: String {
    case number = "No."
    case name = "Name"
    case opening = "Opening"
    case received = "Received"
    case state = "State"
    case label = "Label"
    case by = "By"
    case probability = "OK"
    case outcome = "Next"
    case model = "Model"
    case flags = "Flags"
    case email = "Email"
    case role = "Role"
    case term = "Noun"
    case count = "Applicants"
    case contribution = "Part"
    case position = "Event"
    case time = "Time"
    case event = "What"
    case actor = "Who"
    case facts = "Facts"
    case gap = "Gap"
    case logLoss = "Log-loss"
    case brier = "Brier"
    case baseRate = "Base rate"
    case inForce = "In force"
    case digest = "Digest"
    case threshold = "Threshold"
    case scores = "Scores shown"
    case lexicon = "Lexicon"
    case readings = "Readings"
    case retention = "Days kept"

    var japanese: String {
      switch self {
      case .number: "番号"
      case .name: "氏名"
      case .opening: "職種"
      case .received: "受付"
      case .state: "状態"
      case .label: "判断"
      case .by: "判断者"
      case .probability: "OK度数"
      case .outcome: "次の段階"
      case .model: "モデル"
      case .flags: "注意"
      case .email: "メール"
      case .role: "役割"
      case .term: "名詞"
      case .count: "応募者数"
      case .contribution: "寄与"
      case .position: "記録"
      case .time: "日時"
      case .event: "出来事"
      case .actor: "誰が"
      case .facts: "内容"
      case .gap: "双対ギャップ"
      case .logLoss: "対数損失"
      case .brier: "Brier"
      case .baseRate: "OK率"
      case .inForce: "使用中"
      case .digest: "ダイジェスト"
      case .threshold: "しきい値"
      case .scores: "点数の表示"
      case .lexicon: "除外語彙"
      case .readings: "読み取り"
      case .retention: "保存日数"
      }
    }
  }
}
