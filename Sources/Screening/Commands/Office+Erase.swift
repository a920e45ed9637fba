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
  /// Of requests about one person that come at once, the erasure answers all: each is given its receipt.
  ///
  /// - Throws: `.notFound`, `.erased` when one of them was erased before this was asked for, `.conflict` when one is under
  ///   legal hold, which is recorded as the answer; then nobody is erased.
  public func erase(
    _ numbers: [ApplicantNumber], reason: String, withoutEscrow: Bool = false, by origin: Origin
  ) async throws(ScreeningError) -> ErasureReceipt {
    guard isSlug(reason) else {
      throw .invalid("The reason code has other characters than a–z, 0–9 and '-'. Use 'request'.")
    }
    let numbers = Set(numbers).sorted()
    guard !numbers.isEmpty else { throw .invalid("Nobody was named. Give at least one number.") }
    let command = Command(
      "erase",
      ["applicants": .array(numbers.map { JSONValue($0) }), "reason": .string(reason)])
    let request = try await requestErasure(
      reason: reason, withoutEscrow: withoutEscrow, as: command, by: origin
    ) { (_) in (numbers, []) }
    while true {
      let (earlier, left) = try await offPool { [self] () throws(ScreeningError) in
        (try answer(to: request), try unerased(numbers))
      }
      if let earlier {
        // Whoever erased them meanwhile may not be done yet.
        do throws(EventLogError) {
          try await log.finishErasing(withoutEscrow: withoutEscrow)
        } catch { throw ScreeningError(error) }
        return earlier
      }
      // One who was erased between the two looks answers the next time.
      guard !left.isEmpty else { continue }
      do throws(ScreeningError) {
        try await refuseIfHeld(numbers, request: request.first, by: origin)
        let erasure = try await offPool { [self] () throws(ScreeningError) in
          try self.erasure(
            of: left, request: request, relyingOn: [], at: try catchUp(), by: origin)
        }
        if let receipt = try await carryOut(erasure, withoutEscrow: withoutEscrow) {
          return receipt
        }
      } catch {
        guard error.kind == .erased else { throw error }
        // Another request may have come first for some of them; the others go on.
        let still = try await offPool { [self] () throws(ScreeningError) in
          _ = try catchUp()
          return try unerased(left)
        }
        guard still.count < left.count else { throw error }
      }
    }
  }

  /// Those of some applicants who are not erased.
  private func unerased(
    _ numbers: [ApplicantNumber]
  ) throws(ScreeningError) -> [ApplicantNumber] {
    var left: [ApplicantNumber] = []
    for number in numbers where try newestRow(number)?.erased == nil { left.append(number) }
    return left
  }

  /// Records that an erasure was asked for; a second try finds the first one's request.
  ///
  /// - Parameter decision: whom it is about, and upon which other streams that relies, at a position; it is asked again
  ///   whenever one of them has changed meanwhile.
  func requestErasure(
    reason: String, withoutEscrow: Bool = false, as command: Command, by origin: Origin,
    _ decision:
      @escaping @Sendable (Position) throws(ScreeningError) -> (
        numbers: [ApplicantNumber], streams: [String]
      )
  ) async throws(ScreeningError) -> Receipt {
    // One that broke off is done before it is answered for, and before it refuses another.
    do throws(EventLogError) { try await log.finishErasing(withoutEscrow: withoutEscrow) } catch {
      throw ScreeningError(error)
    }
    if let earlier = try await repetition(of: command, by: origin) { return earlier }
    if !withoutEscrow {
      do throws(EventLogError) { try await log.requireEscrow() } catch {
        throw ScreeningError(error)
      }
    }
    return try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      let (numbers, streams) = try decision(at)
      var append = origin.append()
      for number in numbers {
        _ = try livingRow(number)
        append.events.append(
          ErasureRequested(applicant: number, reason: reason)
            .draft(onBehalfOf: origin.onBehalfOf))
      }
      for stream in numbers.map(\.stream) + streams {
        append.expecting[stream] = try lastPosition(of: stream, at: at)
      }
      return append
    }
  }

  /// Erases whom an erasure is about, and forgets what was kept of them.
  ///
  /// - Returns: `nil` when a stream that it relies on has changed since it was decided; then nobody is erased.
  func carryOut(
    _ erasure: DecidedErasure, withoutEscrow: Bool = false
  ) async throws(ScreeningError) -> ErasureReceipt? {
    let receipt: Receipt
    do throws(EventLogError) {
      receipt = try await log.erase(
        erasure.subjects, recording: erasure.recording, withoutEscrow: withoutEscrow)
    } catch {
      if case .streamChanged = error { return nil }
      if case .unfinished = error { try await forgetErased() }
      throw ScreeningError(error)
    }
    try await forgetErased()
    return ErasureReceipt(
      applicants: erasure.numbers.map(\.rawValue), position: receipt.last.rawValue,
      checkpoint: receipt.checkpoint, models: erasure.learners.all.map(\.rawValue),
      unreadManifests: erasure.learners.unread.map(\.rawValue))
  }

  /// Forgets what was kept of whom an erasure has destroyed.
  private func forgetErased() async throws(ScreeningError) {
    opened.removeAll(through: try generation)
    counted.removeAll()
    try await offPool { [self] () throws(ScreeningError) in
      _ = try catchUp()
      // The vocabulary still tells which of the shared words they had.
      try recorded { () throws(ViewError) in try views.forgetOutdated() }
    }
  }

  /// What a request for erasure was answered; `nil` when it was not yet.
  ///
  /// Its own erasure answers it, or, where all whom it names were erased by requests that came beside it, theirs.
  ///
  /// - Throws: `.conflict` when it was refused.
  func answer(to request: Receipt) throws(ScreeningError) -> ErasureReceipt? {
    try catchUp()
    var erased: [(position: Position, event: ApplicantErased)] = []
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
        if event.type == ApplicantErased.type {
          erased.append((later, try ApplicantErased(event)))
        }
      }
    }
    // All who are erased by a request are so at once; a run of retention leaves out who is no longer due by then.
    let own = erased.filter { request.positions.contains($0.event.request) }
    guard !own.isEmpty || erased.count == request.positions.count else { return nil }
    let answer = own.isEmpty ? erased : own
    return ErasureReceipt(
      applicants: answer.map(\.event.applicant.rawValue).sorted(),
      position: answer.map(\.position).reduce(request.last) { max($0, $1) }.rawValue,
      checkpoint: try recorded { () throws(EventLogError) in try log.checkpoint() },
      models: Set(answer.flatMap(\.event.models)).map(\.rawValue).sorted(),
      unreadManifests: Set(answer.flatMap(\.event.unreadManifests)).map(\.rawValue).sorted())
  }

  /// Answers a request about people under legal hold.
  private func refuseIfHeld(
    _ numbers: [ApplicantNumber], request: Position, by origin: Origin
  ) async throws(ScreeningError) {
    let held = try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      var held: [(index: Int, number: ApplicantNumber, hold: ApplicantRow.Hold)] = []
      for (index, number) in numbers.enumerated() {
        guard let row = try newestRow(number), row.erased == nil, let hold = row.hold else {
          continue
        }
        held.append((index, number, hold))
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

  /// Decides an erasure at `position`, for some of those whom `request` names.
  ///
  /// - Parameter streams: what it relies on besides the applicants' own streams.
  func erasure(
    of numbers: [ApplicantNumber], request: Receipt, relyingOn streams: [String],
    at position: Position, by origin: Origin
  ) throws(ScreeningError) -> DecidedErasure {
    var erasure = DecidedErasure(
      numbers: numbers, learners: try learners(from: numbers), recording: origin.append())
    let wanted = Set(numbers)
    for requested in request.positions {
      let asked = try ErasureRequested(try event(requested))
      guard wanted.contains(asked.applicant) else { continue }
      let row = try livingRow(asked.applicant)
      if let hold = row.hold { throw .held([(row.number, hold)]) }
      erasure.subjects.append(row.subject)
      erasure.recording.events.append(
        ApplicantErased(
          applicant: row.number, subject: row.subject, reason: asked.reason, request: requested,
          models: erasure.learners.models[row.number, default: []],
          unreadManifests: erasure.learners.unread
        ).draft(onBehalfOf: origin.onBehalfOf, cause: .position(requested)))
    }
    // A hold that is placed meanwhile moves the stream, and the erasure is refused.
    for stream in numbers.map(\.stream) + streams {
      erasure.recording.expecting[stream] = try lastPosition(of: stream, at: position)
    }
    return erasure
  }
}

/// An erasure as it was decided, with the streams that the decision relies on.
struct DecidedErasure: Sendable {
  let numbers: [ApplicantNumber]
  let learners: Learners
  var subjects: [SubjectID] = []
  var recording: Append
}
