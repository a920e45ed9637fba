/// How the counts of an applicant's terms become a vector; every vector is scaled to length 1.
public enum Representation: UInt8, Sendable, Hashable, CaseIterable {
  /// 1 for a term that occurs.
  case binary = 0
  /// 1 + ln of the count.
  case logTF = 1
  /// For a term that occurs, 1 and the size of its naive Bayes log-count ratio (Wang and Manning, ACL
  /// 2012), fitted on the very rows that the solver sees.
  case naiveBayes = 2

  /// The name in events and on the command line.
  public var slug: String {
    switch self {
    case .binary: "binary"
    case .logTF: "log-tf"
    case .naiveBayes: "naive-bayes"
    }
  }

  /// The representation of this name.
  public init?(slug: String) {
    switch slug {
    case "binary": self = .binary
    case "log-tf": self = .logTF
    case "naive-bayes": self = .naiveBayes
    default: return nil
    }
  }
}
