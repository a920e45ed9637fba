import EventStore

/// How many people with a label a training learnt nothing from, by what keeps their words from teaching.
public struct LeftOut: Sendable, Hashable, Encodable {
  /// None of their documents can be read.
  public private(set) var unreadable = 0
  /// What was read of them is none of their words: it is garbled, slanted or in another language.
  public private(set) var untrusted = 0
  /// What was read of them was read by another analysis, and not yet by this one.
  public private(set) var otherAnalysis = 0
  /// Their key is not there or damaged, though nobody has erased them, so that nothing of them can be opened.
  public internal(set) var lostKey = 0

  /// How many there are.
  public var total: Int { unreadable + untrusted + otherAnalysis + lostKey }

  /// Counts an applicant who has no reading under `analysis` whose words may teach.
  mutating func count(_ row: ApplicantRow, under analysis: String) {
    let readings = row.documents.map(\.readings)
    let mayTeach = readings.contains { readings in
      readings.contains(where: \.isTrusted) && !readings.contains { $0.analysis == analysis }
    }
    if mayTeach {
      otherAnalysis += 1
    } else if readings.allSatisfy(\.isEmpty) {
      unreadable += 1
    } else {
      untrusted += 1
    }
  }
}

extension LeftOut {
  /// Those who are, as an event says it.
  var json: JSONValue {
    eventData([
      "lostKey": lostKey > 0 ? JSONValue(lostKey) : nil,
      "otherAnalysis": otherAnalysis > 0 ? JSONValue(otherAnalysis) : nil,
      "unreadable": unreadable > 0 ? JSONValue(unreadable) : nil,
      "untrusted": untrusted > 0 ? JSONValue(untrusted) : nil,
    ])
  }

  /// Reads what `json` gave; `nil` for anything else.
  init?(_ json: JSONValue) {
    guard let members = json.object else { return nil }
    for member in members {
      guard let count = member.value.integer.map({ Int($0) }), count > 0 else { return nil }
      switch member.name {
      case "lostKey": lostKey = count
      case "otherAnalysis": otherAnalysis = count
      case "unreadable": unreadable = count
      case "untrusted": untrusted = count
      default: return nil
      }
    }
  }
}

extension LeftOut {
  /// Who they are and what to do about them; `nil` where there is nobody.
  public var sentence: CardText? {
    guard total > 0 else { return nil }
    var parts: [CardText] = []
    if unreadable > 0 {
      parts.append(
        CardText(
          "書類を読み取れない人 \(unreadable) 人(理由は 'senko applicant' が書類ごとに示します)",
          "\(unreadable) whose documents cannot be read ('senko applicant' says why)"))
    }
    if untrusted > 0 {
      parts.append(
        CardText(
          "読み取った語を信頼できない人 \(untrusted) 人(理由は 'senko applicant' が書類ごとに示します)",
          "\(untrusted) whose words cannot be trusted ('senko applicant' says why)"))
    }
    if otherAnalysis > 0 {
      parts.append(
        CardText(
          "別の解析で読み取った人 \(otherAnalysis) 人('senko reread' で読み直し、学び直してください)",
          "\(otherAnalysis) read by another analysis (read again with 'senko reread', and train again)"
        ))
    }
    if lostKey > 0 {
      parts.append(
        CardText(
          "鍵が失われ、記録を開けない人 \(lostKey) 人('senko verify' で調べ、バックアップから 'senko repair' で戻し、学び直してください)",
          "\(lostKey) whose key is lost (look with 'senko verify', put it back from a backup with 'senko repair', and "
            + "train again)"))
    }
    return CardText(
      "判断のある応募者のうち、\(total) 人からは学んでいません: " + parts.map(\.ja).joined(separator: "、") + "。",
      "Of those with a label, \(total) taught nothing: " + parts.map(\.en).joined(separator: ", ")
        + ".")
  }
}
