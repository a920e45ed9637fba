public import ArgumentParser
public import EventStore
public import Screening

// The domain's words are spelled on the command line as in JSON.

extension Label: ExpressibleByArgument {}
extension LabelPurpose: ExpressibleByArgument {
  /// The purposes that `label` takes: an import alone records labels of the past.
  public static let allValueStrings = allCases.filter { $0 != .history }.map(\.rawValue)
}
extension ApplicantState: ExpressibleByArgument {}
extension Outcome: ExpressibleByArgument {}
extension ApplicantFlag: ExpressibleByArgument {}
extension Queue: ExpressibleByArgument {}
extension ApplicantOrder: ExpressibleByArgument {}
extension ScoreDisplay: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}
extension TrainRequest.Labels: ExpressibleByArgument {}

// Numbers and places are bounded as events can hold them; what lies outside never reaches a command.

extension Number: ExpressibleByArgument {
  /// Reads digits; there is no number 0.
  public init?(argument: String) {
    guard let position = Position(argument: argument), position > .zero else { return nil }
    self.init(position.rawValue)
  }
}

extension Position: ExpressibleByArgument {
  /// Reads digits.
  public init?(argument: String) {
    guard let moment = AsOf(argument: argument), case .position(let position) = moment else {
      return nil
    }
    self = position
  }
}

extension AsOf: ExpressibleByArgument {
  /// Reads what ``Screening/AsOf/init(parsing:aDateIsIts:)`` reads; a date stands for its end.
  public init?(argument: String) {
    guard let moment = try? AsOf(parsing: argument) else { return nil }
    self = moment
  }
}

/// Where a range of the log begins: a date stands for its first moment.
struct RangeStart: Sendable, ExpressibleByArgument {
  var moment: AsOf

  init?(argument: String) {
    guard let moment = try? AsOf(parsing: argument, aDateIsIts: .beginning) else { return nil }
    self.moment = moment
  }
}

/// A time at which a range begins, or before which it ends: a date stands for its first moment.
struct Beginning: Sendable, ExpressibleByArgument {
  var time: Timestamp

  init?(argument: String) {
    guard let time = Timestamp(asked: argument, aDateIsIts: .beginning) else { return nil }
    self.time = time
  }
}

/// A state that `state` records: erasure is a command of its own, which the refusal of it names.
struct RecordedState: ExpressibleByArgument {
  static let allValueStrings = ApplicantState.allCases.filter { $0 != .erased }.map(\.rawValue)

  let state: ApplicantState

  init?(argument: String) {
    guard let state = ApplicantState(rawValue: argument) else { return nil }
    self.state = state
  }
}
