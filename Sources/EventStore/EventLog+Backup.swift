import Cryptography
import Dispatch
import LMDB

/// What of a log is copied.
public enum CopiedPart: Sendable {
  /// The bytes of the log's file.
  case log
  /// Sealed files.
  case documents
}

extension EventLog {
  /// Copies the log and the sealed files into a new folder while others go on writing; no key is copied
  /// but those that the wrapping key wraps, which no backup holds.
  ///
  /// The copy is a data folder for `verifyInChild`, which holds it against the checkpoint that lies in it. Erasures
  /// wait meanwhile.
  ///
  /// - Parameters:
  ///   - directory: must not be there, or be empty; it is emptied again where this throws.
  ///   - worker: the path of `senko-worker`, or of another program that runs `LogWorker`, in which the log's file is
  ///     copied; `nil` copies it in this process, which a damaged file may end by a signal.
  ///   - progress: is told how much of a part is copied, of how much at most.
  ///   - isCancelled: is asked before every file, and ten times a second of a worker.
  /// - Returns: the checkpoint that the copy reaches at least.
  /// - Throws: `.invalid` for a folder that is not empty, or lies in the log's own; `.damaged` or `.unreadable` where
  ///   the log's file is damaged, `.program` for a worker that cannot be run, `.diskFull`, `.cancelled`.
  @discardableResult
  public func backup(
    to directory: String, worker: String? = nil,
    progress: @escaping @Sendable (CopiedPart, _ done: Int, _ total: Int) -> Void = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) async throws(EventLogError) -> String {
    let lock = try await takeErasureLock()
    defer { lock.release() }
    return try await offPool { [self] () throws(EventLogError) in
      try folder.requireOutside(directory, "A backup")
      try finishErasures()
      try finishRotation()
      try Files.makeEmptyFolder(directory)
      do throws(EventLogError) {
        return try copy(
          to: LogFolder(path: directory), worker: worker, progress: progress,
          isCancelled: isCancelled)
      } catch {
        for name in (try? Files.names(in: directory)) ?? [] {
          try? Files.removeTree(directory + "/" + name)
        }
        throw error
      }
    }
  }

  private func copy(
    to target: LogFolder, worker: String?,
    progress: @escaping @Sendable (CopiedPart, _ done: Int, _ total: Int) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(EventLogError) -> String {
    let checkpoint = try checkpoint()
    try Files.makeFolder(target.log)
    try copyLog(to: target.log, worker: worker, isCancelled: isCancelled) { progress(.log, $0, $1) }
    // A file is there before the event that names it: what the copy of the log names is copied now. Any other is of
    // somebody whom the backup does not know, and whom no erasure would find in it.
    let documents = try LogCopy(target.path).documents()
    var copied = 0
    try Files.copyTree(folder.documents, to: target.documents) {
      [folder] (path) throws(EventLogError) in
      guard folder.isDocument(path, of: documents) else { return false }
      if isCancelled() { throw .cancelled }
      progress(.documents, copied, documents.count)
      copied += 1
      return true
    }
    progress(.documents, copied, copied)
    try Files.sync(target.log + "/data.mdb")
    try Files.sync(folderOf: target.log + "/data.mdb")
    // The checkpoint comes last, when all else has its name on the disk: a folder without it is no backup.
    try Files.sync(folderOf: target.log)
    try Files.write(Array(checkpoint.utf8), to: target.checkpoint)
    return checkpoint
  }

  /// Copies the log's file; LMDB does so in one call, during which the growing copy is looked at.
  private func copyLog(
    to path: String, worker: String?, isCancelled: () -> Bool,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws(EventLogError) {
    let total = try stored { () throws(LMDBError) in try environment.info.usedSize }
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "copy"))
    timer.schedule(deadline: .now() + .milliseconds(200), repeating: .milliseconds(200))
    timer.setEventHandler { progress(min(Files.size(path + "/data.mdb"), total), total) }
    timer.resume()
    defer { timer.cancel() }
    guard let worker else { return try EventStore.copy(environment, to: path) }
    _ = try ChildWork.copy(to: path).run(worker, in: folder.path, isCancelled: isCancelled)
  }

  /// Takes the checkpoint out of a backup in which something was found wrong, so that nobody takes it for a whole
  /// one: it can be repaired from, but not restored.
  public static func withdrawBackup(in directory: String) throws(EventLogError) {
    try Files.remove(LogFolder(path: directory).checkpoint)
  }
}

/// Copies a log's file without what is free in it into the empty folder `target`.
///
/// LMDB's own copying knows no damage: it may write for ever, or end the process. So all pages are looked at before.
func copy(_ environment: Environment, to target: String) throws(EventLogError) {
  if let damage = try stored({ () throws(LMDBError) in try environment.damage() }) {
    throw .damaged("The log's file (\(damage))")
  }
  do throws(EventLogError) {
    try stored { () throws(LMDBError) in try environment.copy(to: target, compacting: true) }
  } catch {
    throw LogFolder(path: target).explained(error)
  }
}
