import EventStore
import Projections

extension ApplicantRow: ViewRow {
  var json: JSONValue {
    eventData([
      "documents": .array(documents.map(\.json)), "email": email?.json,
      "erased": erased.map { JSONValue($0) }, "label": label?.json, "lesson": lesson?.json,
      "name": name.json, "number": JSONValue(number), "opened": opened.map { JSONValue($0) },
      "opening": .string(opening.slug), "received": .string(received),
      "registered": JSONValue(registered), "screening": screening?.json, "second": second?.json,
      "state": .string(state.rawValue), "subject": .string(subject.hex),
    ])
  }

  init?(json: JSONValue) {
    let fields = EventFields(json, of: "applicants view", at: .zero)
    do throws(ScreeningError) {
      self.init(
        number: try fields.number("number"), subject: try fields.subject(),
        opening: try fields.opening(), received: try fields.string("received"),
        registered: try fields.position("registered"), state: try fields.choice("state"),
        name: try fields.sealed("name"),
        email: try fields.optional("email") { SealedReference($0) },
        documents: try fields.require("documents") { $0.array?.compactMap { Document(json: $0) } },
        label: try fields.optional("label") { LabelEntry(json: $0) },
        lesson: try fields.optional("lesson") { LabelEntry(json: $0) },
        second: try fields.optional("second") { LabelEntry(json: $0) },
        screening: try fields.optional("screening") { ScreeningEntry(json: $0) },
        opened: try fields.optional("opened") { $0.position },
        erased: try fields.optional("erased") { $0.position })
    } catch {
      return nil
    }
  }
}

extension ApplicantRow.Document {
  fileprivate var json: JSONValue {
    eventData([
      "added": JSONValue(added), "number": JSONValue(number),
      "readings": .array(
        readings.map { .array([JSONValue($0.position), .string($0.analysis)]) }),
      "unreadable": unreadable.map { JSONValue($0) },
      "unreadableReason": unreadableReason.map { .string($0) },
    ])
  }

  fileprivate init?(json: JSONValue) {
    guard let number = json["number"]?.integer, let added = json["added"]?.position,
      let readings = json["readings"]?.array
    else { return nil }
    self.init(
      number: Int(number), added: added,
      readings: readings.compactMap { pair in
        guard let pair = pair.array, pair.count == 2, let position = pair[0].position,
          let analysis = pair[1].string
        else { return nil }
        return ApplicantRow.Reading(position: position, analysis: analysis)
      },
      unreadable: json["unreadable"]?.position,
      unreadableReason: json["unreadableReason"]?.string)
  }
}

extension ApplicantRow.LabelEntry {
  fileprivate var json: JSONValue {
    eventData([
      "blind": blind ? 1 : 0, "by": .string(by), "claimed": claimed ? 1 : 0,
      "given": .string(given), "label": .string(label.rawValue), "position": JSONValue(position),
    ])
  }

  fileprivate init?(json: JSONValue) {
    guard let position = json["position"]?.position,
      let label = json["label"]?.string.flatMap({ Label(rawValue: $0) }),
      let by = json["by"]?.string, let given = json["given"]?.string
    else { return nil }
    self.init(
      position: position, label: label, by: by, claimed: json["claimed"]?.integer == 1,
      blind: json["blind"]?.integer == 1, given: given)
  }
}

extension ApplicantRow.ScreeningEntry {
  fileprivate var json: JSONValue {
    eventData([
      "model": model.map { JSONValue($0) }, "outcome": .string(outcome.rawValue),
      "position": JSONValue(position), "probability": probability.map { JSONValue($0) },
      "reason": reason.map { .string($0) },
    ])
  }

  fileprivate init?(json: JSONValue) {
    guard let position = json["position"]?.position,
      let outcome = json["outcome"]?.string.flatMap({ Outcome(rawValue: $0) })
    else { return nil }
    self.init(
      position: position, outcome: outcome,
      probability: json["probability"]?.integer.map(Int.init), model: json["model"]?.number(),
      reason: json["reason"]?.string)
  }
}
