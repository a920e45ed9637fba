import DocumentReader
import EventStore

extension Office {
  /// What became of the documents of a registration, as it was answered the first time: by the events that were
  /// recorded with it, whatever was read since.
  ///
  /// - Complexity: opens the words of every reading.
  func documents(registeredBy receipt: Receipt) throws(ScreeningError) -> [DocumentResult] {
    var documents: [DocumentResult] = []
    for position in receipt.positions {
      let event = try event(position)
      switch event.type {
      case DocumentRead.type:
        let read = try DocumentRead(event)
        documents.append(
          DocumentResult(
            document: read.document, status: "read", reason: nil, nouns: try nounCount(of: read),
            flags: read.flags))
      case DocumentUnreadable.type:
        let unreadable = try DocumentUnreadable(event)
        documents.append(
          DocumentResult(
            document: unreadable.document, status: "unreadable", reason: unreadable.reason,
            nouns: 0, flags: []))
      default: break
      }
    }
    return documents
  }

  private func nounCount(of read: DocumentRead) throws(ScreeningError) -> Int {
    let tokens = try recorded { () throws(EventLogError) in
      try log.open(read.tokens, purpose: SealedPurpose.tokens.rawValue)
    }
    do {
      return try TokenTable(decoding: tokens).keptTermCount
    } catch {
      throw .damaged(
        "The words of document \(read.document) of applicant \(read.applicant) cannot be decoded. Run 'senko "
          + "verify'.")
    }
  }

  /// The screening that a registration is answered with: at a second try the first one's, unless that was
  /// cut off before it.
  func screening(
    of record: Recorded, by origin: Origin
  ) async throws(ScreeningError) -> ScreeningResult? {
    if record.receipt.repeated {
      let first = try await offPool { [self] () throws(ScreeningError) -> ScreeningResult? in
        for position in try historyPositions(of: record.applicant, through: try catchUp()) {
          let event = try event(position)
          guard event.type == ApplicantScreened.type else { continue }
          return try veiled(ScreeningResult(try ApplicantScreened(event), at: position), by: origin)
        }
        return nil
      }
      if let first { return first }
    }
    return try await screenIfPossible(record.applicant, by: origin)
  }
}
