import Cryptography
import LMDB

extension EventLog {
  /// Copies the log and the sealed files into a new folder while others go on writing; no key is copied
  /// but those that the wrapping key wraps, which no backup holds.
  ///
  /// The copy is a data folder for `verifyInChild`, which holds it against the checkpoint that lies in it. Erasures
  /// wait meanwhile.
  ///
  /// - Parameter directory: must not be there, or be empty.
  /// - Returns: the checkpoint that the copy reaches at least.
  /// - Throws: `.invalid` for a folder that is not empty, or lies in the log's own.
  @discardableResult
  public func backup(to directory: String) async throws(EventLogError) -> String {
    let lock = try await offPool { [folder] () throws(EventLogError) in
      try FileLock(folder.erasureLock, exclusive: true, waiting: true)
    }
    defer { lock.release() }
    return try await offPool { [self] () throws(EventLogError) in
      try folder.requireOutside(directory, "A backup")
      try finishErasures()
      try finishRotation()
      let target = LogFolder(path: directory)
      try Files.makeEmptyFolder(directory)
      let checkpoint = try checkpoint()
      try Files.makeFolder(target.log)
      try stored { () throws(LMDBError) in
        try environment.copy(to: target.log, compacting: true)
      }
      // A file is there before the event that names it: what the copy of the log names is copied now. What
      // others are still writing has another name.
      try Files.copyTree(folder.documents, to: target.documents) { Digest(hex: $0) != nil }
      try Files.sync(target.log + "/data.mdb")
      try Files.sync(folderOf: target.log + "/data.mdb")
      // The checkpoint comes last, when all else has its name on the disk: a folder without it is no backup.
      try Files.sync(folderOf: target.log)
      try Files.write(Array(checkpoint.utf8), to: target.checkpoint)
      return checkpoint
    }
  }
}
