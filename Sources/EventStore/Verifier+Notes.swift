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
        var cursor = try transaction.cursor(tables.checkpoints)
        var left = try transaction.count(tables.checkpoints)
        while left > 0, let entry = try cursor.next() {
          left -= 1
          let text = unsafe entry.value.withUnsafeBufferPointer {
            unsafe String(decoding: $0, as: UTF8.self)
          }
          guard entry.key.count == 8, let note = SignedNote(text),
            let checkpoint = Checkpoint(text: note.text),
            checkpoint.size == bigEndian(entry.key)
          else {
            bad += 1
            continue
          }
          notes.append(Noted(note: note, checkpoint: checkpoint, source: .log))
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
      guard let note = SignedNote(text), let checkpoint = Checkpoint(text: note.text) else {
        report.report(
          source == .backup
            ? "The backup's checkpoint is no signed note."
            : "A checkpoint that was given is no signed note.")
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
    let keys = try trusted(from: pinned ?? own, among: former + [own], notes)
    let newest = notes.last { $0.source == .log }?.checkpoint.size
    var problems: [String] = []
    for noted in notes {
      let checks =
        options.everySignature || noted.source != .log || noted.checkpoint.size == newest
        || noted.note.signatures.count > 1
      let lacksWitness =
        noted.source == .witness && !options.witnesses.contains { $0.time(of: noted.note) != nil }
      if lacksWitness {
        problems.append("\(noted.name) is cosigned by no witness whose key was given.")
      } else if let problem = problem(
        with: noted, keys, checksSignature: checks, origin: own.name)
      {
        problems.append("\(noted.name) \(problem)")
      } else {
        report.notes += 1
        let size = noted.checkpoint.size
        if noted.outside { report.covered = max(report.covered ?? 0, size) }
        if checks { report.signed = max(report.signed, size) }
        if checks, pinned != nil { report.pinned = max(report.pinned ?? 0, size) }
      }
    }
    for problem in problems { report.report(problem) }
    for noted in notes where noted.outside { report.take(noted.note, options.witnesses) }
    if pinned != nil, report.pinned == nil {
      report.report("The public key that was given has signed nothing of what there is.")
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
    let root = noted.checkpoint.size == 0 ? MerkleHash.empty : roots[noted.checkpoint.size] ?? nil
    return root == noted.checkpoint.root
      ? nil : "does not fit the events: history was changed, or something of it is damaged."
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
