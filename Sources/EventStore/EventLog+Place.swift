import Glibc
import LMDB
import Synchronization

extension EventLog {
  /// Refuses to go on where another folder, or none, has taken the place of the one that was opened.
  ///
  /// Nothing is appended, erased or copied then; whoever serves for long asks before it says that it is ready.
  ///
  /// - Throws: `.replaced`.
  public func requireInPlace() throws(EventLogError) { try environment.requireInPlace(folder) }

  /// Takes the lock under which keys are changed and the folder is copied, waiting for it.
  ///
  /// Tasks of this process wait for each other without a thread, and one of them at a time, on a thread of its own, for
  /// other processes: a thread of `offPool` is what the last steps of who has the lock may need.
  func takeErasureLock() async throws(EventLogError) -> ErasureLock {
    await erasures.enter()
    // It must not keep the log open.
    let notice = Task { [weak self] in
      try await Task.sleep(for: .seconds(2))
      self?.tellOfLongWait()
    }
    defer { notice.cancel() }
    let result: Result<FileLock, EventLogError> = await withCheckedContinuation { continuation in
      let thread = startThread { [self] in
        continuation.resume(returning: Result { () throws(EventLogError) in try waitForLock() })
      }
      guard let thread else {
        let failure = EventLogError.storage(
          operation: "wait for the erasure lock", reason: "there are too many threads")
        return continuation.resume(returning: .failure(failure))
      }
      pthread_detach(thread)
    }
    do { return ErasureLock(file: try result.get(), turn: erasures) } catch {
      erasures.leave()
      throw error
    }
  }

  /// Calls `tell`, once, when this process has waited two seconds for another one that changes keys or copies the folder.
  public func onLongWait(_ tell: @escaping @Sendable () -> Void) {
    longWait.withLock { $0 = tell }
  }

  private func tellOfLongWait() {
    longWait.withLock { tell in
      tell?()
      tell = nil
    }
  }

  private func waitForLock() throws(EventLogError) -> FileLock {
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

extension Environment {
  /// As `EventLog.requireInPlace`.
  func requireInPlace(_ folder: LogFolder) throws(EventLogError) {
    guard isInPlace else { throw .replaced(directory: folder.path) }
  }
}
