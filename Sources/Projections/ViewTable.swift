/// A table of views, by name.
///
/// What it holds can always be folded again from the log.
public struct ViewTable: Hashable, Sendable {
  /// The table's name.
  public let name: String

  /// Names a table.
  public init(_ name: String) { self.name = name }
}

/// One entry of a table.
public struct ViewEntry: Sendable {
  /// The entry's key.
  public let key: [UInt8]
  /// The entry's value.
  public let value: [UInt8]
}
