import EventStore

/// What a group audit told, in whole numbers, as the log keeps it.
struct GroupRecord: Sendable, Equatable {
  /// What somebody was selected by.
  ///
  /// In the order in which they are told where not all can be.
  enum Selection: String, CaseIterable, Sendable {
    /// Labelled OK.
    case people
    /// Placed at or above the threshold.
    case model
    /// Scored above the median.
    case scoring
  }

  /// A row of a table.
  struct Row: Sendable, Equatable {
    var group: String
    var count: Int
    /// How many were selected; only by what is told.
    var selected: [Selection: Int]
  }

  /// A word in the documents of a group.
  struct Word: Sendable, Equatable {
    var group: String
    var term: String
    /// How many of the group have it.
    var have: Int
    /// How many of the others have it.
    var others: Int
  }

  /// The table of one attribute or several.
  struct Table: Sendable, Equatable {
    var attribute: String
    var rows: [Row]
    var words: [Word]
  }

  /// How many people the figures are about.
  var applicants: Int
  /// How many more had applied and are in no report: without a decision or a percentage.
  var waiting: Int
  /// How many of those whom the figures are about have no words, as no reading of theirs can be trusted.
  var wordless = 0
  /// The median percentage, in basis points.
  var median: Int
  /// The tables; none when nothing could be told.
  var tables: [Table]
}

extension GroupRecord {
  var json: JSONValue {
    // Early records do not have it, and are told again byte for byte.
    eventData([
      "applicants": JSONValue(applicants), "median": JSONValue(median),
      "tables": .array(tables.map(\.json)), "waiting": JSONValue(waiting),
      "wordless": wordless > 0 ? JSONValue(wordless) : nil,
    ])
  }

  /// Reads what `json` gave; `nil` for anything else.
  init?(_ json: JSONValue) {
    guard let applicants = json.count("applicants"), let waiting = json.count("waiting"),
      let median = json.count("median"), let tables = json["tables"]?.array
    else { return nil }
    self.init(
      applicants: applicants, waiting: waiting, wordless: json.count("wordless") ?? 0,
      median: median, tables: [])
    for table in tables {
      guard let table = Table(table) else { return nil }
      self.tables.append(table)
    }
  }
}

extension GroupRecord.Table {
  fileprivate var json: JSONValue {
    [
      "attribute": .string(attribute),
      "rows": .array(
        rows.map { row in
          var members: JSONObject = ["count": JSONValue(row.count), "group": .string(row.group)]
          for (selection, count) in row.selected {
            members[selection.rawValue] = JSONValue(count)
          }
          return .object(members)
        }),
      "words": .array(
        words.map { word in
          [
            "group": .string(word.group), "have": JSONValue(word.have),
            "others": JSONValue(word.others), "term": .string(word.term),
          ]
        }),
    ]
  }

  fileprivate init?(_ json: JSONValue) {
    guard let attribute = json["attribute"]?.string, let rows = json["rows"]?.array,
      let words = json["words"]?.array
    else { return nil }
    self.init(attribute: attribute, rows: [], words: [])
    for row in rows {
      guard let group = row["group"]?.string, let count = row.count("count") else { return nil }
      var selected: [GroupRecord.Selection: Int] = [:]
      for selection in GroupRecord.Selection.allCases {
        selected[selection] = row.count(selection.rawValue)
      }
      self.rows.append(.init(group: group, count: count, selected: selected))
    }
    for word in words {
      guard let group = word["group"]?.string, let term = word["term"]?.string,
        let have = word.count("have"), let others = word.count("others")
      else { return nil }
      self.words.append(.init(group: group, term: term, have: have, others: others))
    }
  }
}

extension JSONValue {
  fileprivate func count(_ name: String) -> Int? { self[name]?.integer.map { Int($0) } }
}
