/// Why no document can be read at all: a bad document is an outcome, never an error.
public enum ReaderError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The program could not be started, or ended before it was ready.
  case notStarted(String, String)
  /// The program says that this machine lacks what reading needs.
  case unusable(String)
  /// The pool has been shut down.
  case shutDown

  /// What happened, and what to do.
  public var description: String {
    switch self {
    case .notStarted(let program, let reason):
      "The reader \(program) could not be started: \(reason). Install senko-worker beside "
        + "senko, or name it with SENKO_WORKER."
    case .unusable(let sentence): sentence
    case .shutDown: "The readers have been shut down. Start senko again."
    }
  }
}
