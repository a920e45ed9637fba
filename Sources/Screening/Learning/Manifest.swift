import EventStore

/// Which labels and readings a model was trained on: the blob that its event names.
///
/// `{"sources":[[applicant, label, [reading, …]], …]}`, by applicant.
struct Manifest: Sendable, Hashable {
  var sources: [LessonSource]

  var encoded: [UInt8] {
    JSONValue.object([
      "sources": .array(
        sources.map {
          .array([JSONValue($0.applicant), JSONValue($0.label), JSONValue($0.readings)])
        })
    ]).encoded()
  }

  init(sources: [LessonSource]) { self.sources = sources }

  init(decoding bytes: [UInt8]) throws(ScreeningError) {
    let sources = (try? JSONValue(canonical: bytes.span))?["sources"]?.array?.compactMap {
      entry -> LessonSource? in
      guard let entry = entry.array, entry.count == 3,
        let applicant: ApplicantNumber = entry[0].number(), let label = entry[1].position,
        let readings = entry[2].positions
      else { return nil }
      return LessonSource(applicant: applicant, label: label, readings: readings)
    }
    guard let sources else {
      throw .damaged("A training manifest cannot be decoded. Run 'senko verify'.")
    }
    self.sources = sources
  }
}
