import Cryptography
import LMDB

extension Verifier {
  /// A note with what it says.
  struct Noted {
    /// Where a note comes from.
    enum Source {
      /// The log's table, where only its own notes lie.
      case log
      /// The file beside a backup's log.
      case backup
      /// Whoever has the log checked.
      case outside
      /// As above, as what a witness has cosigned.
      case witness
    }

    let note: SignedNote
    let checkpoint: Checkpoint
    let source: Source

    var outside: Bool { source == .outside || source == .witness }

    var name: String {
      let origin =
        switch source {
        case .log: "stored"
        case .backup: "backup's"
        case .outside, .witness: "given"
        }
      return "The \(origin) checkpoint over \(checkpoint.size) events"
    }
  }

  /// Reads the stored notes and those given from outside, and asks for the tree's root at their sizes.
  mutating func readNotes(_ options: VerifyOptions) throws(EventLogError) -> [Noted] {
    var notes: [Noted] = []
    var bad = 0
    let tables = tables
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        func read(_ text: [UInt8], over size: UInt64?) {
          guard let note = SignedNote(String(decoding: text, as: UTF8.self)),
            let checkpoint = Checkpoint(text: note.text), checkpoint.size == size
          else {
            bad += 1
            return
          }
          notes.append(Noted(note: note, checkpoint: checkpoint, source: .log))
        }
        var cursor = try transaction.cursor(tables.checkpoints)
        var left = try transaction.count(tables.checkpoints)
        while left > 0, let entry = try cursor.next() {
          left -= 1
          read(Array(copying: entry.value), over: bigEndian(entry.key))
        }
        if let row = try transaction.value(at: MetaKey.head, in: tables.meta) {
          let head = HeadRow(row)
          if head == nil { bad += 1 }
          // It may be one of those as well.
          if let newest = head?.note,
            try transaction.value(at: bigEndian(newest.size), in: tables.checkpoints) != newest.text
          {
            read(newest.text, over: newest.size)
          }
        }
      }
    }
    for _ in 0..<bad { report.report("A stored checkpoint is no signed note.") }
    var texts: [(text: String, source: Noted.Source)] = []
    if let file = try Files.read(folder.checkpoint) {
      texts.append((String(decoding: file, as: UTF8.self), .backup))
    }
    if let against = options.against { texts.append((against, .outside)) }
    texts += options.witnessed.map { ($0, .witness) }
    for (text, source) in texts {
      let receipt = TransparencyProof(text)
      guard let note = receipt?.checkpoint ?? SignedNote(text),
        let checkpoint = Checkpoint(text: note.text)
      else {
        report.report(
          source == .backup
            ? "The backup's checkpoint is no signed note."
            : "A checkpoint that was given is no signed note.")
        continue
      }
      // The checkpoint says what the log must hold; that the event is of that, the receipt itself.
      if let receipt, receipt.extra != nil,
        !(receipt.event.map { receipt.inclusion.verifies($0, root: checkpoint.root) } ?? false)
      {
        report.report("The receipt that was given does not bring the event that it proves.")
        continue
      }
      notes.append(Noted(note: note, checkpoint: checkpoint, source: source))
    }
    for noted in notes { roots[noted.checkpoint.size] = .some(nil) }
    return notes
  }

  /// Checks signatures, and that the events give every root that was signed.
  mutating func checkNotes(
    _ notes: [Noted], _ options: VerifyOptions
  ) throws(EventLogError) {
    guard let named = try key(MetaKey.publicKey), let own = VerifierKey(named) else {
      report.report("There is no readable public key to check signatures with.")
      return
    }
    let pinned = options.publicKey.flatMap { VerifierKey($0) }
    if options.publicKey != nil, pinned == nil {
      report.report("The public key that was given is not readable.")
    }
    let former = VerifierKey.listed(in: Array((try key(MetaKey.formerKeys) ?? "").utf8))
    // A key of the log that was restored speaks of what that has signed, and of nothing else.
    let isFormer = pinned.map { succession(from: $0.name, origin: own.name) != nil } ?? false
    let first = isFormer ? own : pinned ?? own
    let keys = try trusted(from: first, among: former + [own], notes)
    // The one beside the seal comes last, but a restore leaves a newer one among the checkpoints.
    let newest = notes.last { $0.source == .log }?.checkpoint.size ?? 0
    var problems: [String] = []
    for noted in notes {
      let checks =
        options.everySignature || noted.source != .log || noted.checkpoint.size >= newest
        || noted.note.signatures.count > 1
      let lacksWitness =
        noted.source == .witness && !options.witnesses.contains { $0.time(of: noted.note) != nil }
      let size = noted.checkpoint.size
      if lacksWitness {
        problems.append("\(noted.name) is cosigned by no witness whose key was given.")
      } else if noted.outside,
        let succession = succession(from: noted.checkpoint.origin, origin: own.name)
      {
        let key = isFormer ? pinned : nil
        if let problem = problem(with: noted, key, succession) {
          problems.append("\(noted.name) \(problem)")
          continue
        }
        report.formerly.append(
          .init(origin: noted.checkpoint.origin, size: size, position: succession.position))
        report.take(noted.note, options.witnesses)
        if key != nil { report.pinned = max(report.pinned ?? 0, size) }
      } else if let problem = problem(
        with: noted, keys, checksSignature: checks, origin: own.name)
      {
        problems.append("\(noted.name) \(problem)")
      } else {
        report.notes += 1
        if noted.outside { report.take(noted.note, options.witnesses) }
        if checks { report.signed = max(report.signed, size) }
        if checks, pinned != nil, !isFormer { report.pinned = max(report.pinned ?? 0, size) }
      }
    }
    for problem in problems { report.report(problem) }
    if pinned != nil, report.pinned == nil {
      report.report(
        isFormer
          ? "The public key that was given is of a log that this one was restored from, and no checkpoint that it has "
            + "signed was given and fits: give one to check against."
          : "The public key that was given has signed nothing of what there is.")
    }
  }

  private func problem(
    with noted: Noted, _ keys: [TrustedKey], checksSignature: Bool, origin: String
  ) -> String? {
    if checksSignature, !keys.contains(where: { $0.vouches(for: noted) }) {
      return "is not signed by a key of \(origin) that is trusted at its size."
    }
    // The log itself stores nobody's signatures but its own: those of a bridging note, too, are all to be good.
    let signed = noted.note.signatures.count
    if noted.source == .log, signed > 1, keys.count(where: { $0.vouches(for: noted) }) < signed {
      return "lacks one of its \(signed) signatures."
    }
    guard noted.checkpoint.origin == origin else { return "speaks of another log." }
    if noted.checkpoint.size > frontier.size {
      return "covers more than the \(frontier.size) events that there are: some are lost."
    }
    return fits(noted)
      ? nil : "does not fit the events: history was changed, or something of it is damaged."
  }

  private func fits(_ noted: Noted) -> Bool {
    let root = noted.checkpoint.size == 0 ? MerkleHash.empty : roots[noted.checkpoint.size] ?? nil
    return root == noted.checkpoint.root
  }

  /// The restoration after which this log goes on from the one of that name; the first, where events claim several.
  private func succession(from former: String, origin: String) -> Succession? {
    former == origin ? nil : successions.first { $0.follows(former) }
  }

  /// What is wrong with a checkpoint of the log that was restored.
  ///
  /// - Parameter key: the one that must have signed it; `nil` leaves the signature unchecked, since the restored log
  ///   knows no key of the former one.
  private func problem(
    with noted: Noted, _ key: VerifierKey?, _ succession: Succession
  ) -> String? {
    if let key, key.name != noted.checkpoint.origin || !key.verifies(noted.note) {
      return "is not signed by the key of the former log that was given. Where that log has "
        + "changed its key, give the one that signed this."
    }
    if let loss = succession.loss(of: noted.checkpoint) { return loss }
    return fits(noted)
      ? nil
      : "of \(noted.checkpoint.origin) does not fit the events that the restore, recorded as event "
        + "\(succession.position), says that it has kept: history was changed, or something of it is damaged."
  }

  private func key(_ name: [UInt8]) throws(EventLogError) -> String? {
    let row = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: name, in: tables.meta)
      }
    }
    return row.map { String(decoding: $0, as: UTF8.self) }
  }
}
