import Cryptography
import EventStore

extension Office {
  /// Registers an application: reads its documents, records it, and screens it where a model is in
  /// force.
  ///
  /// With an idempotency key, registering the same application again records nothing and answers as the
  /// first time; another content under the key is a conflict; after the person's erasure it is refused
  /// as erased.
  public func register(
    _ application: Application, by origin: Origin
  ) async throws(ScreeningError) -> Registration {
    let record = try await record(
      try await prepare(application, lesson: nil), by: origin)
    let screening = try await screening(of: record, by: origin)
    let documents =
      record.receipt.repeated
      ? try await offPool { [self] () throws(ScreeningError) in
        try self.documents(registeredBy: record.receipt)
      } : record.documents
    // A screening lies behind the registration.
    let checkpoint =
      screening == nil
      ? record.receipt.checkpoint
      : try await offPool { [self] () throws(ScreeningError) in
        try recorded { () throws(EventLogError) in try log.checkpoint() }
      }
    return Registration(
      applicant: record.applicant.rawValue, documents: documents, screening: screening,
      position: record.receipt.first.rawValue, checkpoint: checkpoint,
      repeated: record.receipt.repeated)
  }

  /// A label that comes with the application, as an import brings it.
  struct Lesson: Sendable {
    var label: Label
    var by: UserNumber
    var given: String?
    var reason: String?
  }

  /// A registration as it was recorded.
  struct Recorded: Sendable {
    var applicant: ApplicantNumber
    /// Empty when the application was recorded before.
    var documents: [DocumentResult]
    var receipt: Receipt
  }

  /// An application whose documents have been read and sealed, ready to be recorded.
  struct Prepared: Sendable {
    /// Without its documents: sealed, they stand by themselves.
    var application: Application
    var lesson: Lesson?
    var content: [UInt8]
    var subject: Subject
    /// Empty when the application was recorded before.
    var documents: [IntakenDocument]
    /// Where the application was recorded before, under its idempotency key.
    var earlier: Position?
  }

  /// Reads and seals an application's documents; several may be prepared at once.
  func prepare(
    _ application: Application, lesson: Lesson?
  ) async throws(ScreeningError) -> Prepared {
    try check(application)
    let earlier = try application.idempotencyKey.flatMap { (key) throws(ScreeningError) in
      try refuse(key, usedOutside: .register)
      return try recorded { () throws(EventLogError) in
        try log.appended(idempotencyKey: Command.KeySpace.register.key(key))
      }
    }
    let subject = log.makeSubject()
    var prepared = Prepared(
      application: application, lesson: lesson,
      content: Self.content(of: application, lesson: lesson), subject: subject, documents: [],
      earlier: earlier)
    prepared.application.documents = []
    if earlier == nil {
      prepared.documents = try await intake(application.documents, for: subject)
    }
    return prepared
  }

  /// Records a prepared application, and with it the label it brings.
  func record(
    _ prepared: Prepared, by origin: Origin
  ) async throws(ScreeningError) -> Recorded {
    let receipt = try await append { [self] (_) throws(ScreeningError) in
      var number = ApplicantNumber(try lastNumber(in: RecordsProjection.applicants) + 1)
      if let earlier = prepared.earlier {
        // The log answers for the key before it looks at the events.
        number = try ApplicantRegistered(try event(earlier)).applicant
      }
      return registration(number, prepared, by: origin)
    }
    return try result(of: prepared, receipt)
  }

  /// Records prepared applications in their order, as many as possible in one transaction.
  ///
  /// - Returns: what became of each; after an error of the store none is tried any more.
  func record(
    _ prepared: [Prepared], by origin: Origin
  ) async -> [Result<Recorded, ScreeningError>] {
    var results: [Result<Recorded, ScreeningError>] = []
    while results.count < prepared.count {
      let rest = prepared[results.count...]
      let run = Array(Self.newOnes(rest))
      do throws(ScreeningError) {
        guard run.count > 1 else {
          // What was recorded before takes no number, and is answered by itself.
          results.append(.success(try await record(rest[rest.startIndex], by: origin)))
          continue
        }
        results += try await record(run: run, by: origin)
      } catch {
        results.append(.failure(error))
      }
      if case .failure(let error) = results.last, error.endsImports { break }
    }
    return results
  }

  /// Those before the first that was recorded before, or that shares its key with one before it.
  private static func newOnes(_ prepared: ArraySlice<Prepared>) -> ArraySlice<Prepared> {
    var keys = Set<String>()
    return prepared.prefix { one in
      one.earlier == nil
        && (one.application.idempotencyKey.map { keys.insert($0).inserted } ?? true)
    }
  }

  /// Records new applications under the numbers that follow the last one, up to the first that is refused.
  ///
  /// The log takes none behind that one either, so that no number is left out.
  private func record(
    run: [Prepared], by origin: Origin
  ) async throws(ScreeningError) -> [Result<Recorded, ScreeningError>] {
    let appends = try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      let last = try lastNumber(in: RecordsProjection.applicants)
      return run.enumerated().map { index, prepared in
        registration(ApplicantNumber(last + 1 + UInt64(index)), prepared, by: origin)
      }
    }
    var results: [Result<Recorded, ScreeningError>] = []
    let answers = await log.append(inOrder: appends)
    await foldAppended()
    for answer in answers {
      switch answer {
      case .success(let receipt):
        let prepared = run[results.count]
        results.append(
          Result { () throws(ScreeningError) in try result(of: prepared, receipt) })
      // Another process took the number: the rest is numbered anew.
      case .failure(.streamChanged): return results
      case .failure(let error): results.append(.failure(ScreeningError(error)))
      }
    }
    return results
  }

  private func result(
    of prepared: Prepared, _ receipt: Receipt
  ) throws(ScreeningError) -> Recorded {
    Recorded(
      applicant: try ApplicantRegistered(try event(receipt.first)).applicant,
      documents: receipt.repeated
        ? [] : prepared.documents.enumerated().map { DocumentResult($1, number: $0 + 1) },
      receipt: receipt)
  }

  /// The events and sealed values of a registration under the number `number`.
  private func registration(
    _ number: ApplicantNumber, _ prepared: Prepared, by origin: Origin
  ) -> Append {
    let (application, subject) = (prepared.application, prepared.subject)
    let name = log.seal(application.name, for: subject, .name)
    let kana = application.kana.map { log.seal($0, for: subject, .kana) }
    let email = application.email.map { log.seal($0, for: subject, .email) }
    let address = application.address.map { log.seal($0, for: subject, .address) }
    var append = origin.append([
      ApplicantRegistered(
        applicant: number, subject: subject.id, opening: application.opening,
        name: name.reference, kana: kana?.reference, email: email?.reference,
        address: address?.reference
      ).draft(happened: application.received, onBehalfOf: origin.onBehalfOf)
    ])
    append.expecting = [number.stream: .zero]
    append.subjects = [subject]
    append.sealed = [name] + [kana, email, address].compactMap(\.self)
    append.record(prepared.documents, of: number)
    if let lesson = prepared.lesson {
      let reason = lesson.reason.map { log.seal($0, for: subject, .reason) }
      append.events.append(
        ApplicantLabelled(
          applicant: number, label: lesson.label, purpose: .history, screening: .zero,
          reason: reason?.reference
        ).draft(happened: lesson.given, onBehalfOf: lesson.by))
      append.sealed += reason.map { [$0] } ?? []
    }
    if let key = application.idempotencyKey {
      append.idempotency = Idempotency(
        key: Command.KeySpace.register.key(key), content: prepared.content, subject: subject.id)
    }
    return append
  }

  static func check(name: String) throws(ScreeningError) {
    guard name.contains(where: { !$0.isWhitespace }) else {
      throw .invalid("The applicant's name is empty. Give it as it is to be shown.")
    }
    guard name.utf8.count <= 1024 else {
      throw .invalid("The applicant's name is longer than 1,024 bytes. Shorten it.")
    }
  }

  /// Checks what is given beside the name.
  static func check(kana: String?, email: String?, address: String?) throws(ScreeningError) {
    if let email { try check(email: email) }
    for (text, title) in [(kana, "name in kana"), (address, "postal address")] {
      guard let text else { continue }
      guard text.contains(where: { !$0.isWhitespace }) else {
        throw .invalid("The applicant's \(title) is empty. Give it, or leave it out.")
      }
      guard text.utf8.count <= 1024 else {
        throw .invalid("The applicant's \(title) is longer than 1,024 bytes. Shorten it.")
      }
    }
  }

  private func check(_ application: Application) throws(ScreeningError) {
    try Self.check(name: application.name)
    try Self.check(
      kana: application.kana, email: application.email, address: application.address)
    guard (1...20).contains(application.documents.count) else {
      throw .invalid("An application has 1 to 20 documents. Send at least one PDF or text file.")
    }
    if let received = application.received { try check(past: received, "The time of receipt") }
  }

  /// Checks a time that somebody gives for what took place before.
  ///
  /// - Throws: `.invalid`, about `name`, for what is no time, or one that has not come yet anywhere.
  func check(past text: String, _ name: String) throws(ScreeningError) {
    guard let time = Timestamp(parsing: text) else {
      throw .invalid(
        "\(name) is not in RFC 3339 form. Write it like 2025-11-23T09:00:00+09:00.")
    }
    // A date alone may be of a place where the day has begun already.
    guard time.milliseconds < configuration.clock.now().milliseconds + 86_400_000 else {
      throw .invalid("\(name) lies in the future. Correct it.")
    }
  }

  /// What the registration says, in one encoding, for telling a repetition from a conflict.
  private static func content(of application: Application, lesson: Lesson?) -> [UInt8] {
    eventData([
      "address": application.address.map { .string($0) },
      "documents": .array(
        application.documents.map { .string(SHA256.hash($0.bytes).hex) }),
      "email": application.email.map { .string($0) },
      "kana": application.kana.map { .string($0) },
      "label": lesson.map { .string($0.label.rawValue) },
      "labelledAt": lesson?.given.map { .string($0) },
      "labelledBy": lesson.map { .string($0.by.stream) },
      "name": .string(application.name), "opening": .string(application.opening.slug),
      "reason": lesson?.reason.map { .string($0) },
      "received": application.received.map { .string($0) },
    ]).encoded()
  }
}

extension DocumentResult {
  init(_ document: IntakenDocument, number: Int) {
    self.init(
      document: number, status: document.unreadable == nil ? "read" : "unreadable",
      reason: document.unreadable, nouns: document.nouns, flags: document.flags)
  }
}
