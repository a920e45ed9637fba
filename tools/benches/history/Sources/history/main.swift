import EventStore
import Glibc

/// `history FOLDER APPLICANTS`: adds a screening history of four small events an applicant (registered,
/// screened, opened, labelled) to a data folder, without documents, faster than people could.
let arguments = CommandLine.arguments
guard arguments.count == 3, let applicants = Int(arguments[2]) else {
  print("usage: history FOLDER APPLICANTS")
  exit(64)
}

let log = try EventLog.open(arguments[1], create: true)
var position = try log.head.rawValue
var next = 1
while next <= applicants {
  var append = Append(actor: "operator", via: "import")
  let last = min(next + 249, applicants)
  for number in next...last {
    let subject = log.makeSubject()
    let name = log.seal(Array("応募者\(number)".utf8), for: subject, purpose: "name")
    append.subjects.append(subject)
    append.sealed.append(name)
    append.events += events(of: number, subject: subject, name: name.reference, after: position)
    position += 4
  }
  _ = try await log.append(append)
  next = last + 1
}
log.close()

/// What is recorded of one applicant, whose first event follows `position`.
func events(
  of number: Int, subject: Subject, name: SealedReference, after position: UInt64
) -> [EventDraft] {
  let stream = "applicant:\(number)"
  let applicant = JSONValue.integer(Int64(number))
  let opening: JSONValue = number % 3 == 0 ? "sales" : "engineer"
  // A spread of percentages that repeats itself only after 9,973 applicants.
  let probability = Int64(number * 7919 % 9973)
  let label: JSONValue = probability % 5 == 0 ? "hold" : probability > 5_000 ? "ok" : "ng"
  return [
    EventDraft(
      stream: stream, type: "applicant.registered",
      data: [
        "applicant": applicant, "name": name.json, "opening": opening,
        "subject": .string(subject.id.hex),
      ]),
    EventDraft(
      stream: stream, type: "applicant.screened",
      data: [
        "applicant": applicant, "excluded": 3, "interval": .array([
          .integer(max(probability - 400, 0)), .integer(min(probability + 400, 10_000)),
        ]), "known": 40, "model": 1, "opening": opening,
        "outcome": probability >= 6_500 ? "review" : "second-look", "policy": 0,
        "probability": .integer(probability), "readings": [], "score": "3fe0000000000000",
        "threshold": 6_500, "unknown": 12,
      ]),
    EventDraft(stream: stream, type: "applicant.opened", data: ["applicant": applicant]),
    EventDraft(
      stream: stream, type: "applicant.labelled",
      data: [
        "applicant": applicant, "label": label, "purpose": "decision",
        "screening": .integer(Int64(position) + 2),
      ]),
  ]
}
