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
  ///   for a position that the checkpoint does not cover.
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
        let index = position.rawValue - 1
        let hashes = try MerklePaths.inclusion(of: index, in: head.size, subtree)
        events.append(
          (position, event.bytes, InclusionProof(index: index, size: head.size, hashes: hashes)))
      }
    }
    return Evidence(checkpoint: signed, events: events)
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
        "The note is no checkpoint that this log has signed with its key in force. 'senko checkpoint' "
          + "writes one.")
    }
    guard head.root == (try root(size: head.size)) else {
      throw .invalid(
        "The note is signed, but this log has another history: it was set back or changed since. Run "
          + "'senko verify --against' with the note.")
    }
    return (note, head)
  }
}
