public import Cryptography
import Glibc
import LMDB
import Synchronization

/// An append-only log of events that nobody has to trust: every event lies in a Merkle tree whose head
/// is signed before an append is answered.
///
/// Personal values are sealed under a key of their subject; destroying the key erases them, and the log
/// still verifies. Several processes may have a log open; each appends under LMDB's lock and sees what
/// the others have appended. A process opens a log once.
public final class EventLog: Sendable {
  let folder: LogFolder
  let environment: Environment
  let tables: LogTables
  let keyring: Keyring
  let signer: Signer
  let random: RandomSource
  let writer: Writer
  let commands: CommandIndex
  private let lock: FileLock
  /// Whose turn it is, in this process, to take the erasure lock.
  let erasures = Turn()
  /// Is called once another process has been waited for long.
  let longWait = Mutex<(@Sendable () -> Void)?>(nil)
  private let waitedFor = Mutex<EventLogError?>(nil)
  private let unsettled = Mutex<[FileIntent]>([])

  /// The format of data folders that this version writes.
  static let format = "2"
  /// The formats that it reads.
  ///
  /// Before 1, commands were not in `LogTables.commands`; before 2, leaves did not lie beside
  /// their events, nor the newest note beside the seal over the head. Earlier versions, which would not find them there,
  /// must not append to a folder of the next format.
  static let formats = ["0", "1", format]
  /// Address space for the log's file, the same in every process.
  static let mapSize = 256 << 30

  private init(
    folder: LogFolder, environment: Environment, tables: LogTables, signing: SigningKey,
    wrapping: WrappingKey, clock: WallClock, random: RandomSource, lock: FileLock
  ) throws(EventLogError) {
    self.folder = folder
    self.environment = environment
    self.tables = tables
    signer = Signer(folder: folder, tables: tables, signing)
    self.random = random
    self.lock = lock
    keyring = Keyring(
      folder: folder, environment: environment, tables: tables, current: wrapping)
    commands = CommandIndex(tables)
    writer = try Writer(
      folder: folder, environment: environment, tables: tables, keyring: keyring, signer: signer,
      clock: clock, random: random, commands: commands)
  }

  /// Opens the log in `directory`, and finishes an erasure that a crash has interrupted.
  ///
  /// - Parameters:
  ///   - create: makes a new log, with keys of its own, where there is none.
  ///   - remedy: a sentence on what to do, which is written to standard error where the file is so damaged that reading
  ///     it has to end the process; `nil` for one in this library's terms.
  /// - Throws: `.absent`, `.formatVersion`, `.locked`, `.openAlready`, `.keyFile`, `.unopened` for a folder that the
  ///   system refuses, `.diskFull`, `.invalid` for what a restore that was cut off has left, `.damaged`, and `.inconsistent` for keys
  ///   without their log, or an end that nobody vouches for.
  public static func open(
    _ directory: String, create: Bool = true, clock: WallClock = .system,
    random: RandomSource = .system, remedy: String? = nil
  ) throws(EventLogError) -> EventLog {
    let folder = LogFolder(path: directory)
    let hasKeys = folder.hasKeys
    // The keys are written after the file's beginning: without them, what is no whole file holds nothing.
    let exists =
      Files.isFilled(folder.log + "/data.mdb")
      && (hasKeys || !Environment.isCutAtItsBeginning(path: folder.log))
    // Keys without a log are what a lost log leaves; beginning anew would overwrite them.
    guard exists || !hasKeys else { throw folder.fileMissing }
    if !exists, let hidden = folder.hidden { throw hidden }
    guard exists || create else {
      guard let left = RestoreFolder.leftovers(beside: directory) else {
        throw .absent(directory: directory)
      }
      throw .invalid(
        "There is no log in '\(directory)' yet: a restore was cut off, and has left keys in '\(left)'. Restore once "
          + "more, which removes them first; or remove that folder.")
    }
    if !exists { try makeFolders(folder) }
    let (lock, environment, tables) = try take(folder, remedy: remedy)
    try begin(folder, environment, tables, random: random)
    let signing = try loadSigningKey(folder, environment, tables)
    let log = try EventLog(
      folder: folder, environment: environment, tables: tables, signing: signing,
      wrapping: try loadWrappingKey(folder, environment, tables),
      clock: clock, random: random, lock: lock)
    // What an interrupted step signs or writes is over an end that is vouched for.
    try log.checkHead()
    try log.finishInterrupted()
    log.collectFiles()
    return log
  }

  /// Takes the last steps of an erasure and of a rotation that a crash has interrupted.
  ///
  /// Nobody waits for another process that holds the lock, a backup for as long as it copies: it has taken them
  /// first.
  private func finishInterrupted() throws(EventLogError) {
    let lock: FileLock
    do throws(EventLogError) {
      lock = try FileLock(folder.erasureLock, exclusive: true, waiting: false)
    } catch {
      guard case .locked = error else { throw error }
      return
    }
    defer { lock.release() }
    do throws(EventLogError) {
      try finishErasures()
      try finishRotation()
      // What cannot be noted now is at a later start.
      try? noteKeeper()
    } catch {
      // An erasure or a change of keys waits for something; the log can be used meanwhile.
      guard error.isWaiting else { throw error }
      waitedFor.withLock { $0 = error }
    }
  }

  /// What an erasure, or a change of keys, that was cut short was found to wait for when the log was opened; `nil`
  /// when there was none, and once it is finished.
  public var pending: EventLogError? { waitedFor.withLock(\.self) }

  /// Notes that nothing waits any more.
  func forgetPending() { waitedFor.withLock { $0 = nil } }

  /// Holds the note of files of which nobody knows whether they were recorded, and lets go of the oldest of many: each
  /// takes an open file.
  func hold(_ intent: FileIntent) {
    unsettled.withLock { held in
      held.append(intent)
      if held.count > 64 { held.removeFirst() }
    }
  }

  /// The name of this log in its checkpoints.
  public var origin: String { signer.current.origin }

  /// The key that verifies this log's checkpoints, as `name+id+base64`.
  public var publicKey: String { signer.current.verifier.description }

  /// Stores the newest note and takes no further appends.
  ///
  /// The folder stays open, and locked against a restore or a repair, until the last reference to this object is gone.
  public func close() { writer.close() }

  /// Appends events together, or not at all, and answers once they are on disk and under a signed
  /// checkpoint.
  ///
  /// Callers of all tasks share transactions; a request that is refused fails alone.
  ///
  /// - Throws: `.invalid` for what cannot be recorded, `.streamChanged` when a stream of `expecting` has moved on,
  ///   `.erased` for a subject whose key is destroyed, `.conflictingContent` or `.erasedContent` for an idempotency key
  ///   that was used before; `.damaged`, `.diskFull`, `.storage`, `.replaced`, `.closed`.
  public func append(_ append: Append) async throws(EventLogError) -> Receipt {
    try await perform(append)
  }

  /// Appends one after the other in one transaction, each as `append(_:)` does, up to the first that is refused
  /// or repeats an earlier one.
  ///
  /// - Returns: for each that was reached its receipt, or why it was refused; those behind it add nothing, so
  ///   that numbers given in advance leave no gap.
  public func append(
    inOrder appends: [Append]
  ) async -> [Result<Receipt, EventLogError>] {
    var (prepared, refusal): ([PreparedAppend], EventLogError?) = ([], nil)
    do throws(EventLogError) {
      for append in appends { prepared.append(try prepare(append)) }
    } catch {
      refusal = error
    }
    let intent: FileIntent?
    do throws(EventLogError) {
      intent = try await writeFiles(of: prepared.map(\.append))
    } catch {
      return [.failure(error)]
    }
    var results: [Result<Receipt, EventLogError>] = []
    if let first = prepared.first {
      results = await enqueue(PreparedAppends(first, Array(prepared.dropFirst()))).all
    }
    await settle(intent, after: results)
    guard let refusal, results.count == prepared.count,
      results.allSatisfy({ (try? $0.get())?.repeated == false })
    else { return results }
    return results + [.failure(refusal)]
  }

  func perform(
    _ append: Append, erasing: Writer.Erasing? = nil, rotation: SigningKey? = nil
  ) async throws(EventLogError) -> Receipt {
    let prepared = PreparedAppends(try prepare(append))
    let intent = append.documents.isEmpty ? nil : try await writeFiles(of: [append])
    var change: Writer.KeyChange?
    if erasing != nil || rotation != nil { change = .init(erasing: erasing, rotation: rotation) }
    let results = await enqueue(prepared, change)
    if let intent { await settle(intent, after: results.all) }
    guard let result = results.first else { throw .closed }
    return try result.get()
  }

  private func prepare(_ append: Append) throws(EventLogError) -> PreparedAppend {
    var (key, content): (Digest?, Digest?)
    if let idempotency = append.idempotency {
      key = try keyring.hash(key: idempotency.key)
      content = try keyring.contentHash(of: idempotency, new: append.subjects)
    }
    return try PreparedAppend(append, key: key, content: content)
  }

  private func enqueue(
    _ prepared: consuming PreparedAppends, _ change: Writer.KeyChange? = nil
  ) async -> Reached<Receipt> {
    var prepared: PreparedAppends? = prepared
    return await withCheckedContinuation { continuation in
      // Handed on, so that it is given back while the disk writes.
      guard let requested = prepared.take() else { return }
      writer.enqueue(requested, change: change) { continuation.resume(returning: $0) }
    }
  }

  /// The newest signed checkpoint, over the head as other processes have moved it.
  public func checkpoint() throws(EventLogError) -> String {
    try newestHead().encoded
  }

  func newestHead() throws(EventLogError) -> SignedHead { try writer.refreshedNote() }
}
