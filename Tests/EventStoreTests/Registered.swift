@testable import EventStore

/// A person with a sealed name and a file, and the append that records both.
struct Registered {
  let subject: Subject
  let name: SealedReference
  let file: SealedReference

  static func append(_ log: EventLog, name: String) async throws -> Registered {
    try await register(name, in: log).person
  }

  /// Registers somebody; of a repetition the receipt alone says anything.
  static func register(
    _ name: String, in log: EventLog
  ) async throws -> (person: Registered, receipt: Receipt) {
    let subject = log.makeSubject()
    let sealed = log.seal(Array(name.utf8), for: subject, purpose: "name")
    let document = log.sealDocument(
      Array(String(repeating: name, count: 2000).utf8), for: subject)
    var append = Append(actor: "operator", via: "cli")
    append.events = [
      EventDraft(
        stream: "a:\(name.utf8.count)", type: "a.named",
        data: ["file": document.reference.json, "name": sealed.reference.json])
    ]
    append.subjects = [subject]
    append.sealed = [sealed]
    append.documents = [document]
    append.idempotency = Idempotency(
      key: "register \(name)", content: Array(name.utf8), subject: subject.id)
    let receipt = try await log.append(append)
    return (
      Registered(subject: subject, name: sealed.reference, file: document.reference), receipt
    )
  }

  /// - Parameter named: whether the event says whom it erases, as `verify` holds against the table of the erased.
  func erase(from log: EventLog, named: Bool = false) async throws -> Receipt {
    var append = Append(actor: "operator", via: "cli")
    append.events = [note("erased")]
    if named {
      append.events[0].type = "a.erased"
      append.events[0].data = ["subject": .string(subject.id.hex), "text": "erased"]
    }
    return try await log.erase([subject.id], recording: append)
  }
}
