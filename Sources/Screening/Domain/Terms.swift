public import EventStore

/// What a command brings beside its content: how a second try of it is recognised, and what it was decided upon.
public struct Terms: Sendable, Hashable {
  /// The client's name for the command.
  ///
  /// Under the same name the same content records nothing more and answers as the first time; other content is
  /// a conflict; after the person's erasure the answer is that they were erased.
  public var key: String?
  /// The position at which whoever decided had seen the log.
  ///
  /// Where what the command relies on has changed since, it is refused.
  public var decidedAt: Position?

  /// Names the terms of a command; by default there are none.
  public init(key: String? = nil, decidedAt: Position? = nil) {
    self.key = key
    self.decidedAt = decidedAt
  }
}
