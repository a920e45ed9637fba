/// How far a part of long work has come.
public struct WorkProgress: Sendable, Hashable, Encodable {
  /// What is counted.
  public enum Part: String, Sendable, CaseIterable, Encodable {
    /// Applicants who were looked at, or whose documents' words were opened.
    case applicants
    /// Solves of the training that is going on.
    case solves
    /// What-ifs that were compared.
    case replays
    /// Models that were trained again, or read.
    case models
    /// Events that were checked, or folded.
    case events
    /// Screenings that were explained.
    case screenings
    /// Tables of figures that were made.
    case tables
    /// Bytes of the log that were copied.
    case bytes
    /// Documents that were copied.
    case documents
  }

  /// What is counted.
  public let part: Part
  /// How many of them are done.
  public let done: Int
  /// How many there are.
  public let total: Int
}
