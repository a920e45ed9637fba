public import EventStore
import Projections

/// What whoever watches over an office wants to know.
public struct OfficeStatistics: Sendable {
  /// The log's last position.
  public let head: Position
  /// The generation of the wrapping key; each erasure adds one.
  public let generation: UInt64
  /// The log.
  public let log: LogStatistics
  /// Bytes of the views' file in use, free pages within it included.
  public let viewsSize: Int
  /// The most reader slots of the views that were ever in use at once, of all processes.
  public let viewsReaders: Int
  /// Events of the log that the views have not folded.
  public let lag: UInt64
}

extension Office {
  /// How full and how busy the office is; folds nothing.
  public func statistics() throws(ScreeningError) -> OfficeStatistics {
    let head = try recorded { () throws(EventLogError) in try log.head }
    let state = try recorded { () throws(ViewError) in try views.statistics(at: head) }
    return OfficeStatistics(
      head: head, generation: try generation,
      log: try recorded { () throws(EventLogError) in try log.statistics }, viewsSize: state.size,
      viewsReaders: state.readers, lag: state.lag)
  }

  /// Frees what readers of the log and of the views hold whose process is gone, so that neither file grows for
  /// them.
  ///
  /// To be called every minute or so.
  public func clearStaleReaders() throws(ScreeningError) {
    _ = try recorded { () throws(EventLogError) in try log.clearStaleReaders() }
    _ = try recorded { () throws(ViewError) in try views.clearStaleReaders() }
  }
}
