import Cryptography
import EventStore
import Projections

/// A user at one position.
struct UserRow: Hashable {
  var number: UserNumber
  var subject: SubjectID
  var role: Role
  var disabled: Bool
  var email: SealedReference
  var name: SealedReference
  var password: SealedReference
  /// The event that set the password: tokens issued before it are no longer refreshed.
  var passwordSet: Position
}

extension UserRow: ViewRow {
  func encode(into encoder: inout RowEncoder) {
    encoder.encode(number)
    encoder.encode(subject)
    encoder.encode(role.rawValue)
    encoder.encode(disabled)
    encoder.encode(email)
    encoder.encode(name)
    encoder.encode(password)
    encoder.encode(passwordSet)
  }

  init(from decoder: inout RowDecoder) throws(RowCodingError) {
    self.init(
      number: try decoder.number(), subject: try decoder.subject(), role: try decoder.choice(),
      disabled: try decoder.flag(), email: try decoder.reference(), name: try decoder.reference(),
      password: try decoder.reference(), passwordSet: try decoder.position())
  }
}

/// A model at one position: everything else stands in its event.
struct ModelRow: Hashable {
  var number: ModelNumber
  var opening: Opening
  var trained: Position
  /// Applicants it learnt from that were erased since.
  var erased: Int
}

extension ModelRow: ViewRow {
  func encode(into encoder: inout RowEncoder) {
    encoder.encode(number)
    encoder.encode(opening)
    encoder.encode(trained)
    encoder.encode(erased)
  }

  init(from decoder: inout RowDecoder) throws(RowCodingError) {
    self.init(
      number: try decoder.number(), opening: try decoder.opening(),
      trained: try decoder.position(), erased: try decoder.count())
  }
}

/// Which model is in force for an opening.
struct InForceRow: Hashable {
  var model: ModelNumber
  var promoted: Position
}

extension InForceRow: ViewRow {
  func encode(into encoder: inout RowEncoder) {
    encoder.encode(model)
    encoder.encode(promoted)
  }

  init(from decoder: inout RowDecoder) throws(RowCodingError) {
    self.init(model: try decoder.number(), promoted: try decoder.position())
  }
}

/// The policy in force.
struct PolicyRow: Hashable {
  /// The event that adopted it, or zero for the built-in one.
  var position: Position
  /// Basis points from which the outcome is `review`.
  var threshold: Int
  /// When people see scores.
  var scores = ScoreDisplay.always
  /// How long applications are kept, by opening; those without a limit have no rule.
  var retention: [RetentionRule] = []

  /// The policy before any was adopted: 65 %, scores always shown, everything kept.
  static let builtIn = PolicyRow(position: .zero, threshold: 6500)

  /// Takes on what the event at `position` adopts.
  mutating func take(_ adopted: PolicyAdopted, at position: Position) {
    self.position = position
    threshold = adopted.threshold
    scores = adopted.scores
    guard let rule = adopted.retention else { return }
    retention.removeAll { $0.opening == rule.opening }
    guard rule.days != nil else { return }
    let place = retention.firstIndex { $0.opening > rule.opening } ?? retention.endIndex
    retention.insert(rule, at: place)
  }
}

extension PolicyRow: ViewRow {
  func encode(into encoder: inout RowEncoder) {
    encoder.encode(position)
    encoder.encode(threshold)
    encoder.encode(scores.rawValue)
    encoder.encode(list: retention) {
      $1.encode($0.opening)
      $1.encode($0.days) { $1.encode($0) }
    }
  }

  init(from decoder: inout RowDecoder) throws(RowCodingError) {
    self.init(
      position: try decoder.position(), threshold: try decoder.count(),
      scores: try decoder.choice(),
      retention: try decoder.list { (decoder) throws(RowCodingError) in
        RetentionRule(
          opening: try decoder.opening(),
          days: try decoder.optional { (decoder) throws(RowCodingError) in try decoder.count() })
      })
  }
}

extension Digest {
  /// The first 16 hexadecimal digits, by which views tell analyses apart.
  var shortHex: String { String(hex.prefix(16)) }
}
