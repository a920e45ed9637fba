import Cryptography
import DocumentReader
import EventStore

/// What is recorded of an applicant: the events that the product would have written.
struct Record {
  let log: EventLog
  /// The blob that readings name.
  let fingerprint: [UInt8]

  /// Adds one applicant's six events, the first of which follows `position`.
  func add(
    _ application: Application, number: Int, after position: inout UInt64, to append: inout Append
  ) {
    let subject = log.makeSubject()
    append.subjects.append(subject)
    func seal(_ bytes: [UInt8], _ purpose: String) -> JSONValue {
      let value = log.seal(bytes, for: subject, purpose: purpose)
      append.sealed.append(value)
      return value.reference.json
    }
    // The file itself is left out: nothing that is measured opens it.
    let file = log.sealDocument([], for: subject).reference.json
    let text = Array(application.text.utf8)
    let (name, raw) = (seal(Array("応募者\(number)".utf8), "name"), seal(text, "raw"))
    let (normal, tokens) = (
      seal(text, "text"), seal(TokenCoding.encode(application.tokens), "tokens")
    )
    let stream = "applicant:\(number)"
    let applicant = JSONValue.integer(Int64(number))
    func event(_ type: String, _ data: JSONValue) {
      append.events.append(EventDraft(stream: stream, type: type, data: data))
      position += 1
    }
    event(
      "applicant.registered",
      [
        "applicant": applicant, "name": name, "opening": "engineer",
        "subject": .string(subject.id.hex),
      ])
    event(
      "document.added",
      [
        "applicant": applicant, "document": 1, "file": file, "form": "text",
        "size": .integer(Int64(text.count)),
      ])
    event(
      "document.read",
      [
        "analysis": .string(String(repeating: "ab", count: 32)), "applicant": applicant,
        "document": 1,
        "fingerprint": .object(["blob": .string(SHA256.hash(fingerprint).hex)]),
        "flags": [], "quality": .object([:]), "raw": raw, "text": normal, "tokens": tokens,
      ])
    let reading = position
    // A spread of percentages that repeats itself only after 9,973 applicants.
    let probability = Int64(number * 7919 % 9973)
    event(
      "applicant.screened",
      [
        "applicant": applicant, "excluded": 0,
        "interval": .array([
          .integer(max(probability - 400, 0)), .integer(min(probability + 400, 10_000)),
        ]), "known": 190, "model": 1, "opening": "engineer",
        "outcome": probability >= 6_500 ? "review" : "second-look", "policy": 0,
        "probability": .integer(probability), "readings": .array([.integer(Int64(reading))]),
        "score": "3fe0000000000000", "threshold": 6_500, "unknown": 10,
      ])
    let screening = position
    event("applicant.opened", ["applicant": applicant])
    event(
      "applicant.labelled",
      [
        "applicant": applicant, "label": application.isOK ? "ok" : "ng", "purpose": "decision",
        "screening": .integer(Int64(screening)),
      ])
  }
}
