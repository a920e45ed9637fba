import EventStore

/// How declared groups fared, by the model and by people, side by side.
///
/// What it may tell, `KnownClasses` says.
public struct GroupAudit: Sendable, Encodable {
  /// The table of one attribute, of a pair of them, or of all together.
  public struct Table: Sendable, Encodable {
    /// The attribute; the names joined by ` × ` for an intersection.
    public let attribute: String
    /// Selected is who was scored above the median of everybody's percentages (the scoring rate); empty when not told.
    public let scoring: [GroupFigures]
    /// Selected is who was placed at or above the threshold; empty when not told.
    public let model: [GroupFigures]
    /// Selected is who was labelled OK; empty when not told.
    public let people: [GroupFigures]
    /// Words of the documents that the percentages are about, of each group the most uneven first.
    public let words: [Word]
  }

  /// How often a word stands in the documents of a group, and of the others.
  public struct Word: Sendable, Encodable {
    /// The group.
    public let group: String
    /// The word.
    public let term: String
    /// The share of the group whose documents have it.
    public let share: Double
    /// The share of the others.
    public let others: Double
  }

  /// The opening that people registered for.
  public let opening: String
  /// The last event that counts.
  public let through: UInt64
  /// How many people the figures are about: those with a decision and a percentage whom no earlier report counted.
  public let applicants: Int
  /// How many more had applied and are in no report, as they had no decision or no percentage.
  public let waiting: Int
  /// How many of the people of the figures are in no count of words, as no document of theirs can be trusted any more.
  public let wordless: Int
  /// The median percentage, in basis points.
  public let median: Int
  /// By attribute, then by each pair of them, at last by all together where there are more than two.
  ///
  /// Only those that may be told. Whom a report with none is about, the next one counts.
  public let tables: [Table]
  /// The event that records the audit.
  public internal(set) var position: UInt64
}

extension GroupAudit {
  /// Computes the shares of what was recorded.
  init(_ record: GroupRecord, of event: AuditReported) {
    self.init(
      opening: event.opening.slug, through: event.through.rawValue, applicants: record.applicants,
      waiting: record.waiting, wordless: record.wordless, median: record.median,
      tables: record.tables.map { Table($0) }, position: 0)
  }
}

extension GroupAudit.Table {
  fileprivate init(_ table: GroupRecord.Table) {
    func figures(_ selection: GroupRecord.Selection) -> [GroupFigures] {
      GroupFigures.table(
        table.rows.compactMap { row in
          row.selected[selection].map { (row.group, row.count, $0) }
        })
    }
    let everybody = table.rows.map(\.count).reduce(0, +)
    var sizes: [String: Int] = [:]
    for row in table.rows { sizes[row.group] = row.count }
    let words = table.words.compactMap { word -> GroupAudit.Word? in
      guard let size = sizes[word.group], size > 0, everybody > size else { return nil }
      return GroupAudit.Word(
        group: word.group, term: word.term, share: Double(word.have) / Double(size),
        others: Double(word.others) / Double(everybody - size))
    }
    self.init(
      attribute: table.attribute, scoring: figures(.scoring), model: figures(.model),
      people: figures(.people),
      words: words.sorted { ($0.group, $1.gap, $0.term) < ($1.group, $0.gap, $1.term) })
  }
}

extension GroupAudit.Word {
  fileprivate var gap: Double { abs(share - others) }
}
