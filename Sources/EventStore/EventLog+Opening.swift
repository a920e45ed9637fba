import Cryptography
import LMDB

/// A sealed value that is to be opened.
public struct SealedRequest: Sendable {
  /// How an event names it.
  public var reference: SealedReference
  /// What it was sealed for.
  public var purpose: String

  /// Asks for a value of the log's table.
  public init(_ reference: SealedReference, purpose: String) {
    self.reference = reference
    self.purpose = purpose
  }
}

extension EventLog {
  /// Opens values of many people, one person's after another's, from one snapshot.
  ///
  /// What one value costs alone, finding the person's key, unwrapping it and setting it up, is done once for
  /// all that stand one after the other. The snapshot is held meanwhile: some dozens of people at a time.
  ///
  /// - Returns: the values in the order of the requests.
  /// - Throws: as `open(_:purpose:)`.
  public func open(_ requests: [SealedRequest]) throws(EventLogError) -> [[UInt8]] {
    var values: [[UInt8]] = []
    values.reserveCapacity(requests.count)
    try open(requests) { _, value in
      values.append(Array(copying: value))
      return true
    }
    return values
  }

  /// Calls `body` with the index of each request and its value, in the order of the requests, until it returns
  /// false.
  ///
  /// - Throws: as `open(_:)`.
  public func open(
    _ requests: [SealedRequest], _ body: (_ index: Int, _ value: Span<UInt8>) -> Bool
  ) throws(EventLogError) {
    var opener = try SealOpener()
    try snapshot { (transaction) throws(EventLogError) in
      let unwrapping = try keyring.unwrapping(in: transaction)
      // A person's rows lie side by side: from one to the next there is no way from the root.
      var rows = try cursor(over: tables.sealed, in: transaction)
      var rowKey: [UInt8] = []
      var preimage: [UInt8] = []
      var contexts = SealContexts()
      var holder: (id: SubjectID, key: KeyedSHA256)?
      for (index, request) in requests.enumerated() {
        let reference = request.reference
        let key: KeyedSHA256
        if let holder, holder.id == reference.subject {
          key = holder.key
        } else {
          let subject = try keyring.subject(reference.subject, in: transaction, unwrapping)
          key = KeyedSHA256(key: subject.key)
          holder = (reference.subject, key)
        }
        let context = contexts.context(request.purpose, reference.subject)
        preimage.removeAll(keepingCapacity: true)
        if reference.place == .file {
          let row = try stored { () throws(LMDBError) in
            try transaction.value(at: reference.key, in: tables.documents)
          }
          let file = try folder.read(reference.sealed, listedAs: row)
          try opener.open(file?.span, of: reference, context, key, into: &preimage)
        } else {
          reference.setKey(&rowKey)
          let row: Span<UInt8>?
          do throws(LMDBError) { row = try rows.value(at: rowKey.span) } catch {
            throw EventLogError(error)
          }
          try opener.open(row, of: reference, context, key, into: &preimage)
        }
        guard body(index, preimage.span.extracting(32...)) else { return }
      }
    }
  }

  @_lifetime(borrow transaction)
  private func cursor(
    over table: Table, in transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> Cursor {
    do throws(LMDBError) { return try transaction.cursor(table) } catch {
      throw EventLogError(error)
    }
  }

  func snapshot<Value>(
    _ body: (borrowing ReadTransaction) throws(EventLogError) -> Value
  ) throws(EventLogError) -> Value {
    do { return try environment.read(body) } catch { throw EventLogError(error) }
  }

  /// What `read` makes of events, in the order of their positions, from one snapshot.
  ///
  /// - Returns: `nil` in the place of an event that is missing or damaged, or of which `read` makes nothing.
  public func events<Value>(
    at positions: [Position], _ read: (EventLine) -> Value?
  ) throws(EventLogError) -> [Value?] {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var cursor = try transaction.cursor(tables.events)
        var values: [Value?] = []
        values.reserveCapacity(positions.count)
        for position in positions {
          // An event in the place of a missing one has another position.
          guard let entry = try cursor.seek(atOrAfter: position.key.span),
            let line = try? EventLine(entry.event), line.position == position
          else {
            values.append(nil)
            continue
          }
          values.append(read(line))
        }
        return values
      }
    }
  }
}

/// Opens sealed values one after another.
struct SealOpener: ~Copyable {
  private var opener: ChunkedOpener

  init() throws(EventLogError) {
    do { opener = try ChunkedOpener() } catch {
      throw .storage(operation: "open a sealed value", reason: "\(error)")
    }
  }

  /// Appends to `preimage` what the commitment of a sealed value is the SHA-256 of.
  ///
  /// The commitment binds what comes out to the event that names it, whatever the ciphertext was: that its own
  /// digest is the recorded one is looked at by `verify`, and would prove nothing more here.
  mutating func open(
    _ ciphertext: Span<UInt8>?, of reference: SealedReference, _ context: [UInt8],
    _ key: KeyedSHA256, into preimage: inout [UInt8]
  ) throws(EventLogError) {
    guard let ciphertext else { throw .missing(reference.name) }
    let start = preimage.count
    do { try opener.open(ciphertext, key: key, context: context, into: &preimage) } catch {
      throw .damaged(reference.name)
    }
    guard preimage.count >= start + 32,
      SHA256.hash(preimage.span.extracting(start...)) == reference.commitment
    else { throw .damaged(reference.name) }
  }
}

extension SealedReference {
  /// How messages name what is sealed: as the event does that names it.
  fileprivate var name: String {
    (place == .file ? "The document " : "The sealed value ") + sealed.hex
  }
}

/// What ciphertexts are bound to, spelled out once for each purpose.
private struct SealContexts {
  private var known: [(purpose: String, bytes: [UInt8])] = []

  mutating func context(_ purpose: String, _ subject: SubjectID) -> [UInt8] {
    let index = known.firstIndex { $0.purpose == purpose } ?? known.count
    if index == known.count { known.append((purpose, EventLog.context(purpose, subject))) }
    known[index].bytes.removeLast(16)
    subject.write(to: &known[index].bytes)
    return known[index].bytes
  }
}
