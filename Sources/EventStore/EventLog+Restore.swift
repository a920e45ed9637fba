public import Cryptography
import LMDB

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
  /// What is wrong with the backup or the escrow, and was restored all the same because that was asked for:
  /// sentences.
  public let damage: [String]
  /// Whether a restore of the same folder that was cut off had left something, which was removed.
  public var hadLeftovers = false

  /// How many events are known to be lost.
  public var lost: UInt64 { knownSize - size }
}

/// A restored folder that is not in its place yet.
public struct PreparedRestore: Sendable {
  /// What was found.
  public let restoration: Restoration
  let folder: RestoreFolder

  /// Where it lies until then: a data folder, which the application may open, append to and close.
  public var unfinished: String { folder.path }
  /// The data folder that it becomes.
  public var directory: String { folder.directory }

  /// Puts the folder in its place, where nobody may have it open.
  ///
  /// Until then a crash leaves what the next try removes. Where that fails, the folder is discarded.
  public func finish() async throws(EventLogError) {
    try await offPool { () throws(EventLogError) in
      do throws(EventLogError) { try folder.finish() } catch {
        try? folder.discard()
        throw error
      }
    }
  }

  /// Removes the folder and the keys in it, where it is not to be put in its place.
  public func discard() async {
    try? await offPool { () throws(EventLogError) in try folder.discard() }
  }
}

extension EventLog {
  /// Those whom a restore found erased and of whom the application has not yet told in events: it does so as soon as it
  /// can read the log, and calls ``noteErasuresTold()``.
  ///
  /// Whoever has a key, or no row among the erased, lives, whatever somebody may have written to the log's file.
  public var untoldErasures: [SubjectID] {
    get throws(EventLogError) {
      try stored { () throws(LMDBError) in
        try environment.read { (transaction) throws(LMDBError) in
          let row = try transaction.value(at: MetaKey.untold, in: tables.meta) ?? []
          var subjects: [SubjectID] = []
          for start in stride(from: 0, to: row.count - row.count % 16, by: 16) {
            let id = Array(row[start..<(start + 16)])
            guard try transaction.value(at: id, in: tables.erased) != nil,
              try transaction.value(at: id, in: tables.keys) == nil
            else { continue }
            subjects.append(SubjectID(unchecked: id))
          }
          return subjects
        }
      }
    }
  }

  /// Notes that events tell of all whom a restore found erased.
  public func noteErasuresTold() async throws(EventLogError) {
    try await offPool { [self] () throws(EventLogError) in
      try stored { () throws(LMDBError) in
        try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          _ = try transaction.delete(MetaKey.untold, in: tables.meta)
        }
      }
    }
  }

  /// Makes a data folder from a backup and an escrow, and opens it.
  ///
  /// The copy is checked before anything is made of it, against the checkpoint that lies in the backup and by a key
  /// that the escrow knows, and every subject's key is tried.
  ///
  /// The log goes on under a new name and key: nobody can tell whether the old one has signed more than the backup
  /// holds, and under one name no second history may be signed. It keeps its name only where the caller states
  /// which checkpoint was the last that was ever handed out, and the backup ends exactly there.
  ///
  /// - Parameters:
  ///   - directory: must not be there, or be empty.
  ///   - lastCheckpoint: the note that no other followed. One beyond the backup tells how much is lost.
  ///   - worker: the path of `senko-worker`, in which the copy is checked; `nil` checks it in this process, which a
  ///     damaged file may end by a signal.
  ///   - despiteDamage: restores what there is of a backup or an escrow in which something is wrong, under a new
  ///     name, and tells in `Restoration.damage` what that is.
  ///   - recording: gives the events that record the restoration; not called where the log keeps its name.
  /// - Throws: `.invalid` for what is no backup or escrow, where the two do not belong together, and for a
  ///   checkpoint that is not this log's or not its last; `.unrestored` for a backup or an escrow in which something
  ///   is wrong; `.inconsistent` for a backup of another history; `.locked` while another restore prepares the folder.
  ///   Nothing is left then.
  public static func restore(
    _ backup: String, escrow path: String, to directory: String, lastCheckpoint: String? = nil,
    worker: String? = nil, despiteDamage: Bool = false,
    clock: WallClock = .system, random: RandomSource = .system,
    recording: @Sendable (Restoration) -> Append
  ) async throws(EventLogError) -> (log: EventLog, restoration: Restoration) {
    let prepared = try await prepareRestore(
      backup, escrow: path, to: directory, lastCheckpoint: lastCheckpoint, worker: worker,
      despiteDamage: despiteDamage, clock: clock, random: random, recording: recording)
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
    worker: String? = nil, despiteDamage: Bool = false,
    clock: WallClock = .system, random: RandomSource = .system,
    recording: @Sendable (Restoration) -> Append
  ) async throws(EventLogError) -> PreparedRestore {
    let escrow = try Escrow(at: path)
    guard Files.exists(backup + "/checkpoint"), Files.exists(backup + "/log/data.mdb") else {
      throw .invalid(
        "'\(backup)' is no backup, or one that was not finished. Give a folder that a backup was made in."
      )
    }
    let prepared = try await offPool { () throws(EventLogError) in
      let folder = try RestoreFolder(for: directory)
      do throws(EventLogError) {
        let source = BackupCopy(of: backup, in: LogFolder(path: folder.path))
        try source.requireLog(of: escrow)
        try source.make()
        let (note, damage) = try source.check(by: escrow, worker: worker)
        guard despiteDamage || damage.isEmpty else { throw .unrestored(source.refusal(damage)) }
        var restoration = try Restorer(
          source.folder, escrow, note: note, lastCheckpoint: lastCheckpoint, damage: damage,
          despiteDamage: despiteDamage, random: random
        ).run()
        restoration.hadLeftovers = folder.hadLeftovers
        return PreparedRestore(restoration: restoration, folder: folder)
      } catch {
        try? folder.discard()
        throw error
      }
    }
    do throws(EventLogError) {
      let log = try open(prepared.unfinished, create: false, clock: clock, random: random)
      defer { log.close() }
      if !prepared.restoration.keepsName {
        _ = try await log.append(recording(prepared.restoration))
      }
    } catch {
      await prepared.discard()
      throw error
    }
    return prepared
  }
}
