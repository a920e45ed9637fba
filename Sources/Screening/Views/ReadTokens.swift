import EventStore

/// Where the words of a reading are sealed, as the event tells that records it.
struct ReadTokens: Sendable {
  let position: Position
  let applicant: ApplicantNumber
  /// The document's number within the application.
  let document: Int
  private let tokens: SealedReference

  init(_ event: EventLine) throws {
    position = event.position
    var number: ApplicantNumber?
    var document: Int?
    var tokens: SealedReference?
    event.forEachMember { member in
      if member.isNamed("applicant") {
        number = member.number()
      } else if member.isNamed("document") {
        document = member.count.map { Int($0) }
      } else if member.isNamed("tokens") {
        tokens = member.reference
      }
      return true
    }
    if let number, let document, let tokens {
      (applicant, self.document, self.tokens) = (number, document, tokens)
    } else {
      let read = try DocumentRead(try Event(event))
      (applicant, self.document, self.tokens) = (read.applicant, read.document, read.tokens)
    }
  }

  /// The encoded tokens, or `nil` where they count no longer.
  func open(_ log: EventLog) throws -> [UInt8]? {
    do throws(EventLogError) {
      return try log.open(tokens, purpose: SealedPurpose.tokens.rawValue)
    } catch {
      switch error {
      // Erased people's words count no longer, and damaged ones not until they are repaired: 'verify' names
      // them, and one damaged value must not stop every query.
      case .erased, .damaged, .missing: return nil
      default: throw error
      }
    }
  }
}
