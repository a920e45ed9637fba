public import EventStore
import Glibc
import LMDB

/// Why a view could not be read or folded.
///
/// Views hold nothing that the log does not: deleting the
/// folder `views` costs only time.
public enum ViewError: Error, Sendable, CustomStringConvertible {
  /// LMDB, or the operating system through it, refused.
  case storage(operation: String, reason: String)
  /// What is stored is damaged; it was marked, and is folded anew by whoever opens it next and alone.
  case damaged(directory: String, reason: String)
  /// There is no room for what the views gained; the log keeps what was recorded.
  case diskFull
  /// The log could not be read.
  case log(EventLogError)
  /// The fold refused an event.
  case fold(projection: String, position: Position, reason: String)
  /// A row cannot be decoded.
  case unreadableRow(table: String)

  /// A sentence with the remedy.
  public var description: String {
    switch self {
    case .storage(let operation, let reason):
      "The views could not be \(operation): \(reason). They may be deleted at any time and are then "
        + "folded anew from the log."
    case .damaged(let directory, let reason):
      "The views in '\(directory)' are damaged (\(reason)). The log has all of what they hold: end every program that has "
        + "them open, such as a server, and the next one folds them anew."
    case .diskFull:
      "The disk is full, so the views cannot follow the log. What was recorded stays recorded: free some "
        + "space and go on."
    case .log(let error):
      error.description
    case .fold(let projection, let position, let reason):
      "Folding event \(position) into the view '\(projection)' failed: \(reason)"
    case .unreadableRow(let table):
      "A row of the view '\(table)' cannot be read. Delete the views, which are then folded anew from the log."
    }
  }
}

extension ViewError {
  /// What a failure of LMDB means to the views in `directory`: a short write on a full disk is EIO to it.
  init(_ error: LMDBError, operation: String, directory: String) {
    var status = statvfs()
    let hasNoRoom = unsafe statvfs(directory, &status) == 0 && status.f_bavail < 4
    let isFull = error.code == ENOSPC || error.isMapFull || (error.code == EIO && hasNoRoom)
    self = isFull ? .diskFull : .storage(operation: operation, reason: "\(error)")
  }
}
