import EventStore
import Projections

extension Office {
  /// Every user's newest row, by number.
  func userRows() throws(ScreeningError) -> [UserRow] {
    var rows: [UserRow] = []
    try scan(RecordsProjection.users) { row in
      rows.append(row)
      return true
    }
    return rows
  }

  /// Every user's row as of `position`, by number.
  func userRows(asOf position: Position) throws(ScreeningError) -> [UserRow] {
    var rows: [UserRow] = []
    try viewed {
      try RecordsProjection.users.forEach(asOf: position, in: views) { row, _ in
        rows.append(row)
        return true
      }
    }
    return rows
  }

  func row(of user: UserNumber) throws(ScreeningError) -> UserRow? {
    try recorded { () throws(ViewError) in
      try RecordsProjection.users.newest(for: user.rawValue, in: views)
    }
  }

  func requireUser(_ user: UserNumber) throws(ScreeningError) -> UserRow {
    guard let row = try row(of: user) else {
      throw .notFound("There is no user \(user). 'senko user list' shows those there are.")
    }
    return row
  }

  /// The user whose address is `email`; addresses are compared without case, as mail hosts do.
  ///
  /// - Throws: `.damaged` where nobody has it whose address can be read: that one may be meant.
  func findUser(email: String) throws(ScreeningError) -> UserRow? {
    let wanted = email.lowercased()
    var damage: ScreeningError?
    for row in try userRows() {
      do throws(ScreeningError) {
        if try openText(row.email, .email).lowercased() == wanted { return row }
      } catch {
        guard error.kind == .damaged else { throw error }
        damage = error
      }
    }
    if let damage { throw damage }
    return nil
  }

  func record(of row: UserRow) throws(ScreeningError) -> UserRecord {
    UserRecord(
      user: row.number.rawValue, email: try openText(row.email, .email),
      name: try openText(row.name, .name), role: row.role, disabled: row.disabled,
      passwordSet: row.passwordSet)
  }

  static func check(email: String) throws(ScreeningError) {
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, email.utf8.count <= 254,
      !email.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
    else {
      throw .invalid("The mail address is not of the form name@host. Check its spelling.")
    }
  }

  static func hash(_ password: String) async throws(ScreeningError) -> PasswordHash {
    guard (8...1024).contains(password.utf8.count) else {
      throw .invalid("The password has fewer than 8 or more than 1,024 bytes. Choose another.")
    }
    return try await offPool { () throws(ScreeningError) in try PasswordHash(of: password) }
  }
}
