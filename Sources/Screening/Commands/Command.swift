import EventStore

/// A command in one encoding, for telling a second try of it from another command under the same key.
struct Command: Sendable {
  /// Within what a key is looked for; labels and registrations had spaces of their own from the beginning.
  enum KeySpace: String, CaseIterable {
    case command, label, register
    /// The further models of a training for all openings.
    case training
  }

  var keys = KeySpace.command
  /// The command; only its keyed hash is recorded.
  var content: [UInt8]
  /// Whose key hashes the content, so that after an erasure nothing can be found out from it.
  var about: ApplicantNumber?

  init(_ keys: KeySpace = .command, content: [UInt8], about: ApplicantNumber? = nil) {
    self.keys = keys
    self.content = content
    self.about = about
  }

  /// A command by its name and what it says; what is `nil` is left out.
  init(
    _ name: String, about applicant: ApplicantNumber? = nil,
    _ members: KeyValuePairs<String, JSONValue?> = [:]
  ) {
    let content = eventData([
      "about": applicant.map { JSONValue($0) }, "command": .string(name),
      "says": eventData(members),
    ])
    self.init(content: content.encoded(), about: applicant)
  }
}

extension Command.KeySpace {
  /// The client's key as the log takes it.
  func key(_ key: String) -> String { "\(rawValue):\(key)" }
}

extension Office {
  /// Appends what `decision` makes of the views as they stand, by the terms that the command came with.
  ///
  /// - Throws: `.conflict` for a key of another command, `.erased` for one about somebody erased since,
  ///   `.stale` where a stream that the decision relies on has changed since the command was decided.
  func append(
    _ command: Command, by origin: Origin,
    _ decision: @escaping @Sendable (Position) throws(ScreeningError) -> Append
  ) async throws(ScreeningError) -> Receipt {
    if let receipt = try await repetition(of: command, by: origin) { return receipt }
    do throws(ScreeningError) {
      return try await append { [self] (at) throws(ScreeningError) in
        var append = try decision(at)
        try require(append.expecting.keys, unchangedSince: origin.terms.decidedAt)
        append.idempotency = try idempotency(of: command, by: origin, new: append.subjects)
        return append
      }
    } catch {
      // The same command may have come twice at once: what it runs into is then what it did itself.
      if let receipt = try await repetition(of: command, by: origin) { return receipt }
      throw error
    }
  }

  /// What a command answered when it was recorded; `nil` where its key is new, or there is none.
  func repetition(
    of command: Command, by origin: Origin
  ) async throws(ScreeningError) -> Receipt? {
    guard let key = origin.terms.key else { return nil }
    let earlier = try await offPool { [self] () throws(ScreeningError) -> Event? in
      try refuse(key, usedOutside: command.keys)
      let position = try recorded { () throws(EventLogError) in
        try log.appended(idempotencyKey: command.keys.key(key))
      }
      return try position.map { (position) throws(ScreeningError) in try event(position) }
    }
    guard let earlier else { return nil }
    // What one person decided is nobody else's decision, though both call it by the same name.
    guard
      command.keys == .register
        || earlier.actor == origin.actorName && earlier.onBehalfOf == origin.onBehalfOf?.stream
    else { throw ScreeningError(.conflictingContent(position: earlier.position)) }
    // The log answers for the key before it looks at the events: it compares the content, and writes nothing.
    var append = origin.append([
      EventDraft(stream: earlier.stream, type: earlier.type, data: earlier.data)
    ])
    append.idempotency = Idempotency(
      key: command.keys.key(key), content: command.content, subject: nil)
    do throws(EventLogError) { return try await log.append(append) } catch {
      throw ScreeningError(error)
    }
  }

  /// Refuses a key under which a command of another kind was recorded.
  func refuse(_ key: String, usedOutside keys: Command.KeySpace) throws(ScreeningError) {
    guard keys != .training else { return }
    for other in Command.KeySpace.allCases where other != keys && other != .training {
      let position = try recorded { () throws(EventLogError) in
        try log.appended(idempotencyKey: other.key(key))
      }
      if let position { throw ScreeningError(.conflictingContent(position: position)) }
    }
  }

  /// Refuses what was decided upon streams that have changed since.
  func require(
    _ streams: some Sequence<String>, unchangedSince decided: Position?
  ) throws(ScreeningError) {
    guard let decided else { return }
    let head = try recorded { () throws(EventLogError) in try log.head }
    guard decided <= head else {
      throw .invalid(
        "The log ends at event \(head), so nothing was decided at event \(decided). Give a position that "
          + "an answer named.")
    }
    for stream in streams.sorted() {
      let last = try recorded { () throws(EventLogError) in
        try log.lastPosition(ofStream: stream)
      }
      guard last <= decided else { throw .stale(stream, since: decided, at: last) }
    }
  }

  private func idempotency(
    of command: Command, by origin: Origin, new subjects: [Subject]
  ) throws(ScreeningError) -> Idempotency? {
    guard let key = origin.terms.key else { return nil }
    let person = try command.about.map { (number) throws(ScreeningError) in
      try livingRow(number).subject
    }
    return Idempotency(
      key: command.keys.key(key), content: command.content,
      subject: person ?? subjects.first?.id)
  }
}

extension ScreeningError {
  /// What a decision relied on has changed.
  static func stale(_ what: String, since decided: Position, at position: Position) -> Self {
    .init(
      .stale,
      "'\(what)' has changed since event \(decided), at which this was decided: event \(position) came "
        + "after it. Look again, and decide again.")
  }
}
