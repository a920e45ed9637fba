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
  /// Something besides the events that the rows depend on; when it changes, everything is folded anew.
  func epoch() throws -> UInt64
  /// Folds one event in.
  func fold(_ event: Event, into writer: inout ViewWriter) throws
  /// Adds what follows from the rows as a portion of events has left them, such as an index; called once
  /// before the portion is written.
  func settle(_ writer: inout ViewWriter) throws
}

extension Projection {
  /// Nothing besides the events.
  public func epoch() throws -> UInt64 { 0 }

  /// Nothing follows from the rows.
  public func settle(_ writer: inout ViewWriter) throws {}
}
