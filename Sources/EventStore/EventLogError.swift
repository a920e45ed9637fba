/// Why the log could not do what it was asked; each description names the record and the remedy.
///
/// A program whose people know the remedies by commands of its own words these cases itself.
public enum EventLogError: Error, Sendable, Hashable, CustomStringConvertible {
  /// There is no log in the folder.
  case absent(directory: String)
  /// The folder was written by another version.
  case formatVersion(found: String, supported: String)
  /// Another process holds the folder alone, or has it open where it is to be held alone.
  case locked(directory: String)
  /// This process has the log open already.
  case openAlready(directory: String)
  /// The disk, or the map, is full.
  case diskFull
  /// The operating system or LMDB refused.
  case storage(operation: String, reason: String)
  /// The folder cannot be opened as it is to be.
  case unopened(directory: String, reason: String)
  /// A key file is missing or unreadable.
  case keyFile(name: String, reason: String)
  /// The escrow that erasures and changes of the signing key keep up to date cannot be read or written.
  case escrowUnreachable(path: String)
  /// The escrow is another folder's to change, of which this one is a copy, or was written by a copy of this one, or before
  /// this one was set back.
  case escrowForked(path: String)
  /// A document of somebody who was erased could not be removed yet; its key is destroyed.
  case documentLeft(path: String, reason: String)
  /// An erasure or a change of the signing key is recorded, and its last steps are not taken: at which event, if that is
  /// the one that was asked for, and why not.
  indirect case unfinished(position: Position?, cause: EventLogError)
  /// A stream that the decision relied on has changed.
  case streamChanged(stream: String, expected: Position, actual: Position)
  /// The idempotency key was used for another command.
  case conflictingContent(position: Position)
  /// The idempotency key was used for a command about somebody who was erased.
  case erasedContent(position: Position)
  /// The subject's key was destroyed.
  case erased(SubjectID)
  /// A sealed value or blob that an event names is not there.
  case missing(String)
  /// What is stored is not what was recorded.
  case damaged(String)
  /// The log's file is so damaged that reading it has ended a process of its own by a signal.
  case unreadable(directory: String, signal: Int32)
  /// Others write to the log while it is read, so fast that nothing can be said of it, and no reader can be noted in its
  /// folder.
  case unsteady(directory: String)
  /// The program that reads a log in a process of its own cannot be run, or is none.
  case program(path: String, reason: String)
  /// A log does not continue what was seen of it: why, and what to do.
  case inconsistent(String)
  /// What a restore is to be made of is damaged, and what there is of it is restored only where that is asked for: why.
  case unrestored(String)
  /// An event is too large, or malformed.
  case invalid(String)
  /// The folder was moved, removed, or replaced by another, as by a restore, while the log was open.
  case replaced(directory: String)
  /// The log was closed.
  case closed
  /// Whoever waited for long work has gone, or asked it to stop.
  case cancelled

  /// Whether the escrow cannot be written anew.
  var isOfEscrow: Bool {
    switch self {
    case .escrowUnreachable, .escrowForked: true
    default: false
    }
  }

  /// Whether a step of what is recorded is found to wait for somebody.
  var isWaiting: Bool {
    if case .documentLeft = self { true } else { isOfEscrow }
  }

  /// A sentence that says what happened and what to do.
  public var description: String {
    switch self {
    case .absent(let directory):
      "There is no log in '\(directory)'. Give the folder of one, or begin one there."
    case .formatVersion(let found, let supported):
      "The data folder has format \(found), and this program reads format \(supported). Use the version "
        + "that wrote it."
    case .locked(let directory):
      "The data in '\(directory)' is in use by another program: by a restore or a repair, which need it alone, or, "
        + "where this is one of these, by any other. Try again when that has ended."
    case .openAlready(let directory):
      "This program has the data in '\(directory)' open already, and can open it but once. Use what it has open, or let go "
        + "of that first."
    case .diskFull:
      "The disk is full. Free some space and repeat the command with the same key: whether it was recorded "
        + "shows then."
    case .storage(let operation, let reason):
      "The store failed (\(operation): \(reason)). Where something was to be recorded, whether it was shows when the command is "
        + "repeated with the same key; the store opens itself again for that."
    case .unopened(let directory, let reason):
      "The data in '\(directory)' cannot be opened (\(reason)), and nothing was done. Let this program read and write the "
        + "folder and what lies in it: who only reads notes there, too, that it does."
    case .keyFile(let name, let reason):
      "The key file '\(name)' cannot be used: \(reason). Put its copy back, if you keep one; a lost one can be "
        + "restored from the escrow, which holds it. Else a restore makes a new folder from a backup and the escrow."
    case .escrowUnreachable(let path):
      "The escrow '\(path)' cannot be reached, or what lies there is none of this log, so that an erased person's key would "
        + "stay in it, or a former signing key. Make it reachable, or put its copy back. Where it is lost, keep another before "
        + "the signing key is changed, and give it up to erase: whoever finds it then opens backups of before, and it restores none made after."
    case .escrowForked(let path):
      "The escrow '\(path)' is kept by another folder, of which this one is a copy, or was written by a copy of this one, "
        + "or this folder was set back to before it was written, as from a snapshot of its disk. Where it was set back, "
        + "keep no other: a restore makes a new folder from a backup and this escrow, in which the erased stay erased. In "
        + "a copy, keep one of its own at another path: written from here, this one would not restore the other folder any "
        + "more. Where this folder has only been moved to another disk, or its disk numbers files anew whenever it is "
        + "mounted, keep it anew at this path, which takes it over."
    case .documentLeft(let path, let reason):
      "The document '\(path)' of somebody who was erased cannot be removed (\(reason)); its key is destroyed. Until "
        + "that can be done, the erasure is not finished, and no other one and no backup is made. Make the file "
        + "removable: the next command removes it."
    case .unfinished(let position, let cause):
      Self.unfinished(position, because: cause.description)
    case .streamChanged(let stream, let expected, let actual):
      "'\(stream)' has changed since event \(expected): it is at event \(actual) now. Decide again."
    case .conflictingContent(let position):
      "This key was used for another command, recorded at event \(position). Use a key of its own for "
        + "each command."
    case .erasedContent(let position):
      "This key was used at event \(position) for somebody who was erased since; nothing is recorded "
        + "again."
    case .erased(let subject):
      "The person was erased; what was sealed for them, subject \(subject), no longer exists."
    case .missing(let what):
      "\(what) is missing from the store. Verify the log, then repair it from a backup."
    case .damaged(let what):
      "\(what) is not what was recorded. Verify the log, then repair it from a backup."
    case .unreadable(let directory, let signal):
      "Reading the log in '\(directory)' has ended a process of its own by signal \(signal): its file, or that of a backup "
        + "that was given, is torn or damaged beyond reading, and nothing was changed. Verify the log and the backup, "
        + "keep the backups that there are, and repair the log from them."
    case .unsteady(let directory):
      "The log in '\(directory)' is written to while it is read, and this program may not note in the folder 'log' that it "
        + "reads: what it saw was written over, and says nothing of the log. Let it write to that folder, wait until "
        + "less is recorded, or look at a backup."
    case .program(let path, let reason):
      "The program '\(path)' cannot be run to read the log in a process of its own: \(reason). Give the path of one that "
        + "does so, of the same version as this program."
    case .invalid(let reason), .inconsistent(let reason): reason
    case .unrestored(let reason):
      "\(reason) What there is can be restored despite the damage, under a new name: look first into who can have written "
        + "to it."
    case .replaced(let directory):
      "The data folder '\(directory)' is not the one any more that this program has opened: it was moved, removed or "
        + "restored meanwhile. Nothing is acknowledged here from now on. End this program, start it again on the folder "
        + "that is there now, and send what was not acknowledged again with the same idempotency key; what was lies in "
        + "the former folder."
    case .closed:
      "The store was closed: the program is ending. Start it again; nothing acknowledged is lost."
    case .cancelled: "The work was stopped before its end; nothing was recorded."
    }
  }

  /// What is said of what is recorded and not finished.
  public static func unfinished(_ position: Position?, because cause: String) -> String {
    let what =
      position.map { "Event \($0) records what was asked for, and it is not finished yet." }
      ?? "An erasure or a change of the signing key is recorded and not finished yet, and none begins before that."
    return what + " " + cause
      + " It need not be asked for again: the next start takes the steps that are left, and so does the next erasure or change "
      + "of the signing key."
  }
}
