import Cryptography
import LMDB

/// Makes a log's file anew whose pages do not hang together any more: what LMDB cannot be trusted to read or to mend.
///
/// The rows are read page by page without LMDB. Of tables that are torn, rows that no tree leads to any more are gathered
/// as if they were another backup's: a repair takes from them, too, only what the tree and the events commit to.
/// The new log ends where a signed checkpoint or the log's own seal says that one of its heads was, or nothing is changed.
struct Salvage {
  let folder: LogFolder
  /// Where the new log lies, and where rows are gathered whose tables are not known.
  let (place, strays): (LogFolder, LogFolder)
  /// Whether the new log may end ahead of what is missing.
  private(set) var isRest = false
  /// The new log.
  let log: LogCopy
  /// What the repair takes from: rows of torn tables, then the backups.
  private(set) var copies: [LogCopy]
  /// How many events the damaged file says that there are; `nil` where it can not be so many.
  private(set) var size: UInt64?
  /// How many transactions came after the snapshot that was read; `nil` where that cannot be told.
  private(set) var behind: Int? = 0
  /// The checkpoint that is said to be the last.
  let stated: Checkpoint?
  /// The tables of which rows are missing.
  private(set) var torn: Set<String> = []
  var isOlder: Bool { behind != 0 }
  /// The seals over heads that were found.
  var seals: Set<[UInt8]> = []
  /// The keys that may be in force: two in the middle of an erasure.
  let wrapping: [WrappingKey]
  var unrepaired: [String] = []

  /// The tables whose rows follow from no others.
  private static let told: Set<String> = [
    "events", "commands", "idempotency", "keys", "sealed", "blobs", "checkpoints", "unlinking",
    "erased", "meta",
  ]

  /// Why a log is not gone on from which may have recorded more.
  static let unknownEnd = EventLogError.inconsistent(
    "The last transaction in the log's file cannot be read, nor what it recorded, so that nobody can tell where the log "
      + "ends. Nothing was changed. State which checkpoint was the last, if you keep it; else write what there is as a "
      + "backup, from which a restore and the escrow make a new folder.")

  /// No event has fewer bytes.
  private static let smallestEvent: UInt64 = 128

  /// Whether a log's file has to be made anew to be repaired.
  static func isNeeded(in folder: LogFolder) throws(EventLogError) -> Bool {
    do throws(EventLogError) {
      let log = try LogCopy(folder.path, readOnly: false)
      return try stored { () throws(LMDBError) in try log.environment.damage() } != nil
    } catch {
      switch error {
      case .damaged, .formatVersion(found: "unknown", supported: _): return true
      // A page that the disk does not give.
      case .storage(operation: "read data.mdb", reason: _): return true
      default: throw error
      }
    }
  }

  /// Makes the file anew, and puts it in the place of the old one, which is kept.
  static func run(
    in folder: LogFolder, from sources: [LogCopy], last: String?
  ) throws(EventLogError) -> RepairReport {
    let place = try SalvageFolder(in: folder)
    var report: RepairReport
    do throws(EventLogError) {
      var salvage = try Salvage(folder, place.place, place.strays, sources, last)
      report = try salvage.run().report
    } catch {
      try? place.discard()
      throw folder.explained(error)
    }
    report.kept = try place.finish()
    return report
  }

  /// Makes a log in another folder of what there is ahead of whatever is missing.
  static func rest(
    of folder: LogFolder, from sources: [LogCopy], in target: LogFolder
  ) throws(EventLogError) -> (head: Checkpoint, report: RepairReport) {
    let strays = LogFolder(path: target.path + "/strays")
    for path in [target.log, strays.path] { try Files.makeFolder(path) }
    let made = try {
      () throws(EventLogError) -> (head: Checkpoint, report: RepairReport) in
      var salvage = try Salvage(folder, target, strays, sources, nil)
      salvage.isRest = true
      return try salvage.run()
    }()
    try Files.remove(target.log + "/lock.mdb")
    try Files.sync(target.log + "/data.mdb")
    try Files.removeTree(strays.path)
    return made
  }

  private init(
    _ folder: LogFolder, _ place: LogFolder, _ strays: LogFolder, _ sources: [LogCopy],
    _ last: String?
  ) throws(EventLogError) {
    self.folder = folder
    copies = sources
    (self.place, self.strays) = (place, strays)
    log = try LogCopy(making: place, for: folder)
    var wrapping: [WrappingKey] = []
    for path in [folder.wrappingKey, folder.nextWrappingKey] {
      if let key = try Files.readKey(path).flatMap({ WrappingKey(file: $0) }) {
        wrapping.append(key)
      }
    }
    self.wrapping = wrapping
    stated = try last.map { (text) throws(EventLogError) in
      try Self.checkpoint(text, signedFor: folder)
    }
  }

  /// What a note says that this log has signed.
  private static func checkpoint(
    _ text: String, signedFor folder: LogFolder
  ) throws(EventLogError) -> Checkpoint {
    guard let file = try Files.readKey(folder.signingKey), let key = SigningKey(file: file),
      let note = SignedNote(text), key.verifier.verifies(note),
      let checkpoint = Checkpoint(text: note.text)
    else {
      throw .invalid(
        "What was stated as the last checkpoint is none that this log's signing key has signed. Give the last one."
      )
    }
    return checkpoint
  }

  private mutating func run() throws(EventLogError) -> (head: Checkpoint, report: RepairReport) {
    try gather()
    let (environment, salvage) = (log.environment, self)
    do {
      return try environment.write {
        (transaction: inout WriteTransaction) throws(EventLogError) in
        var salvage = salvage
        return try salvage.mend(&transaction)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// Copies what the trees of the damaged file lead to, and gathers what else lies in its pages.
  private mutating func gather() throws(EventLogError) {
    var file = try stored { () throws(LMDBError) in
      try FileSalvage(path: folder.log, growing: ["events", "checkpoints"])
    }
    let count = file.count(of: "events")
    if count <= UInt64(Files.size(folder.log + "/data.mdb")) / Self.smallestEvent { size = count }
    behind = file.behind
    guard behind == 0 || wrapping.count < 2 || isRest else { throw Self.unknownEnd }
    var writer = RowWriter(log.environment, log.tables)
    let (size, isOlder, wrapping) = (size, isOlder, wrapping)
    for (name, _) in log.tables.named {
      var hasStrange = false
      let isWhole = try file.rows(of: name) { (key, value) throws(EventLogError) in
        guard let row = SalvagedRow(key, value, of: name, size: size ?? 0) else {
          hasStrange = hasStrange || name != "streams"
          return
        }
        // What the last transaction has destroyed is not brought back.
        guard !isOlder || row.table != "keys" || row.isOpened(by: wrapping) else { return }
        try writer.write(row)
      }
      if !isWhole || isOlder || hasStrange { torn.insert(name) }
    }
    // The note of the last head may be in another snapshot, or in a row of 'meta' that no tree leads to.
    if !file.isNamed || torn.contains("meta") { torn.insert("checkpoints") }
    try writer.flush()
    guard !torn.isDisjoint(with: Self.told) else { return }
    let strays = try LogCopy(making: strays, for: folder)
    writer = RowWriter(strays.environment, strays.tables)
    try file.strayRows { (key, value) throws(EventLogError) in
      guard let row = SalvagedRow(stray: key, value) else { return }
      if [MetaKey.head, MetaKey.headSeal].contains(row.key) {
        guard let head = HeadRow(value) else { return }
        seals.insert(head.seal)
        if let note = SalvagedRow(noteOf: head) { try writer.write(note) }
      } else if row.table != "keys" || row.isOpened(by: wrapping) {
        try writer.write(row)
      }
    }
    try writer.flush()
    copies.insert(strays, at: 0)
  }

  /// Makes a log of what was gathered.
  private mutating func mend(
    _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> (head: Checkpoint, report: RepairReport) {
    let tables = log.tables
    try describe(&transaction)
    try log.mendNewestNote(&transaction)
    try fill(&transaction)
    let taken = try fillEvents(&transaction)
    let head = try head(&transaction)
    if isRest { try cut(to: head, &transaction) }
    var tree = TreeRepair(log.tables, copies, head: head)
    try tree.run(&transaction)
    var values = ValueRepair(log, copies, tree.report, isRest: isRest)
    try values.run(&transaction)
    try forgetErased(&transaction)
    try forgetUnnamed(&transaction)
    try seal(head, &transaction)
    try stored { () throws(LMDBError) in try tables.raiseFormat(&transaction) }
    var report = values.report
    report.events = (Set(report.events).union(taken)).sorted()
    report.unrepaired += unrepaired
    return (head, report)
  }
}

extension SalvagedRow {
  /// Whether this is a subject's key that one of these has wrapped.
  fileprivate func isOpened(by keys: [WrappingKey]) -> Bool {
    guard let subject = SubjectID(key) else { return false }
    return keys.contains { (try? $0.unwrap(value, of: subject)) != nil }
  }
}
