import Cryptography
import LMDB

extension Salvage {
  /// Puts in the events that the trees do not lead to, from where they are found.
  ///
  /// - Returns: which these are.
  func fillEvents(_ transaction: inout WriteTransaction) throws(EventLogError) -> [Position] {
    let tables = log.tables
    var last = try LogState.size(transaction.reading, tables)
    let count = try stored { () throws(LMDBError) in
      UInt64(try transaction.count(tables.events))
    }
    guard torn.contains("events") || count != last else { return [] }
    for copy in copies where torn.contains("events") {
      last = max(
        last,
        try copy.snapshot { (transaction) throws(EventLogError) in
          try LogState.size(transaction, copy.tables)
        })
    }
    var taken: [Position] = []
    for number in 0..<last {
      let position = Position(rawValue: number + 1)
      let isThere = try stored { () throws(LMDBError) in
        try transaction.bytes(at: position.key.span, in: tables.events.rows) != nil
      }
      if isThere { continue }
      for copy in copies {
        // With the leaf beside it, which tells whether the copy's event is damaged.
        guard let row = try copy.value(at: position.key, in: \.events.rows),
          (try? EventLine(EventRow(row.span).event))?.position == position
        else { continue }
        try stored { () throws(LMDBError) in
          try transaction.put(row, at: position.key, in: tables.events.rows)
        }
        taken.append(position)
        break
      }
    }
    return taken
  }

  /// Finds where the log ends: at a head that was signed, or sealed with the log's own secret; what lies behind it is
  /// removed, of a transaction that was never committed.
  ///
  /// - Throws: `.inconsistent` where events are missing, or nothing vouches for the end; `.invalid` for a stated checkpoint
  ///   that is not the last.
  func head(_ transaction: inout WriteTransaction) throws(EventLogError) -> Checkpoint {
    let tables = log.tables
    let (name, seal) = try stored { () throws(LMDBError) in
      (
        try transaction.value(at: MetaKey.origin, in: tables.meta) ?? [],
        try tables.head(in: transaction.reading)?.seal
      )
    }
    let last = try LogState.size(transaction.reading, tables)
    let missing = try missing(through: last, &transaction)
    let whole = (missing.first?.rawValue ?? last + 1) - 1
    var tree = TreeRepair(tables, [], head: stated)
    try tree.readRoots(&transaction)
    let search = HeadSearch(
      origin: String(decoding: name, as: UTF8.self), roots: tree.roots,
      seals: seals.union([seal].compactMap(\.self)), key: try headKey(&transaction))
    var heads: [Checkpoint] = []
    for trustingEvents in [false, true] where heads.isEmpty {
      heads = try search.heads(through: whole, trustingEvents: trustingEvents, &transaction, tables)
    }
    if isRest {
      let found = [try search.prefix(whole, &transaction, tables), heads.last].compactMap(\.self)
      if let head = found.max(by: { $0.size < $1.size }) { return head }
      throw refusal(missing, last: last)
    }
    let found = heads.first { $0.size == size && behind == 0 } ?? heads.last
    // The file's own seal tells better than its count where the log ends.
    guard let found,
      size.map({ found.size >= $0 }) ?? (stated != nil)
        || seal.map({ search.seal(over: found) == $0 }) ?? false
    else {
      throw refusal(missing, last: last)
    }
    if let stated {
      guard found == stated else {
        throw .invalid(
          "What was stated as the last checkpoint does not fit the log: a head over \(found.size) events is found. Nothing was "
            + "changed. Give the last one.")
      }
    } else if behind != 0, behind == nil || found.size == size ?? 0 {
      // What the last transaction recorded is not there, and may have been anything.
      throw Self.unknownEnd
    }
    for number in found.size..<max(last, found.size) {
      let key = bigEndian(number + 1)
      _ = try stored { () throws(LMDBError) in
        try transaction.delete(key, in: tables.events.rows)
      }
    }
    return found
  }

  private func missing(
    through last: UInt64, _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> [Position] {
    let events = log.tables.events
    return try stored { () throws(LMDBError) in
      var missing: [Position] = []
      var next = Position.zero.next
      var cursor = try transaction.cursor(events)
      while let entry = try cursor.next() {
        let position = Position(rawValue: try storedNumber(entry.key, eventKey))
        while next < position, next.rawValue <= last {
          missing.append(next)
          next = next.next
        }
        next = position.next
      }
      return missing
    }
  }

  /// Why nothing is put in the place of the log.
  private func refusal(_ missing: [Position], last: UInt64) -> EventLogError {
    var ranges: [ClosedRange<UInt64>] = []
    for position in missing.map(\.rawValue) {
      if let last = ranges.last, last.upperBound + 1 == position {
        ranges[ranges.count - 1] = last.lowerBound...position
      } else {
        ranges.append(position...position)
      }
    }
    if let size, last < size { ranges.append((last + 1)...size) }
    guard !ranges.isEmpty else { return .inconsistent(HeadWarrant.problem(last)) }
    let names = ranges.prefix(20).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)"
    }
    let more = ranges.count > 20 ? " and others" : ""
    return .inconsistent(
      "Of the log's events, \(names.joined(separator: ", "))\(more) are in no page of its file that can be read and in no "
        + "backup given. Nothing was changed. Give a backup that holds them"
        + (isRest
          ? ": ahead of them, no head of the log is found."
          : "; else write what there is ahead of them as a backup, from which a restore and the escrow make a new folder.")
    )
  }
}

/// Looks for the sizes at which a log had a head.
struct HeadSearch {
  let origin: String
  /// The roots that were signed.
  let roots: [UInt64: Digest]
  let seals: Set<[UInt8]>
  let key: KeyedSHA256?

  /// The heads that are signed or sealed of the first `size` events, in order.
  ///
  /// Every head was signed but the last one, which alone may be sealed only.
  ///
  /// - Parameter trustingEvents: whether an event is hashed whose leaf is there.
  func heads(
    through size: UInt64, trustingEvents: Bool, _ transaction: inout WriteTransaction,
    _ tables: LogTables
  ) throws(EventLogError) -> [Checkpoint] {
    // The head of a log without events needs nobody who vouches for it.
    guard size > 0 else {
      return [Checkpoint(origin: origin, size: 0, root: MerkleHash.empty)]
    }
    let signed = roots.keys.filter { $0 <= size }.max() ?? 0
    var heads: [Checkpoint] = []
    var hasher = SHA256Hasher()
    var frontier = Frontier()
    for index in 0..<size {
      let leaf = try leaf(index, trustingEvents: trustingEvents, &transaction, tables)
      frontier.append(leaf, &hasher) { _, _, _ in }
      guard frontier.size >= signed else { continue }
      let head = head(frontier)
      if isKnown(head) { heads.append(head) }
    }
    return heads
  }

  /// The head of the first `size` events, or of those that come before the sixteen among which the next one is missing,
  /// where what lies behind them leads to a head that is signed or sealed.
  ///
  /// The way there goes over a missing event's leaf, which earlier versions have kept apart, or over the tree's node.
  func prefix(
    _ size: UInt64, _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) -> Checkpoint? {
    var (hasher, frontier, proven) = (SHA256Hasher(), Frontier(), size)
    // Up to where neither is there, which may be behind the last event that is left.
    while true {
      let start = frontier.size
      let (leaves, node) = try stored { () throws(LMDBError) in
        var leaves: [Digest] = []
        while leaves.count < 16,
          let leaf = try transaction.reading.leaf(at: start + UInt64(leaves.count), in: tables)
        { leaves.append(leaf) }
        // Sixteen leaves need no node.
        guard leaves.count < 16 else { return (leaves, nil as Digest?) }
        let node = try transaction.value(at: StoredNodes.key(4, start / 16), in: tables.nodes)
        return (leaves, node.flatMap { Digest($0) })
      }
      var isProven = false
      if let node {
        proven = min(proven, start)
        frontier.append(subtree: node, height: 4, &hasher)
        isProven = frontier.size > size && isKnown(head(frontier))
      } else {
        for leaf in leaves {
          frontier.append(leaf, &hasher) { _, _, _ in }
          isProven = isProven || frontier.size > size && isKnown(head(frontier))
        }
      }
      if isProven {
        return try head(of: proven, trustingEvents: false, &transaction, tables)
      }
      if frontier.size < start + 16 { return nil }
    }
  }

  private func head(_ frontier: Frontier) -> Checkpoint {
    Checkpoint(origin: origin, size: frontier.size, root: frontier.root)
  }

  /// Whether a head is signed or sealed.
  private func isKnown(_ head: Checkpoint) -> Bool {
    roots[head.size] == head.root || seal(over: head).map { seals.contains($0) } ?? false
  }

  /// The head of the first `size` events, as their leaves give it, or the events themselves.
  func head(
    of size: UInt64, trustingEvents: Bool, _ transaction: inout WriteTransaction,
    _ tables: LogTables
  ) throws(EventLogError) -> Checkpoint {
    var hasher = SHA256Hasher()
    var frontier = Frontier()
    for index in 0..<size {
      let leaf = try leaf(index, trustingEvents: trustingEvents, &transaction, tables)
      frontier.append(leaf, &hasher) { _, _, _ in }
    }
    return Checkpoint(origin: origin, size: size, root: frontier.root)
  }

  private func leaf(
    _ index: UInt64, trustingEvents: Bool, _ transaction: inout WriteTransaction,
    _ tables: LogTables
  ) throws(EventLogError) -> Digest {
    let (event, leaf) = try stored { () throws(LMDBError) in
      (
        try transaction.value(at: bigEndian(index + 1), in: tables.events) ?? [],
        try transaction.reading.leaf(at: index, in: tables)
      )
    }
    let own = trustingEvents ? nil : leaf
    return own ?? MerkleHash.leaf(event.span)
  }

  /// The seal over a head, where the log's own secret is at hand.
  func seal(over head: Checkpoint) -> [UInt8]? { key.map { HeadWarrant.seal(head, $0) } }
}
