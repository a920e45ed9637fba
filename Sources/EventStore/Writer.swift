import Cryptography
import Dispatch
import Glibc
import LMDB
import Synchronization

/// The one writer: on a thread of its own it drains a queue of requests, commits what is there in one transaction, has
/// the head signed, and only then answers.
final class Writer: Sendable {
  /// Is given a result for each append that was reached.
  typealias Answer = @Sendable (Reached<Receipt>) -> Void

  private struct Request {
    /// One after the other, up to the first that adds nothing to the log; `nil` once they are in a transaction.
    var prepared: PreparedAppends?
    var change: KeyChange?
    var answer: Answer
  }

  /// A change of keys that goes with an append.
  final class KeyChange: Sendable {
    let erasing: Erasing?
    /// The key that signs from this append on.
    let rotation: SigningKey?

    init(erasing: Erasing?, rotation: SigningKey?) {
      self.erasing = erasing
      self.rotation = rotation
    }
  }

  /// An erasure's part of a transaction.
  struct Erasing: Sendable {
    var subjects: [SubjectID]
    var next: WrappingKey
    /// Subject ‖ wrapped key, side by side: what the escrow holds, of use where a key in the log is damaged.
    var kept: [UInt8] = []
    /// Gives up the escrow that the log names.
    var withoutEscrow = false
  }

  private struct State {
    var log = LogState()
    var closed = false
    /// Whether nobody knows what the last commit has left on the disk.
    var doubtful = false
  }

  private let environment: Environment
  private let tables: LogTables
  private let keyring: Keyring
  private let signer: Signer
  private let clock: WallClock
  private let random: RandomSource
  private let commands: CommandIndex
  private let folder: LogFolder
  /// Calls the thread, which sleeps where nobody has asked for anything.
  private let called = DispatchSemaphore(value: 0)
  private let requests = RequestQueue<Request>(portion: 256)
  private let state = Mutex(State())
  private let times = Mutex(TimeHistogram())
  private let lastAnswered = Atomic<UInt64>(0)
  /// The newest head that was answered, which the log must hold for ever; beside the state, which a transaction holds
  /// for as long as it takes.
  private let newest = Mutex<SignedHead?>(nil)

  /// Begins the thread, which ends with this object.
  ///
  /// - Throws: `.storage` where the system has no thread to spare.
  init(
    folder: LogFolder, environment: Environment, tables: LogTables, keyring: Keyring,
    signer: Signer, clock: WallClock, random: RandomSource, commands: CommandIndex
  ) throws(EventLogError) {
    self.folder = folder
    self.environment = environment
    self.tables = tables
    self.keyring = keyring
    self.signer = signer
    self.clock = clock
    self.random = random
    self.commands = commands
    let thread = startThread { [weak self, called] in
      while true {
        called.wait()
        guard let self else { return }
        while self.drain() {}
      }
    }
    guard let thread else {
      throw .storage(operation: "start the writer", reason: "there are too many threads")
    }
    pthread_detach(thread)
  }

  deinit { called.signal() }

  /// Queues appends of one transaction; `answer` is called once they are on disk and signed, or refused.
  ///
  /// After one that is refused or repeats an earlier one, those behind it are not reached.
  func enqueue(
    _ prepared: consuming PreparedAppends, change: KeyChange? = nil, answer: @escaping Answer
  ) {
    let request = Request(prepared: prepared, change: change, answer: answer)
    if requests.insert(request) { called.signal() }
  }

  /// Commits what waits, and says whether there is more.
  private func drain() -> Bool {
    var requests = requests.take()
    // Answers wait for the commit: nothing is acknowledged that is not on disk.
    var answers: [Reached<Staged>] = []
    var checkpoint = ""
    let failure: EventLogError? = state.withLock { state in
      do throws(EventLogError) {
        guard !state.closed else { throw .closed }
        try environment.requireInPlace(folder)
        if state.doubtful { try recover() }
        let start = ContinuousClock.now
        (answers, checkpoint) = try commit(
          &requests, &state.log, since: start, isRecovering: state.doubtful)
        state.doubtful = false
        try environment.requireInPlace(folder)
        let taken = ContinuousClock.now - start
        times.withLock { $0.add(taken) }
        newest.withLock { $0 = state.log.note }
        lastAnswered.store(state.log.head.rawValue, ordering: .releasing)
        return nil
      } catch {
        // After a failed commit nobody knows what is on disk; the state is read anew.
        state.log = LogState()
        switch error {
        case .storage, .diskFull: state.doubtful = true
        default: break
        }
        return error
      }
    }
    for (index, request) in requests.enumerated() {
      if let failure {
        request.answer(Reached(.failure(failure)))
      } else {
        request.answer(
          answers[index].map { staged in
            Receipt(
              first: staged.first, last: staged.last, at: staged.at,
              checkpoint: staged.checkpoint ?? checkpoint, repeated: staged.repeated)
          })
      }
    }
    return self.requests.rest(after: requests.count)
  }

  /// Opens the environment anew after a failed commit, and goes on only if the log's end is whole and holds
  /// what was answered; else every request fails until it does.
  private func recover() throws(EventLogError) {
    do { try environment.reopen() } catch {
      // Readers are at it. LMDB lets nobody write to an environment that it holds for broken.
      guard error.code == EBUSY else { throw EventLogError(error) }
    }
    try LogTail.check(environment, tables, answered: held)
  }

  /// Commits `requests`, and those that come meanwhile, which are added to them.
  ///
  /// - Parameter isRecovering: writes something though nothing is added. The last commit may be in the system's memory
  ///   alone, and what repeats it is answered: behind another commit, it is on the disk.
  private func commit(
    _ requests: inout [Request], _ log: inout LogState, since start: ContinuousClock.Instant,
    isRecovering: Bool
  ) throws(EventLogError) -> ([Reached<Staged>], checkpoint: String) {
    var next = log
    var answers: [Reached<Staged>] = []
    answers.reserveCapacity(requests.count)
    var key = signer.current
    var fold: CommandIndex.Fold?
    var added: [RecentCommands.Entry] = []
    var count = 0
    var head: UpcomingHead?
    do {
      try environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        try next.catchUp(transaction.reading, tables)
        let size = next.frontier.size
        try stored { () throws(LMDBError) in try commands.catchUp(to: size, transaction.reading) }
        key = try signer.key(in: transaction.reading)
        var stage = Stage(
          tables: tables, keyring: keyring, clock: clock, random: random, commands: commands,
          state: next)
        while answers.count < requests.count {
          for request in requests[answers.count...] {
            answers.append(try add(request, &key, &stage, &transaction))
          }
          requests += self.requests.gather(beside: requests.count, since: start)
        }
        next = stage.state
        if next.frontier.size != size || isRecovering {
          try stage.leaveHead(of: key.origin, &transaction)
        }
        added = stage.added.entries
        if next.note?.size != next.frontier.size {
          var used: [PreparedAppends?] = []
          used.reserveCapacity(requests.count)
          for index in requests.indices { used.append(requests[index].prepared.take()) }
          head = UpcomingHead(next.frontier, signedBy: key, dropping: used)
        }
        if !added.isEmpty { (fold, count) = try stage.index(&transaction) }
      }
    } catch {
      throw folder.explained(EventLogError(error))
    }
    let size = next.frontier.size
    if let head { next.note = try head.signed() }
    commands.take(added, fold, upTo: size, of: count)
    log = next
    return (answers, next.note?.encoded ?? "")
  }

  /// Adds a request to the transaction, and says what each of its appends that was reached is answered.
  private func add(
    _ request: Request, _ key: inout SigningKey, _ stage: inout Stage,
    _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> Reached<Staged> {
    var reached = Reached<Staged>()
    guard let prepared = request.prepared else { return reached }
    do throws(StageError) {
      for index in 0..<prepared.count {
        var staged = try stage.add(prepared[index], request.change?.erasing, &transaction)
        // What was done before changes no key again.
        if let rotation = request.change?.rotation, !staged.repeated {
          try stage.rotate(from: key, to: rotation, &transaction)
          key = rotation
          // Others may follow in this transaction, whose head the former key signs no more.
          staged.checkpoint = stage.state.note?.encoded
        }
        reached.append(.success(staged))
        if staged.repeated { return reached }
      }
    } catch {
      switch error {
      case .refused(let refusal): reached.append(.failure(refusal))
      case .failed(let failure): throw failure
      }
    }
    return reached
  }

  /// Signs the head as it stands on disk; Ed25519 is deterministic, so the same head has one note.
  func refreshedNote() throws(EventLogError) -> SignedHead {
    let held = held
    do {
      return try environment.read { (transaction) throws(EventLogError) in
        try note(held: held, in: transaction)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// The newest head that this process has answered with.
  ///
  /// Never waits for a transaction.
  var held: SignedHead? { newest.withLock(\.self) }

  /// The signed head as a snapshot shows it; `held` may be it.
  func note(
    held: SignedHead?, in transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> SignedHead {
    let size = try LogState.size(transaction, tables)
    let key = try signer.key(in: transaction)
    if let held, held.size == size, held.keyID == key.verifier.id { return held }
    if let stored = try SignedHead(size, transaction, tables) { return stored }
    return try key.signedHead(try LogState.frontier(of: size, transaction, tables))
  }

  /// Where the log ended with the last transaction that was answered for; zero before the first.
  var answered: Position { Position(rawValue: lastAnswered.load(ordering: .acquiring)) }

  /// How many requests wait.
  var waiting: Int { requests.count }

  /// What the transactions have taken.
  ///
  /// Never waits for one.
  var commits: TimeHistogram { times.withLock(\.self) }

  /// Stores the newest note and takes no further requests.
  func close() {
    state.withLock { state in
      guard !state.closed else { return }
      state.closed = true
      guard state.log.note != nil else { return }
      // A note that could not be stored is signed again at the next start.
      try? environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        let stage = Stage(
          tables: tables, keyring: keyring, clock: clock, random: random, commands: commands,
          state: state.log)
        try stage.storeNote(&transaction)
      }
    }
  }
}
