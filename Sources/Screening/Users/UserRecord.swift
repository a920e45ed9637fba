public import EventStore

/// A user, opened for those who may see it.
public struct UserRecord: Sendable, Hashable, Encodable {
  /// The user's number.
  public let user: UInt64
  /// The address that the user logs in with.
  public let email: String
  /// The user's name.
  public let name: String
  /// What the user may do.
  public let role: Role
  /// Whether the user may no longer log in.
  public let disabled: Bool
  /// The event that set the password, for telling whether a session is older.
  public let passwordSet: Position

  private enum CodingKeys: String, CodingKey {
    case user, email, name, role, disabled
  }

  /// The user's number.
  public var number: UserNumber { UserNumber(user) }
}
