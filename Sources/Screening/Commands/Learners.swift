import Cryptography
import EventStore
import Projections

/// Which models learnt from whom, by their training manifests.
struct Learners: Sendable {
  /// The models that learnt from an applicant, ascending.
  private(set) var models: [ApplicantNumber: [ModelNumber]] = [:]
  /// Models whose manifest cannot be read: whom they learnt from is not known.
  private(set) var unread: [ModelNumber] = []

  /// The models that learnt from any of those who were asked about, ascending.
  var all: [ModelNumber] { Set(models.values.joined()).sorted() }

  /// - Throws: `.damaged` where it is not known of every model.
  func requireWhole() throws(ScreeningError) {
    guard let model = unread.first else { return }
    throw .damaged(
      "The training manifest of model \(model) cannot be read, so that it is not known from whom it learnt. "
        + "Run 'senko verify', then 'senko repair' from a backup.")
  }

  fileprivate init() {}

  fileprivate mutating func take(
    _ sources: [LessonSource]?, of model: ModelNumber, among wanted: Set<ApplicantNumber>
  ) {
    guard let sources else { return unread.append(model) }
    for source in sources where wanted.contains(source.applicant) {
      models[source.applicant, default: []].append(model)
    }
  }
}

extension Office {
  /// Which models learnt from some applicants; one manifest that is damaged hides no other.
  func learners(from numbers: [ApplicantNumber]) throws(ScreeningError) -> Learners {
    let wanted = Set(numbers)
    var learners = Learners()
    try scan(RecordsProjection.models) { row in
      learners.take(try? sources(of: row), of: row.number, among: wanted)
      return true
    }
    return learners
  }

  private func sources(of row: ModelRow) throws(ScreeningError) -> [LessonSource] {
    let digest = try ModelTrained(try event(row.trained)).manifest
    let bytes = try blob(digest)
    // Nothing else notices a bit that the disk lost.
    guard SHA256.hash(bytes) == digest else {
      throw .damaged("The training manifest of model \(row.number) is not the one recorded.")
    }
    return try Manifest(decoding: bytes).sources
  }
}
