import LMDB

extension EventLog {
  /// Refuses to go on where another folder, or none, has taken the place of the one that was opened.
  ///
  /// Nothing is appended, erased or copied then; whoever serves for long asks before it says that it is ready.
  ///
  /// - Throws: `.replaced`.
  public func requireInPlace() throws(EventLogError) { try environment.requireInPlace(folder) }

  /// Takes the lock under which keys are changed and the folder is copied, waiting for it.
  func takeErasureLock() async throws(EventLogError) -> FileLock {
    try await offPool { [self] () throws(EventLogError) in
      // The lock's file is the one at the path: where that is another folder's, nothing is to be written there.
      try requireInPlace()
      let lock = try FileLock(folder.erasureLock, exclusive: true, waiting: true)
      do throws(EventLogError) { try requireInPlace() } catch {
        lock.release()
        throw error
      }
      return lock
    }
  }
}

extension Environment {
  /// As `EventLog.requireInPlace`.
  func requireInPlace(_ folder: LogFolder) throws(EventLogError) {
    guard isInPlace else { throw .replaced(directory: folder.path) }
  }
}
