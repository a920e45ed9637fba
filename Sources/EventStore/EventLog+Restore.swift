public import Cryptography
import Glibc

/// What a restore found, for the event that records it.
public struct Restoration: Sendable, Hashable {
  /// The name of the log that the backup was made of.
  public let formerOrigin: String
  /// How many events the newest checkpoint covers that is known: the escrow's, the one that was given, or the
  /// backup's own head.
  public let knownSize: UInt64
  /// The root that it has, in hexadecimal.
  public let knownRoot: String
  /// How many events the backup holds: those after them, up to `knownSize`, are lost.
  public let size: UInt64
  /// Whether the log goes on under its name, since its last checkpoint is said to be the backup's head.
  public let keepsName: Bool
  /// Those who were erased after the backup was made: they stay erased, though the events that said so
  /// are lost.
  public let erased: [SubjectID]

  /// How many events are known to be lost.
  public var lost: UInt64 { knownSize - size }
}

/// A restored folder that is not in its place yet.
public struct PreparedRestore: Sendable {
  /// Where it lies until then: a data folder, which the application may open, append to and close.
  public let unfinished: String
  /// The data folder that it becomes.
  public let directory: String
  /// What was found.
  public let restoration: Restoration

  /// Puts the folder in its place, where nobody may have it open; until then a crash leaves what the next try
  /// removes.
  public func finish() async throws(EventLogError) {
    try await offPool { () throws(EventLogError) in
      guard unsafe rename(unfinished, directory) == 0 else {
        throw .storage(operation: "rename", reason: unsafe String(cString: strerror(errno)))
      }
      try Files.sync(folderOf: directory)
    }
  }
}

extension EventLog {
  /// Makes a data folder from a backup and an escrow, and opens it.
  ///
  /// The log goes on under a new name and key: nobody can tell whether the old one has signed more than the backup
  /// holds, and under one name no second history may be signed. It keeps its name only where the caller states
  /// which checkpoint was the last that was ever handed out, and the backup ends exactly there.
  ///
  /// - Parameters:
  ///   - directory: must not be there, or be empty.
  ///   - lastCheckpoint: the note that no other followed. One beyond the backup tells how much is lost.
  ///   - recording: gives the events that record the restoration; not called where the log keeps its name.
  /// - Throws: `.invalid` for what is no backup or escrow, where the two do not belong together, and for a
  ///   checkpoint that is not this log's or not its last; `.damaged` for a backup of another history.
  public static func restore(
    _ backup: String, escrow path: String, to directory: String, lastCheckpoint: String? = nil,
    clock: WallClock = .system, random: RandomSource = .system,
    recording: @Sendable (Restoration) -> Append
  ) async throws(EventLogError) -> (log: EventLog, restoration: Restoration) {
    let prepared = try await prepareRestore(
      backup, escrow: path, to: directory, lastCheckpoint: lastCheckpoint, clock: clock,
      random: random, recording: recording)
    try await prepared.finish()
    return (
      try open(directory, create: false, clock: clock, random: random), prepared.restoration
    )
  }

  /// Does all of a restore but its last step, so that the application can record what else has to be there
  /// whenever the folder is.
  ///
  /// Takes and throws what `restore` does.
  public static func prepareRestore(
    _ backup: String, escrow path: String, to directory: String, lastCheckpoint: String? = nil,
    clock: WallClock = .system, random: RandomSource = .system,
    recording: @Sendable (Restoration) -> Append
  ) async throws(EventLogError) -> PreparedRestore {
    guard let file = try Files.read(path), let escrow = Escrow(file: file) else {
      throw .invalid("'\(path)' is no escrow. Give the file that 'senko escrow' wrote.")
    }
    guard Files.exists(backup + "/checkpoint"), Files.exists(backup + "/log/data.mdb") else {
      throw .invalid("'\(backup)' is no backup, or one that was not finished.")
    }
    let prepared = try await offPool { () throws(EventLogError) in
      try Files.makeEmptyFolder(directory)
      // The two lie side by side, however the path is written.
      let directory = Files.resolved(directory)
      let target = LogFolder(path: directory + ".restoring")
      try Files.removeTree(target.path)
      try Files.makeEmptyFolder(target.path)
      try Files.copyTree(backup + "/documents", to: target.documents)
      try Files.makeFolder(target.log)
      try Files.copy(backup + "/log/data.mdb", to: target.log + "/data.mdb")
      try Files.sync(folderOf: target.log + "/data.mdb")
      return PreparedRestore(
        unfinished: target.path, directory: directory,
        restoration: try Restorer(target, escrow, lastCheckpoint: lastCheckpoint, random: random)
          .run())
    }
    let log = try open(prepared.unfinished, create: false, clock: clock, random: random)
    defer { log.close() }
    if !prepared.restoration.keepsName {
      _ = try await log.append(recording(prepared.restoration))
    }
    return prepared
  }
}
