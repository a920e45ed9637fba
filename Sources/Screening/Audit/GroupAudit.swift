/// How declared groups fared, by the model and by people, side by side.
public struct GroupAudit: Sendable, Encodable {
  /// The tables of one attribute, of a pair of them, or of all together.
  public struct Table: Sendable, Encodable {
    /// The attribute; the names joined by ` × ` for an intersection.
    public let attribute: String
    /// Selected is who was scored above the median of everybody's percentages (the scoring rate).
    public let scoring: [GroupFigures]
    /// Selected is who was placed at or above the threshold.
    public let model: [GroupFigures]
    /// Of those labelled OK or NG, selected is who was labelled OK.
    public let people: [GroupFigures]
    /// The words that stand most unevenly in a group's documents.
    public let words: [Word]
  }

  /// A word that stands more often, or less, in the documents of a group than of the others.
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

  /// The opening.
  public let opening: String
  /// The last event that counts.
  public let through: UInt64
  /// How many applicants the figures are about: whole thirties, the erased among them.
  public let applicants: Int
  /// The median percentage, in basis points.
  @Nullable public var median: Int?
  /// By attribute, then by each pair of them, at last by all together where there are more than two.
  public let tables: [Table]
  /// The event that records the audit.
  public internal(set) var position: UInt64
}
