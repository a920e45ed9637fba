/// How far a part of long work has come.
public struct WorkProgress: Sendable, Hashable, Encodable {
  /// What is counted.
  public enum Part: String, Sendable, CaseIterable, Encodable {
    /// Applicants whose documents' words were opened.
    case applicants
    /// Solves of the training that is going on.
    case solves
    /// What-ifs that were compared.
    case replays
    /// Models that were trained again.
    case models
    /// Events that were checked, or folded.
    case events
  }

  /// What is counted.
  public let part: Part
  /// How many of them are done.
  public let done: Int
  /// How many there are.
  public let total: Int
}
