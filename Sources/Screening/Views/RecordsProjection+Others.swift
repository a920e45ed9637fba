import EventStore
import Projections

extension RecordsProjection {
  /// Folds an event of a user's stream.
  static func foldUser(_ event: Event, into writer: inout ViewWriter) throws {
    if event.type == UserRegistered.type {
      let registered = try UserRegistered(event)
      try users.put(
        UserRow(
          number: registered.user, subject: registered.subject, role: registered.role,
          disabled: false, email: registered.email, name: registered.name,
          password: registered.password, passwordSet: event.position),
        for: registered.user.rawValue, in: &writer)
      return
    }
    let number: UserNumber = try EventFields(event)
      .number("user")
    if event.type == SessionRevoked.type {
      let revoked = try SessionRevoked(event)
      writer.put(
        Array(String(revoked.expires).utf8), at: Array(revoked.session.utf8), in: Self.revoked)
      return
    }
    let isThere = try users.change(number.rawValue, in: &writer) {
      row in
      switch event.type {
      case UserChanged.type:
        row.role = try UserChanged(event).role
      case UserPasswordChanged.type:
        row.password = try UserPasswordChanged(event).password
        row.passwordSet = event.position
      case UserDisabled.type:
        row.disabled = true
      default:
        break
      }
    }
    guard isThere else {
      throw ScreeningError.damaged(
        "Event \(event.position) speaks of user \(number), who was never registered.")
    }
  }

  /// Folds an event of a model's stream.
  static func foldModel(_ event: Event, into writer: inout ViewWriter) throws {
    if event.type == ModelTrained.type {
      let trained = try ModelTrained(event)
      try models.put(
        ModelRow(
          number: trained.model, opening: trained.opening, trained: event.position, erased: 0),
        for: trained.model.rawValue, in: &writer)
    } else {
      let promoted = try ModelPromoted(event)
      try modelsInForce.put(
        InForceRow(model: promoted.model, promoted: event.position), for: promoted.opening.slug,
        in: &writer)
    }
  }
}
