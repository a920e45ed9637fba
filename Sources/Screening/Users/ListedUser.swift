/// A user as a list shows one, who has a line even where the disk has damaged what is sealed of them.
public struct ListedUser: Sendable, Encodable {
  /// The user's number.
  public let user: UInt64
  /// The address that the user logs in with; `nil` where it cannot be opened.
  @Nullable public private(set) var email: String?
  /// The user's name; `nil` where it cannot be opened.
  @Nullable public private(set) var name: String?
  /// What the user may do.
  public let role: Role
  /// Whether the user may no longer log in.
  public let disabled: Bool
  /// What keeps the address and the name from being opened, and the remedy; `nil` where nothing does.
  public let damage: String?

  init(_ record: UserRecord) {
    (user, email, name) = (record.user, record.email, record.name)
    (role, disabled, damage) = (record.role, record.disabled, nil)
  }

  init(_ row: UserRow, _ damage: ScreeningError) {
    (user, role, disabled) = (row.number.rawValue, row.role, row.disabled)
    self.damage = damage.description
  }
}
