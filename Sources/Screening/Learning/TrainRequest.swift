public import EventStore
import LinearSVM

/// What a training is asked for; everything left out is chosen by the data.
public struct TrainRequest: Sendable, Hashable {
  /// Which labels count.
  public enum Labels: String, Sendable, Hashable, CaseIterable {
    /// All that teach.
    case all
    /// Only those given with no score in view.
    case blind
  }

  /// The representations that there are.
  public static let representations = Representation.allCases.map(\.slug)

  /// The cost of a misplaced label; `nil` chooses by out-of-fold log-loss.
  public var c: Double?
  /// `binary`, `log-tf` or `naive-bayes`; `nil` chooses by out-of-fold log-loss.
  public var representation: String?
  /// The first event whose label may teach; `nil` for all.
  ///
  /// Documents and registrations may be older. A time is looked up in the log when the training begins.
  public var from: AsOf?
  /// The last event that the training may see; `nil` for all.
  ///
  /// A time is looked up as that of `from` is.
  public var until: AsOf?
  /// Only labels given at or after this time.
  public var labelledSince: Timestamp?
  /// Only labels given before this time.
  public var labelledBefore: Timestamp?
  /// Which labels count.
  public var labels: Labels
  /// Only labels of this reader.
  public var reader: UserNumber?
  /// The analysis whose readings are used, in hexadecimal; `nil` for the one that all share.
  public var analysis: String?
  /// The text of an exclusion lexicon; `nil` for the one in force at `until`.
  public var lexicon: String?

  /// A request that leaves everything to the data.
  public init(
    c: Double? = nil, representation: String? = nil, from: AsOf? = nil,
    until: AsOf? = nil, labelledSince: Timestamp? = nil, labelledBefore: Timestamp? = nil,
    labels: Labels = .all,
    reader: UserNumber? = nil, analysis: String? = nil, lexicon: String? = nil
  ) {
    self.c = c
    self.representation = representation
    self.from = from
    self.until = until
    self.labelledSince = labelledSince
    self.labelledBefore = labelledBefore
    self.labels = labels
    self.reader = reader
    self.analysis = analysis
    self.lexicon = lexicon
  }
}

extension TrainRequest {
  /// The training as a command, for one opening or for all.
  func command(for opening: Opening?) -> Command {
    Command(
      "train",
      [
        "analysis": analysis.map { .string($0) },
        "c": c.map { JSONValue(bits: $0) },
        "from": from?.json,
        "labelledBefore": labelledBefore.map { .string($0.description) },
        "labelledSince": labelledSince.map { .string($0.description) },
        "labels": .string(labels.rawValue),
        "lexicon": lexicon.map { .string($0) },
        "opening": opening.map { .string($0.slug) },
        "reader": reader.map { JSONValue($0) },
        "representation": representation.map { .string($0) },
        "until": until?.json,
      ])
  }

  /// The request as the learner takes it.
  ///
  /// - Throws: `.invalid` for a C out of ``LinearSVM/TrainingOptions/costs``, an unknown representation, or a position
  ///   or number that there cannot be.
  func trainingOptions() throws(ScreeningError) -> TrainingOptions {
    if let c, !TrainingOptions.costs.contains(c) {
      throw .invalid(
        "C is not between 2^-20 and 2^20. Give a number like 0.25, or leave it to the data.")
    }
    for case let number? in [from?.position?.rawValue, until?.position?.rawValue, reader?.rawValue]
    where !(1...Position.largest.rawValue).contains(number) {
      throw .invalid("A position or number is 0, or 2^53 or larger. There are none; correct it.")
    }
    var options = TrainingOptions()
    options.c = c
    if let representation {
      guard let known = Representation(slug: representation) else {
        throw .invalid(
          "There is no representation '\(representation)'. There are "
            + "\(Self.representations.joined(separator: ", ")).")
      }
      options.representation = known
    }
    return options
  }
}
