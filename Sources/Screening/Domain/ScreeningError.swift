import EventStore

/// Why a command or query was refused.
///
/// The kind is what faces translate into an exit or HTTP status; the sentence says what happened, to which
/// record, and what to do. It never carries personal data.
public struct ScreeningError: Error, Sendable, CustomStringConvertible {
  /// The kind of refusal.
  public enum Kind: String, Sendable {
    /// What was given cannot be used as it is.
    case invalid
    /// No such record.
    case notFound
    /// The record's person was erased.
    case erased
    /// It contradicts what is recorded.
    case conflict
    /// What it was decided upon has changed since.
    case stale
    /// The credentials are wrong.
    case unauthenticated
    /// The user's role does not allow it.
    case forbidden
    /// The disk is full.
    case diskFull
    /// The store or a program that is needed failed.
    case unavailable
    /// What is stored is not what was recorded.
    case damaged
    /// Whoever asked for it no longer wants it.
    case cancelled
  }

  /// The kind of refusal.
  public let kind: Kind
  /// A whole sentence for people.
  public let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  static func invalid(_ text: String) -> Self { .init(.invalid, text) }
  static func notFound(_ text: String) -> Self { .init(.notFound, text) }
  static func conflict(_ text: String) -> Self { .init(.conflict, text) }
  static func unavailable(_ text: String) -> Self { .init(.unavailable, text) }
  static func damaged(_ text: String) -> Self { .init(.damaged, text) }

  static func noApplicant(_ number: ApplicantNumber) -> Self {
    .notFound(
      "There is no applicant \(number). 'senko applicants' lists the numbers that were given.")
  }
  static func erased(_ number: ApplicantNumber) -> Self {
    .init(.erased, "Applicant \(number) was erased; what was personal no longer exists.")
  }
}
