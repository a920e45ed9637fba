import LMDB

/// Events with proofs under one checkpoint: what somebody needs who has neither the log nor its keys.
public struct Evidence: Sendable {
  /// The signed checkpoint, with any cosignatures.
  public let checkpoint: SignedNote
  /// The events' exact bytes and their proofs, in the order asked for.
  public let events: [(position: Position, bytes: [UInt8], proof: InclusionProof)]
}

extension EventLog {
  /// Proves that the events at `positions` lie under one checkpoint.
  ///
  /// - Parameter note: a checkpoint of this log that was kept elsewhere, perhaps cosigned; `nil` for the
  ///   newest.
  /// - Throws: `.invalid` for a note that is not one of this log's signed by the key in force, `.missing`
  ///   for a position that the checkpoint does not cover, `.damaged` where the event or the tree over it is not what was
  ///   signed.
  /// - Complexity: O(k log n) reads for k positions.
  public func evidence(
    for positions: [Position], under note: String? = nil
  ) throws(EventLogError) -> Evidence {
    let text = if let note { note } else { try checkpoint() }
    let (signed, head) = try ownNote(text)
    var events: [(position: Position, bytes: [UInt8], proof: InclusionProof)] = []
    try tree { (subtree) throws(EventLogError) in
      for position in positions {
        guard position > .zero, position.rawValue <= head.size,
          let event = try self.event(at: position)
        else { throw .missing("Event \(position) under the checkpoint of size \(head.size)") }
        let proof = try head.inclusion(of: event.bytes, at: position, subtree)
        events.append((position, event.bytes, proof))
      }
    }
    return Evidence(checkpoint: signed, events: events)
  }

  /// The signed checkpoint over exactly the first `size` events, where it is kept: the newest is, and about one in
  /// 256 beside those that bridge a change of keys.
  public func checkpoint(over size: Position) throws(EventLogError) -> String? {
    // The newest is stored with the events that come after it.
    let newest = try newestHead()
    if newest.size == size.rawValue { return newest.encoded }
    return try storedHead(over: size.rawValue)?.encoded
  }

  /// The last size before `size` whose signed checkpoint is kept, or zero.
  public func checkpointSize(before size: Position) throws(EventLogError) -> Position {
    guard size > .zero else { return .zero }
    let last = bigEndian(size.rawValue - 1)
    return try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var found = try tables.head(in: transaction)?.note?.size ?? 0
        if found >= size.rawValue { found = 0 }
        var cursor = try transaction.cursor(tables.checkpoints)
        if let entry = try cursor.seek(atOrBefore: last.span) {
          found = max(found, try storedNumber(entry.key, "a key of the table 'checkpoints'"))
        }
        return Position(rawValue: found)
      }
    }
  }

  private func storedHead(over size: UInt64) throws(EventLogError) -> SignedHead? {
    do {
      return try environment.read { (transaction) throws(EventLogError) in
        try SignedHead(size, transaction, tables)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// How many events a checkpoint of this log covers.
  ///
  /// - Throws: `.invalid` as `evidence` does.
  public func size(coveredBy note: String) throws(EventLogError) -> Position {
    Position(rawValue: try ownNote(note).1.size)
  }

  private func ownNote(_ text: String) throws(EventLogError) -> (SignedNote, Checkpoint) {
    guard let note = SignedNote(text), let head = Checkpoint(text: note.text),
      let key = VerifierKey(publicKey), key.verifies(note)
    else {
      throw .invalid(
        "The note is no checkpoint that this log has signed with its key in force. Give its newest one."
      )
    }
    guard head.root == (try root(size: head.size)) else {
      throw .invalid(
        "The note is signed, but this log has another history: it was set back or changed since. Verify "
          + "it against the note.")
    }
    return (note, head)
  }
}
