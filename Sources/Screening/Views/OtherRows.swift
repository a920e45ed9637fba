import Cryptography
import EventStore
import Projections

/// A user at one position.
struct UserRow: ViewRow, Hashable {
  var number: UserNumber
  var subject: SubjectID
  var role: Role
  var disabled: Bool
  var email: SealedReference
  var name: SealedReference
  var password: SealedReference
  /// The event that set the password: tokens issued before it are no longer refreshed.
  var passwordSet: Position

  var json: JSONValue {
    eventData([
      "disabled": disabled ? 1 : 0, "email": email.json, "name": name.json,
      "number": JSONValue(number), "password": password.json,
      "passwordSet": JSONValue(passwordSet), "role": .string(role.rawValue),
      "subject": .string(subject.hex),
    ])
  }
}

extension UserRow {
  init?(json: JSONValue) {
    let fields = EventFields(json, of: "users view", at: .zero)
    do throws(ScreeningError) {
      self.init(
        number: try fields.number("number"), subject: try fields.subject(),
        role: try fields.choice("role"), disabled: try fields.integer("disabled") == 1,
        email: try fields.sealed("email"), name: try fields.sealed("name"),
        password: try fields.sealed("password"), passwordSet: try fields.position("passwordSet"))
    } catch {
      return nil
    }
  }
}

/// A model at one position: everything else stands in its event.
struct ModelRow: ViewRow, Hashable {
  var number: ModelNumber
  var opening: Opening
  var trained: Position
  /// Applicants it learnt from that were erased since.
  var erased: Int

  var json: JSONValue {
    eventData([
      "erased": JSONValue(erased), "number": JSONValue(number), "opening": .string(opening.slug),
      "trained": JSONValue(trained),
    ])
  }
}

extension ModelRow {
  init?(json: JSONValue) {
    let fields = EventFields(json, of: "models view", at: .zero)
    do throws(ScreeningError) {
      self.init(
        number: try fields.number("number"), opening: try fields.opening(),
        trained: try fields.position("trained"), erased: try fields.integer("erased"))
    } catch {
      return nil
    }
  }
}

/// Which model is in force for an opening.
struct InForceRow: ViewRow, Hashable {
  var model: ModelNumber
  var promoted: Position

  var json: JSONValue {
    eventData(["model": JSONValue(model), "promoted": JSONValue(promoted)])
  }
}

extension InForceRow {
  init?(json: JSONValue) {
    guard let model: ModelNumber = json["model"]?.number(),
      let promoted = json["promoted"]?.position
    else { return nil }
    self.init(model: model, promoted: promoted)
  }
}

/// The policy in force.
struct PolicyRow: ViewRow, Hashable {
  /// The event that adopted it, or zero for the built-in one.
  var position: Position
  /// Basis points from which the outcome is `review`.
  var threshold: Int

  /// The policy before any was adopted: 65 %.
  static let builtIn = PolicyRow(position: .zero, threshold: 6500)

  var json: JSONValue {
    eventData(["position": JSONValue(position), "threshold": JSONValue(threshold)])
  }
}

extension PolicyRow {
  init?(json: JSONValue) {
    guard let position = json["position"]?.position, let threshold = json["threshold"]?.integer
    else { return nil }
    self.init(position: position, threshold: Int(threshold))
  }
}

extension Digest {
  /// The first 16 hexadecimal digits, by which views tell analyses apart.
  var shortHex: String { String(hex.prefix(16)) }
}
