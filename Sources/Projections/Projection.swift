public import EventStore

/// A fold of the log into tables.
///
/// The tables must be a pure function of the events (and of what `epoch` stands for): folding from the
/// first event gives the same rows as going on from any position.
public protocol Projection: Sendable {
  /// The projection's name, under which its position is kept.
  var name: String { get }
  /// The version of the fold's code; another version folds everything anew.
  var version: Int { get }
  /// The tables that belong to this projection alone.
  var tables: [ViewTable] { get }
  /// Whether it is folded only when it is asked for, or nothing else is to be done: what most questions need must not
  /// wait for it.
  var isPatient: Bool { get }
  /// Something besides the events that the rows depend on; when it changes, everything is folded anew.
  func epoch() throws -> UInt64
  /// Facts of no events yet.
  func facts() -> any Facts
  /// Adds what follows from the rows as a portion of events has left them, such as an index; called once, before
  /// the portion is written.
  func settle(_ portion: inout Portion) throws
}

extension Projection {
  /// It is folded with all others.
  public var isPatient: Bool { false }

  /// Nothing besides the events.
  public func epoch() throws -> UInt64 { 0 }

  /// Nothing follows from the rows.
  public func settle(_ portion: inout Portion) throws {}
}

/// What a stretch of events says to one projection.
///
/// Stretches are read on all cores, each from its first event to its last, and then folded one after the other: so
/// whatever needs no row belongs into reading.
public protocol Facts: Sendable {
  /// Adds what an event says, from the bytes that are stored; a snapshot of the log is held meanwhile.
  mutating func read(_ event: EventLine) throws
  /// Does what takes longer before folding, such as opening sealed values; no snapshot is held.
  mutating func prepare() throws
  /// Folds everything in, in the order of the events, telling `writer` the position of each.
  func fold(into writer: inout ViewWriter) throws
}

extension Facts {
  /// Nothing takes longer.
  public mutating func prepare() throws {}
}
