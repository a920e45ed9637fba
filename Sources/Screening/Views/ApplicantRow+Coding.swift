import EventStore
import Projections

extension ApplicantRow: ViewRow {
  private static let furtherPurposes: [SealedPurpose] = [.kana, .address]

  func encode(into encoder: inout RowEncoder) {
    encoder.encode(number)
    encoder.encode(subject)
    encoder.encode(opening)
    encoder.encode(received)
    encoder.encode(registered)
    encoder.encode(name)
    encoder.encode(email) { $1.encode($0) }
    encoder.encode(further.isEmpty)
    if !further.isEmpty {
      for purpose in Self.furtherPurposes { encoder.encode(further[purpose]) { $1.encode($0) } }
    }
    encoder.encode(state)
    encoder.encode(moved) { $1.encode($0) }
    encoder.encode(firstOpening) { $1.encode($0) }
    encoder.encode(list: documents) { $0.encode(into: &$1) }
    encoder.encode(label) { $0.encode(into: &$1) }
    // Mostly the same.
    encoder.encode(lesson == label)
    if lesson != label { encoder.encode(lesson) { $0.encode(into: &$1) } }
    encoder.encode(second) { $0.encode(into: &$1) }
    encoder.encode(screening) { $0.encode(into: &$1) }
    encoder.encode(firstScreening) { $0.encode(into: &$1) }
    encoder.encode(placed) { $1.encode($0) }
    encoder.encode(opened) { $1.encode($0) }
    encoder.encode(firstOpened) { $1.encode($0) }
    encoder.encode(erased) { $1.encode($0) }
    encoder.encode(hold) {
      $1.encode($0.position)
      $1.encode($0.reason)
    }
  }

  init(from decoder: inout RowDecoder) throws(RowCodingError) {
    self.init(
      number: try decoder.number(), subject: try decoder.subject(),
      opening: try decoder.opening(), received: try decoder.moment(),
      registered: try decoder.position(), state: .active, name: try decoder.reference(),
      email: try decoder.optional { (decoder) throws(RowCodingError) in try decoder.reference() })
    if try !decoder.flag() {
      for purpose in Self.furtherPurposes {
        further[purpose] = try decoder.optional { (decoder) throws(RowCodingError) in
          try decoder.reference()
        }
      }
    }
    state = try decoder.ordinalChoice()
    moved = try decoder.optionalPosition()
    firstOpening = try decoder.optional { (decoder) throws(RowCodingError) in
      try decoder.opening()
    }
    documents = try decoder.list(Document.init(from:))
    label = try decoder.optional(LabelEntry.init(from:))
    lesson = try decoder.flag() ? label : try decoder.optional(LabelEntry.init(from:))
    second = try decoder.optional(LabelEntry.init(from:))
    screening = try decoder.optional(ScreeningEntry.init(from:))
    firstScreening = try decoder.optional(ScreeningEntry.init(from:))
    placed = try decoder.optional { (decoder) throws(RowCodingError) in
      try decoder.ordinalChoice()
    }
    opened = try decoder.optionalPosition()
    firstOpened = try decoder.optionalPosition()
    erased = try decoder.optionalPosition()
    hold = try decoder.optional { (decoder) throws(RowCodingError) in
      Hold(position: try decoder.position(), reason: try decoder.text())
    }
  }
}

extension ApplicantRow.Document {
  fileprivate func encode(into encoder: inout RowEncoder) {
    encoder.encode(number)
    encoder.encode(added)
    encoder.encode(list: readings) {
      $1.encode($0.position)
      $1.encode($0.analysis)
      $1.encode($0.isTrusted)
    }
    encoder.encode(unreadable) { $1.encode($0) }
    encoder.encode(unreadableReason) { $1.encode($0) }
  }

  fileprivate init(from decoder: inout RowDecoder) throws(RowCodingError) {
    self.init(
      number: try decoder.count(), added: try decoder.position(),
      readings: try decoder.list { (decoder) throws(RowCodingError) in
        ApplicantRow.Reading(
          position: try decoder.position(), analysis: try decoder.text(),
          isTrusted: try decoder.flag())
      },
      unreadable: try decoder.optionalPosition(),
      unreadableReason: try decoder.optional { (decoder) throws(RowCodingError) in
        try decoder.text()
      })
  }
}

extension ApplicantRow.LabelEntry {
  fileprivate func encode(into encoder: inout RowEncoder) {
    encoder.encode(position)
    encoder.encode(label)
    encoder.encode(by)
    encoder.encode(claimed)
    encoder.encode(shown)
    encoder.encode(given)
  }

  fileprivate init(from decoder: inout RowDecoder) throws(RowCodingError) {
    self.init(
      position: try decoder.position(), label: try decoder.ordinalChoice(), by: try decoder.text(),
      claimed: try decoder.flag(), shown: try decoder.position(), given: try decoder.moment())
  }
}

extension ApplicantRow.ScreeningEntry {
  fileprivate func encode(into encoder: inout RowEncoder) {
    encoder.encode(position)
    encoder.encode(outcome)
    encoder.encode(probability) { $1.encode($0) }
    encoder.encode(model) { $1.encode($0) }
    encoder.encode(reason) { $1.encode($0) }
  }

  fileprivate init(from decoder: inout RowDecoder) throws(RowCodingError) {
    self.init(
      position: try decoder.position(), outcome: try decoder.ordinalChoice(),
      probability: try decoder.optional { (decoder) throws(RowCodingError) in
        try decoder.count()
      },
      model: try decoder.optional { (decoder) throws(RowCodingError) in try decoder.number() },
      reason: try decoder.optional { (decoder) throws(RowCodingError) in try decoder.text() })
  }
}
