import EventStore

/// What the applicants view holds of one applicant at one position: the facts that lists filter and
/// sort by, and the positions of the events that hold the rest.
struct ApplicantRow: Sendable, Hashable {
  /// A document of the application.
  struct Document: Sendable, Hashable {
    var number: Int
    var added: Position
    /// The newest reading by each analysis, oldest first.
    var readings: [Reading] = []
    /// The event that says why it could not be read, unless it was read later.
    var unreadable: Position?
    var unreadableReason: String?
  }

  /// A reading of a document.
  struct Reading: Sendable, Hashable {
    var position: Position
    /// The first bytes of the analysis' digest, in hexadecimal.
    var analysis: String
    /// Whether its nouns may teach and be judged: no flag says that they are none of the writer's.
    var isTrusted: Bool
  }

  /// A label, and what a list shows of it.
  struct LabelEntry: Sendable, Hashable {
    var position: Position
    var label: Label
    /// Who gave it: the actor, or the user on whose behalf the operator acted.
    var by: String
    /// Whether `by` was only named by the operator.
    var claimed: Bool
    /// The screening that was in view; zero for none.
    var shown: Position
    /// When it was given.
    var given: Moment

    /// Whether no score was in view.
    var blind: Bool { shown == .zero }
  }

  /// A screening, and what a list shows of it.
  struct ScreeningEntry: Sendable, Hashable {
    var position: Position
    var outcome: Outcome
    var probability: Int?
    var model: ModelNumber?
    var reason: String?
  }

  /// A legal hold: nothing of the person may be erased.
  struct Hold: Sendable, Hashable {
    var position: Position
    var reason: String
  }

  var number: ApplicantNumber
  var subject: SubjectID
  var opening: Opening
  /// The opening of the registration, where it was corrected since.
  var firstOpening: Opening?
  var received: Moment
  var registered: Position
  var state: ApplicantState
  /// The event by which the application last left the selection, came back to it, or came to another opening.
  var moved: Position?
  var name: SealedReference
  var email: SealedReference?
  /// The name in kana and the postal address, of those few who gave them.
  var further: [SealedPurpose: SealedReference] = [:]
  var documents: [Document] = []
  /// The latest label that decides: of purpose decision or history.
  var label: LabelEntry?
  /// The latest label that teaches: decision or history, ok or ng.
  var lesson: LabelEntry?
  /// The latest second reading.
  var second: LabelEntry?
  var screening: ScreeningEntry?
  /// The last one for the opening of the registration, where the opening was corrected since.
  var firstScreening: ScreeningEntry?
  /// Where the screenings placed the application when it was decided; of one that nobody has decided about, or whose
  /// first screening came after the decision, where they have placed it so far.
  var placed: Outcome?
  /// When a person last opened it.
  var opened: Position?
  /// When a person first opened it.
  var firstOpened: Position?
  var erased: Position?
  var hold: Hold?

  /// The opening of the registration, whatever was corrected since.
  var registeredFor: Opening { firstOpening ?? opening }

  /// The last screening for that opening.
  var registeredScreening: ScreeningEntry? {
    opening == registeredFor ? screening ?? firstScreening : firstScreening
  }

  /// The readings under `analysis`: of each readable document the newest one.
  func readings(under analysis: String) -> [Position] {
    newestReadings(under: analysis).map(\.position)
  }

  /// Those of them whose nouns may teach and be judged.
  func trustedReadings(under analysis: String) -> [Position] {
    newestReadings(under: analysis).filter(\.isTrusted).map(\.position)
  }

  private func newestReadings(under analysis: String) -> [Reading] {
    documents.compactMap { $0.readings.last { $0.analysis == analysis } }
  }

  /// Whether nobody has opened the application: who has read it need not do so again for another score.
  var isUnread: Bool { opened == nil }

  /// The newest reading of each document, whatever its analysis.
  var newestReadings: [Reading] { documents.compactMap(\.readings.last) }
}
