import Cryptography
import LMDB

/// Puts back the wrapped keys of people who were not erased, and the store's own secret.
///
/// A key is taken from a copy only where the wrapping key opens it that is in force: every erasure brings another one,
/// so that nobody's key who was erased is ever opened by it, and a row that says of somebody else that they were erased is
/// known for a lie.
struct KeyRepair {
  private let log: LogCopy
  private let sources: [LogCopy]
  /// Whether a backup is made: in it, a key tells who lives, and a restore puts the escrow's in its place.
  private let isRest: Bool
  private(set) var mended = 0
  private(set) var unrepaired: [String] = []

  init(_ log: LogCopy, _ sources: [LogCopy], isRest: Bool) {
    self.log = log
    self.sources = sources
    self.isRest = isRest
  }

  /// Looks at the keys of everybody whom the first `size` events name.
  mutating func run(
    _ size: UInt64, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let tables = log.tables
    let generation = try stored { () throws(LMDBError) in
      try transaction.value(at: MetaKey.generation, in: tables.meta)
    }
    // Without the wrapping key nobody can tell whether a key is right that is there.
    let wrapping = try? Keyring.load(try Keyring.generation(generation), in: log.folder)
    var (lost, isSecretLost) = (0, false)
    for subject in try subjects(size, &transaction) {
      let (key, erased) = try stored { () throws(LMDBError) in
        (
          try transaction.value(at: subject.bytes, in: tables.keys),
          try transaction.value(at: subject.bytes, in: tables.erased)
        )
      }
      if Self.opens(key, of: subject, wrapping) {
        guard wrapping != nil, erased != nil else { continue }
        // Whose key is opened by the wrapping key in force was not erased, whoever says so.
        try stored { () throws(LMDBError) in
          _ = try transaction.delete(subject.bytes, in: tables.erased)
        }
        mended += 1
        continue
      }
      var found: [UInt8]?
      for source in sources where found == nil {
        let copy = try source.value(at: subject.bytes, in: \.keys)
        if wrapping != nil, Self.opens(copy, of: subject, wrapping) { found = copy }
      }
      if found == nil, isRest, erased == nil { found = try wrappedBefore(subject) }
      guard let found else {
        if subject == .store { isSecretLost = true } else if erased == nil { lost += 1 }
        continue
      }
      try stored { () throws(LMDBError) in
        try transaction.put(found, at: subject.bytes, in: tables.keys)
        try transaction.delete(subject.bytes, in: tables.erased)
      }
      mended += 1
    }
    let remedy =
      "in no backup given that was made since the last erasure. A restore makes a new folder from a backup and "
      + "the escrow, which holds them unless they were damaged when it was last written."
    if isSecretLost {
      unrepaired.append("The log's own secret is \(remedy)")
    }
    if lost > 0 {
      unrepaired.append("The keys of \(lost) people who were not erased are \(remedy)")
    }
  }

  /// A subject's key as a former generation's wrapping key has wrapped it, by which nobody opens it any more.
  private func wrappedBefore(_ subject: SubjectID) throws(EventLogError) -> [UInt8]? {
    for source in sources {
      let key = try source.value(at: subject.bytes, in: \.keys)
      if let key, key.count == Rewrapping.wrappedSize { return key }
    }
    return nil
  }

  private static func opens(
    _ key: [UInt8]?, of subject: SubjectID, _ wrapping: WrappingKey?
  ) -> Bool {
    guard let wrapping else { return key != nil }
    return key.flatMap { try? wrapping.unwrap($0, of: subject) } != nil
  }

  /// Everybody whom an event names, and the store.
  private func subjects(
    _ size: UInt64, _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> Set<SubjectID> {
    let events = log.tables.events
    return try stored { () throws(LMDBError) in
      var subjects: Set<SubjectID> = [.store]
      var cursor = try transaction.cursor(events)
      var left = size
      try cursor.forEach(atOrAfter: [UInt8]().span) { _, bytes in
        left -= 1
        if let line = try? EventLine(bytes), line.mayReference,
          let data = try? JSONValue(canonical: line.data)
        {
          for case .sealed(let sealed) in data.references { subjects.insert(sealed.subject) }
        }
        return left > 0
      }
      return subjects
    }
  }
}
