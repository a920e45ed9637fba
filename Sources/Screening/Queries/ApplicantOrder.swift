/// How a list of applicants is sorted.
public enum ApplicantOrder: String, Sendable, Hashable, CaseIterable, Codable {
  /// The highest number first.
  case newest = "-applicant"
  /// The lowest number first.
  case oldest = "applicant"
  /// The highest OK percentage first; those without one last, each by falling number.
  case highest = "-probability"
  /// Those without a percentage first, then the lowest.
  case lowest = "probability"
  /// The last to arrive first, each time by falling number.
  case latest = "-received"
  /// The first to arrive first.
  case earliest = "received"

  var rank: ApplicantRank {
    switch self {
    case .newest, .oldest: .number
    case .highest, .lowest: .probability
    case .latest, .earliest: .received
    }
  }

  /// Whether the bytes that sort applicants fall.
  var falls: Bool { self == .newest || self == .highest || self == .latest }

  func puts(_ one: [UInt8], before other: [UInt8]) -> Bool {
    falls ? other.lexicographicallyPrecedes(one) : one.lexicographicallyPrecedes(other)
  }
}
