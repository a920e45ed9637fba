import EventStore

/// Everything that a screen shows of one applicant.
public struct ApplicantDetail: Sendable, Encodable {
  /// The line that lists show.
  public let summary: ApplicantSummary
  /// The name in kana; `nil` where none was given, and after an erasure.
  @Nullable public var kana: String?
  /// The mail address; `nil` as well.
  @Nullable public var email: String?
  /// The postal address; `nil` as well.
  @Nullable public var address: String?
  /// The documents in the order they came.
  public let documents: [DocumentDetail]
  /// Why the person decided as they did.
  @Nullable public var reason: String?
  /// The code of the legal hold that forbids an erasure.
  @Nullable public var hold: String?
  /// The last screening.
  @Nullable public var screening: ScreeningResult?
  /// The model in force for the opening, which may be another than the screening asked.
  @Nullable public var modelInForce: UInt64?
  /// The position that this is the state at.
  public let position: UInt64

  private enum CodingKeys: String, CodingKey {
    case kana, email, address, documents, reason, hold, screening, modelInForce, position
  }

  /// Writes the summary's members beside the others.
  public func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(_kana, forKey: .kana)
    try container.encode(_email, forKey: .email)
    try container.encode(_address, forKey: .address)
    try container.encode(documents, forKey: .documents)
    try container.encode(_reason, forKey: .reason)
    try container.encode(_hold, forKey: .hold)
    try container.encode(_screening, forKey: .screening)
    try container.encode(_modelInForce, forKey: .modelInForce)
    try container.encode(position, forKey: .position)
  }
}

/// A document, as far as it is not the file itself.
public struct DocumentDetail: Sendable, Encodable {
  /// The number within the application, from 1.
  public let document: Int
  /// PDF or text.
  public let form: DocumentForm
  /// Bytes of the file.
  public let size: Int
  /// `read`, `unreadable` or `waiting`.
  public let status: String
  /// Why it could not be read.
  @Nullable public var reason: String?
  /// The newest reading's text as normalised.
  @Nullable public var text: String?
  /// What the quality gate noticed.
  public let flags: [String]
  /// The position of the newest reading.
  @Nullable public var reading: UInt64?
}

extension Office {
  /// One applicant as of a moment; the look is recorded.
  ///
  /// - Throws: `.notFound`, or `.erased` whatever the moment; lists and histories go on showing that there
  ///   was somebody.
  public func applicant(
    _ number: ApplicantNumber, asOf: AsOf = .now, by origin: Origin
  ) async throws(ScreeningError) -> ApplicantDetail {
    try await applicant(number, asOf: asOf, veil: try scoreVeil(for: origin), by: origin)
  }

  func applicant(
    _ number: ApplicantNumber, asOf: AsOf = .now, veil: ScoreVeil, by origin: Origin
  ) async throws(ScreeningError) -> ApplicantDetail {
    let position = try resolve(asOf)
    guard try applicantRow(number, asOf: position).erased == nil else { throw .erased(number) }
    try await recordAccess(.applicant, of: number, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      let stored = try applicantRow(number, asOf: position)
      let row = veil.veiled(stored)
      let context = try SummaryContext(self, at: position)
      let living = row.erased == nil
      return ApplicantDetail(
        summary: try summary(of: row, in: context),
        kana: try text(of: row.further[.kana], .kana, living: living),
        email: try text(of: row.email, .email, living: living),
        address: try text(of: row.further[.address], .address, living: living),
        documents: try row.documents.map { (document) throws(ScreeningError) in
          try detail(of: document, living: living)
        },
        reason: try living ? reason(of: row.label) : nil,
        hold: row.hold?.reason,
        screening: try row.screening.map { (entry) throws(ScreeningError) in
          let result = try ScreeningResult(
            ApplicantScreened(try event(entry.position)), at: entry.position)
          return veil.hides(stored) ? result.veiled : result
        },
        modelInForce: context.inForce[row.opening]?.model.rawValue,
        position: position.rawValue)
    }
  }

  private func text(
    of sealed: SealedReference?, _ purpose: SealedPurpose, living: Bool
  ) throws(ScreeningError) -> String? {
    guard living, let sealed else { return nil }
    return try openTextUnlessErased(sealed, purpose)
  }

  private func detail(
    of document: ApplicantRow.Document, living: Bool
  ) throws(ScreeningError) -> DocumentDetail {
    let added = try DocumentAdded(try event(document.added))
    let read = try document.readings.last.map { (reading) throws(ScreeningError) in
      try DocumentRead(try event(reading.position))
    }
    return DocumentDetail(
      document: document.number, form: added.form, size: added.size,
      status: read != nil ? "read" : document.unreadable != nil ? "unreadable" : "waiting",
      reason: document.unreadableReason,
      text: try living
        ? read.flatMap { (read) throws(ScreeningError) in
          try openTextUnlessErased(read.text, .text)
        } : nil,
      flags: read?.flags ?? [], reading: document.readings.last?.position.rawValue)
  }

  /// The reason that a label's event seals.
  func reason(of label: ApplicantRow.LabelEntry?) throws(ScreeningError) -> String? {
    guard let label, let sealed = try ApplicantLabelled(try event(label.position)).reason else {
      return nil
    }
    return try openTextUnlessErased(sealed, .reason)
  }

  /// A document's file, byte for byte; the look is recorded.
  ///
  /// - Throws: `.notFound` when it was not there at that moment, or `.erased` whatever the moment.
  public func document(
    _ document: Int, of number: ApplicantNumber, asOf: AsOf = .now, by origin: Origin
  ) async throws(ScreeningError) -> [UInt8] {
    let row = try applicantRow(number, asOf: try resolve(asOf))
    guard row.erased == nil else { throw .erased(number) }
    guard let entry = row.documents.first(where: { $0.number == document }) else {
      throw .notFound(
        "Applicant \(number) has no document \(document); there are \(row.documents.count).")
    }
    try await recordAccess(.document, of: number, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      let added = try DocumentAdded(try event(entry.added))
      return try recorded { () throws(EventLogError) in try log.openDocument(added.file) }
    }
  }
}
