import EventStore
import Projections

/// What an erasure answers.
public struct ErasureReceipt: Sendable, Encodable {
  /// Who was erased.
  public let applicants: [UInt64]
  /// The position of the last event.
  public let position: UInt64
  /// The signed checkpoint that covers the erasure, as a C2SP note.
  public let checkpoint: String
  /// Models that had learnt from them: their training can no longer be repeated.
  public let models: [UInt64]
}

extension Office {
  /// Destroys what was personal of applicants: their keys, sealed values and documents.
  ///
  /// The request and its answer are events of their own. Nothing is answered before the last step is
  /// done.
  ///
  /// - Parameter reason: a slug such as `request` or `retention`.
  /// - Throws: `.notFound`, or `.erased` when one of them was erased before; then nobody is.
  public func erase(
    _ numbers: [ApplicantNumber], reason: String, by origin: Origin
  ) async throws(ScreeningError) -> ErasureReceipt {
    guard isSlug(reason) else {
      throw .invalid("The reason code has other characters than a–z, 0–9 and '-'. Use 'request'.")
    }
    let numbers = Set(numbers).sorted()
    guard !numbers.isEmpty else { throw .invalid("Nobody was named. Give at least one number.") }
    let request = try await append { [self] (_) throws(ScreeningError) in
      origin.append(
        try numbers.map { (number) throws(ScreeningError) in
          _ = try livingRow(number)
          return ErasureRequested(applicant: number, reason: reason)
            .draft(onBehalfOf: origin.onBehalfOf)
        })
    }
    let (subjects, recording, models) = try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      return try erasure(of: numbers, reason: reason, request: request.first, by: origin)
    }
    let receipt: Receipt
    do throws(EventLogError) {
      receipt = try await log.erase(subjects, recording: recording)
    } catch { throw ScreeningError(error) }
    opened.removeAll()
    try await offPool { [self] () throws(ScreeningError) in _ = try catchUp() }
    return ErasureReceipt(
      applicants: numbers.map(\.rawValue), position: receipt.last.rawValue,
      checkpoint: receipt.checkpoint, models: models.map(\.rawValue))
  }

  private func erasure(
    of numbers: [ApplicantNumber], reason: String, request: Position, by origin: Origin
  ) throws(ScreeningError) -> ([SubjectID], Append, [ModelNumber]) {
    let learners = try modelsByApplicant(numbers)
    var subjects: [SubjectID] = []
    var recording = origin.append()
    for (index, number) in numbers.enumerated() {
      let row = try livingRow(number)
      subjects.append(row.subject)
      let requested = Position(rawValue: request.rawValue + UInt64(index))
      recording.events.append(
        ApplicantErased(
          applicant: number, subject: row.subject, reason: reason, request: requested,
          models: learners[number, default: []].sorted()
        ).draft(onBehalfOf: origin.onBehalfOf, cause: .position(requested)))
    }
    return (subjects, recording, Set(learners.values.joined()).sorted())
  }

  /// Which models learnt from whom, by their training manifests.
  func modelsByApplicant(
    _ numbers: [ApplicantNumber]
  ) throws(ScreeningError) -> [ApplicantNumber: [ModelNumber]] {
    let wanted = Set(numbers)
    var learners: [ApplicantNumber: [ModelNumber]] = [:]
    try scan(RecordsProjection.models) { (row) throws(ScreeningError) in
      let event = try ModelTrained(try event(row.trained))
      for source in try Manifest(decoding: try blob(event.manifest)).sources
      where wanted.contains(source.applicant) {
        learners[source.applicant, default: []].append(row.number)
      }
      return true
    }
    return learners
  }
}
