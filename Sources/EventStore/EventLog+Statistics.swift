import LMDB

/// How full a log is and how busy, for whoever watches over it.
public struct LogStatistics: Sendable, Hashable {
  /// Bytes of the file in use, free pages within it included.
  public let size: Int
  /// Bytes that the file may grow to.
  public let capacity: Int
  /// The most reader slots that were ever in use at once, of all processes.
  public let readers: Int
  /// Appends that wait for the writer of this process.
  public let waiting: Int
  /// The transactions of this process, from their begin to their end on the disk.
  public let commits: TimeHistogram
}

extension EventLog {
  /// How full the log is and how busy.
  ///
  /// - Complexity: O(1).
  public var statistics: LogStatistics {
    get throws(EventLogError) {
      let info = try stored { () throws(LMDBError) in try environment.info }
      return LogStatistics(
        size: info.usedSize, capacity: info.mapSize, readers: info.readers,
        waiting: writer.waiting, commits: writer.commits)
    }
  }

  /// Frees what readers of other processes hold that are gone, and returns how many there were.
  ///
  /// What a process held that was killed while it read keeps pages from being used again, so that the file grows
  /// with every commit. Appending does this every few commits, and opening does it; a process that runs for long
  /// calls it on a timer.
  @discardableResult
  public func clearStaleReaders() throws(EventLogError) -> Int {
    try stored { () throws(LMDBError) in try environment.checkReaders() }
  }
}
