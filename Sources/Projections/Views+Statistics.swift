public import EventStore
import LMDB

/// How full the views are and how far behind the log.
public struct ViewStatistics: Sendable, Hashable {
  /// Bytes of the file in use, free pages within it included.
  public let size: Int
  /// The most reader slots that were ever in use at once, of all processes.
  public let readers: Int
  /// Events of the log that some projection has not folded, patient ones aside.
  public let lag: UInt64
}

extension Views {
  /// How full the views are and how far behind a log that ends at `head`.
  ///
  /// - Complexity: O(projections).
  public func statistics(at head: Position) throws(ViewError) -> ViewStatistics {
    let folded = min(try folded(), head)
    let info: EnvironmentInfo
    do { info = try environment.info } catch {
      throw ViewError(error, operation: "read", directory: directory)
    }
    return ViewStatistics(
      size: info.usedSize, readers: info.readers, lag: head.rawValue - folded.rawValue)
  }

  /// Frees what readers of other processes hold that are gone, as `EventLog.clearStaleReaders` does for the log,
  /// and returns how many there were.
  @discardableResult
  public func clearStaleReaders() throws(ViewError) -> Int {
    do { return try environment.checkReaders() } catch {
      throw ViewError(error, operation: "written", directory: directory)
    }
  }
}

extension Views {
  /// How many entries a table has.
  ///
  /// - Complexity: O(1).
  public func count(of table: ViewTable) throws(ViewError) -> Int {
    try read { (transaction) throws(LMDBError) in
      guard let handle = handles[table] else { return 0 }
      return try transaction.count(handle)
    }
  }
}
