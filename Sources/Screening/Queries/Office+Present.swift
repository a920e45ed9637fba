public import EventStore
import Projections
import Synchronization

/// What is now for a query.
///
/// Whoever appends folds before answering. So what any process has answered for is folded, and a query need not
/// wait until what another process is recording at this moment is.
extension Office {
  /// The position that queries about the present answer as of.
  ///
  /// It covers everything that any process had answered for, and never goes back, though views may be folded anew.
  /// It may be ahead of what is folded: then whoever queries folds.
  public var present: Position {
    get throws(ScreeningError) {
      let folded = try recorded { () throws(ViewError) in try views.folded() }
      return told.withLock { told in
        told = max(told, folded, log.answered)
        return told
      }
    }
  }

  /// Folds what was appended, to be called before it is answered for.
  ///
  /// What was appended stands, even if it cannot be folded: the next query meets the same failure, and says so.
  func foldAppended() async {
    try? await offPool { [self] () throws(ScreeningError) in _ = try catchUp() }
  }
}
