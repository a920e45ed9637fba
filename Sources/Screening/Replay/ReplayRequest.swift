import Cryptography
import EventStore

/// A what-if: other than the model in force, over the same history.
public struct ReplayRequest: Sendable {
  /// What is compared with the model in force.
  public enum Candidate: Sendable {
    /// Another training; it is computed and not recorded.
    case training(TrainRequest)
    /// A model that was recorded.
    case model(ModelNumber)
  }

  /// The opening replayed.
  public var opening: Opening
  /// What is compared.
  public var candidate: Candidate
  /// The model that it is compared with; `nil` for the one in force.
  public var against: ModelNumber?
  /// Basis points from which the what-if outcome is `review`; `nil` for the policy in force.
  public var threshold: Int?

  /// Describes a what-if.
  public init(
    opening: Opening, candidate: Candidate, against: ModelNumber? = nil, threshold: Int? = nil
  ) {
    self.opening = opening
    self.candidate = candidate
    self.against = against
    self.threshold = threshold
  }

  /// Describes another training.
  public init(
    opening: Opening, training: TrainRequest = TrainRequest(), threshold: Int? = nil
  ) {
    self.init(opening: opening, candidate: .training(training), threshold: threshold)
  }
}

/// How a what-if model was trained, in full: with it a replay can be repeated, or become a model.
public struct ReplayParameters: Sendable, Hashable, Codable {
  /// The opening.
  public var opening: String
  /// The cost of a misplaced label, if it was given.
  public var c: Double?
  /// The representation, if it was given.
  public var representation: String?
  /// The first event whose label could teach, if not all could.
  public var from: UInt64?
  /// The last event that the training saw.
  public var through: UInt64
  /// Only labels given at or after this time, RFC 3339.
  public var labelledSince: String?
  /// Only labels given before this time, RFC 3339.
  public var labelledBefore: String?
  /// `all` or `blind`.
  public var labels: String
  /// Only labels of this user.
  public var reader: UInt64?
  /// The analysis whose readings were used.
  public var analysis: String
  /// The text of the exclusion lexicon, if another than the one in force.
  public var lexicon: String?
}

extension ReplayParameters {
  init(_ request: TrainRequest, of opening: Opening, _ selection: LessonSelection) {
    self.init(
      opening: opening.slug, c: request.c, representation: request.representation,
      from: selection.from?.rawValue, through: selection.through.rawValue,
      labelledSince: request.labelledSince?.description,
      labelledBefore: request.labelledBefore?.description, labels: request.labels.rawValue,
      reader: request.reader?.rawValue, analysis: selection.analysis.hex, lexicon: request.lexicon)
  }

  /// The training that these parameters describe.
  ///
  /// - Throws: `.invalid`, naming the member that cannot be read.
  public func training() throws(ScreeningError) -> TrainRequest {
    func time(_ text: String?, _ name: String) throws(ScreeningError) -> Timestamp? {
      guard let text else { return nil }
      guard let time = Timestamp(asked: text, aDateIsIts: .beginning) else {
        throw .invalid("'\(name)' of the replay's parameters is no time.")
      }
      return time
    }
    guard let labels = TrainRequest.Labels(rawValue: labels) else {
      throw .invalid("'labels' of the replay's parameters is neither all nor blind.")
    }
    return TrainRequest(
      c: c, representation: representation, from: from.map { .position(Position(rawValue: $0)) },
      until: .position(Position(rawValue: through)),
      labelledSince: try time(labelledSince, "labelledSince"),
      labelledBefore: try time(labelledBefore, "labelledBefore"), labels: labels,
      reader: reader.map { UserNumber($0) }, analysis: analysis, lexicon: lexicon)
  }
}
