import EventStore
import Projections

extension ScreeningError {
  /// What a failure of the log means to the domain.
  init(_ error: EventLogError) {
    switch error {
    case .diskFull, .unfinished(_, .diskFull): self.init(.diskFull, error.message)
    case .erased, .erasedContent: self.init(.erased, error.message)
    case .conflictingContent, .streamChanged: self.init(.conflict, error.message)
    case .damaged, .unreadable, .inconsistent, .unrestored: self.init(.damaged, error.message)
    case .invalid: self.init(.invalid, error.message)
    case .cancelled: self.init(.cancelled, error.message)
    default: self.init(.unavailable, error.message)
    }
  }

  /// What a failure of the views means to the domain.
  init(_ error: ViewError) {
    switch error {
    case .log(let cause): self.init(cause)
    case .diskFull: self.init(.diskFull, error.description)
    case .unreadableRow(let table):
      self.init(
        .unavailable,
        "A row of the view '\(table)' cannot be read. Run 'senko rebuild' to fold the views anew.")
    default: self.init(.unavailable, error.description)
    }
  }
}

/// Runs `body`, translating a failure of the log.
func recorded<Value>(
  _ body: () throws(EventLogError) -> Value
) throws(ScreeningError) -> Value {
  do { return try body() } catch { throw ScreeningError(error) }
}

/// Runs `body`, translating a failure of the views.
func recorded<Value>(_ body: () throws(ViewError) -> Value) throws(ScreeningError) -> Value {
  do { return try body() } catch { throw ScreeningError(error) }
}
