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
  /// Models whose training manifest cannot be read, so that it is not known whether they had learnt from them.
  public let unreadManifests: [UInt64]
}

extension Office {
  /// Destroys what was personal of applicants: their keys, sealed values and documents.
  ///
  /// The request and its answer are events of their own. Nothing is answered before the last step is
  /// done.
  ///
  /// - Parameters:
  ///   - reason: a slug such as `request` or `retention`.
  ///   - withoutEscrow: gives up an escrow that cannot be reached: whoever finds it can still open backups made
  ///     before.
  /// - Throws: `.notFound`, `.erased` when one of them was erased before, `.conflict` when one is under legal
  ///   hold, which is recorded as the answer; then nobody is erased.
  public func erase(
    _ numbers: [ApplicantNumber], reason: String, withoutEscrow: Bool = false, by origin: Origin
  ) async throws(ScreeningError) -> ErasureReceipt {
    guard isSlug(reason) else {
      throw .invalid("The reason code has other characters than a–z, 0–9 and '-'. Use 'request'.")
    }
    let numbers = Set(numbers).sorted()
    guard !numbers.isEmpty else { throw .invalid("Nobody was named. Give at least one number.") }
    return try await erase(
      numbers, reason: reason, withoutEscrow: withoutEscrow,
      as: Command(
        "erase",
        ["applicants": .array(numbers.map { JSONValue($0) }), "reason": .string(reason)]),
      by: origin)
  }

  /// As above, by number and as a part of `command`; a second try goes on where the first one broke off.
  func erase(
    _ numbers: [ApplicantNumber], reason: String, withoutEscrow: Bool = false, as command: Command,
    by origin: Origin
  ) async throws(ScreeningError) -> ErasureReceipt {
    // One that broke off is done before it is answered for, and before it refuses another.
    do throws(EventLogError) { try await log.finishErasing(withoutEscrow: withoutEscrow) } catch {
      throw ScreeningError(error)
    }
    let request = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      var append = origin.append()
      for number in numbers {
        _ = try livingRow(number)
        append.events.append(
          ErasureRequested(applicant: number, reason: reason)
            .draft(onBehalfOf: origin.onBehalfOf))
        append.expecting[number.stream] = try lastPosition(of: number.stream, at: at)
      }
      return append
    }
    if request.repeated {
      let earlier = try await offPool { [self] () throws(ScreeningError) in
        try answer(to: request)
      }
      if let earlier { return earlier }
    }
    try await refuseIfHeld(numbers, request: request.first, by: origin)
    let (subjects, recording, learners) = try await offPool { [self] () throws(ScreeningError) in
      try erasure(of: numbers, reason: reason, request: request.first, by: origin)
    }
    let receipt: Receipt
    do throws(EventLogError) {
      receipt = try await log.erase(
        subjects, recording: recording, withoutEscrow: withoutEscrow)
    } catch { throw ScreeningError(error) }
    opened.removeAll()
    counted.removeAll()
    try await offPool { [self] () throws(ScreeningError) in
      _ = try catchUp()
      // The vocabulary still tells which of the shared words they had.
      try recorded { () throws(ViewError) in try views.forgetOutdated() }
    }
    return ErasureReceipt(
      applicants: numbers.map(\.rawValue), position: receipt.last.rawValue,
      checkpoint: receipt.checkpoint, models: learners.all.map(\.rawValue),
      unreadManifests: learners.unread.map(\.rawValue))
  }

  /// What a request for erasure was answered; `nil` when it was not yet.
  ///
  /// - Throws: `.conflict` when it was refused.
  private func answer(to request: Receipt) throws(ScreeningError) -> ErasureReceipt? {
    try catchUp()
    var erased: [ApplicantErased] = []
    var last = request.last
    for position in request.positions {
      let number = try ErasureRequested(try event(position)).applicant
      for later in try historyPositions(of: number, through: Position(rawValue: .max))
      where later > position {
        let event = try event(later)
        if event.type == ErasureRefused.type, try ErasureRefused(event).request == position {
          throw .conflict(
            "The erasure of applicant \(number) was refused at event \(later), for a legal hold. Lift it, "
              + "and ask again under another key.")
        }
        if event.type == ApplicantErased.type, try ApplicantErased(event).request == position {
          erased.append(try ApplicantErased(event))
          last = max(last, later)
        }
      }
    }
    guard erased.count == request.positions.count else { return nil }
    return ErasureReceipt(
      applicants: erased.map(\.applicant.rawValue).sorted(), position: last.rawValue,
      checkpoint: request.checkpoint,
      models: Set(erased.flatMap(\.models)).map(\.rawValue).sorted(),
      unreadManifests: Set(erased.flatMap(\.unreadManifests)).map(\.rawValue).sorted())
  }

  /// Answers a request about people under legal hold.
  private func refuseIfHeld(
    _ numbers: [ApplicantNumber], request: Position, by origin: Origin
  ) async throws(ScreeningError) {
    let held = try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      var held: [(index: Int, number: ApplicantNumber, hold: ApplicantRow.Hold)] = []
      for (index, number) in numbers.enumerated() {
        if let hold = try livingRow(number).hold { held.append((index, number, hold)) }
      }
      return held
    }
    guard !held.isEmpty else { return }
    _ = try await append { (_) throws(ScreeningError) in
      origin.append(
        held.map { held in
          let requested = Position(rawValue: request.rawValue + UInt64(held.index))
          return ErasureRefused(
            applicant: held.number, request: requested, hold: held.hold.position
          ).draft(onBehalfOf: origin.onBehalfOf, cause: .position(requested))
        })
    }
    throw .held(held.map { ($0.number, $0.hold) })
  }

  private func erasure(
    of numbers: [ApplicantNumber], reason: String, request: Position, by origin: Origin
  ) throws(ScreeningError) -> ([SubjectID], Append, Learners) {
    let head = try catchUp()
    let learners = try learners(from: numbers)
    var subjects: [SubjectID] = []
    var recording = origin.append()
    for (index, number) in numbers.enumerated() {
      let row = try livingRow(number)
      subjects.append(row.subject)
      if let hold = row.hold { throw .held([(number, hold)]) }
      // A hold that is placed meanwhile moves the stream, and the erasure is refused.
      recording.expecting[number.stream] = try lastPosition(of: number.stream, at: head)
      let requested = Position(rawValue: request.rawValue + UInt64(index))
      recording.events.append(
        ApplicantErased(
          applicant: number, subject: row.subject, reason: reason, request: requested,
          models: learners.models[number, default: []], unreadManifests: learners.unread
        ).draft(onBehalfOf: origin.onBehalfOf, cause: .position(requested)))
    }
    return (subjects, recording, learners)
  }
}
