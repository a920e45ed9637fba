import Cryptography
import Dispatch
import Glibc
import LMDB
import Synchronization

/// The one writer: drains a queue of requests, commits what is there in one transaction, has the head signed,
/// and only then answers.
final class Writer: Sendable {
  /// Is given a result for each append that was reached.
  typealias Answer = @Sendable ([Result<Receipt, EventLogError>]) -> Void

  private struct Request {
    /// One after the other, up to the first that adds nothing to the log.
    var prepared: [PreparedAppend]
    var erasing: Erasing?
    var rotation: SigningKey?
    var answer: Answer
  }

  /// An erasure's part of a transaction.
  struct Erasing: Sendable {
    var subjects: [SubjectID]
    var next: WrappingKey
  }

  private struct State {
    var log = LogState()
    var closed = false
    /// Whether nobody knows what the last commit has left on the disk.
    var doubtful = false
    /// The newest head that was answered, which the log must hold for ever.
    var answered: SignedHead?
  }

  private let environment: Environment
  private let tables: LogTables
  private let keyring: Keyring
  private let signer: Signer
  private let clock: WallClock
  private let random: RandomSource
  private let commands: CommandIndex
  private let folder: LogFolder
  private let queue = DispatchQueue(label: "senko.writer")
  private struct Pending {
    var requests: [Request] = []
    /// Whether a drain has been asked for that has not ended.
    var drains = false
    /// How many requests shared the last transaction: so many may be about to come again.
    var crowd = 0
    /// At how many the writer wants to be signalled.
    var awaited: Int?
  }

  private let pending = Mutex(Pending())
  private let arrivals = DispatchSemaphore(value: 0)
  private let state = Mutex(State())
  private let times = Mutex(TimeHistogram())

  /// How many requests share a transaction at most.
  private static let portion = 256

  init(
    folder: LogFolder, environment: Environment, tables: LogTables, keyring: Keyring,
    signer: Signer, clock: WallClock, random: RandomSource, commands: CommandIndex
  ) {
    self.folder = folder
    self.environment = environment
    self.tables = tables
    self.keyring = keyring
    self.signer = signer
    self.clock = clock
    self.random = random
    self.commands = commands
  }

  /// Queues appends of one transaction; `answer` is called once they are on disk and signed, or refused.
  ///
  /// After one that is refused or repeats an earlier one, those behind it are not reached.
  ///
  /// - Parameter rotation: the key that signs from this append on.
  func enqueue(
    _ prepared: [PreparedAppend], erasing: Erasing? = nil, rotation: SigningKey? = nil,
    answer: @escaping Answer
  ) {
    let request = Request(
      prepared: prepared, erasing: erasing, rotation: rotation, answer: answer)
    let (begins, completes) = pending.withLock { pending in
      pending.requests.append(request)
      defer { pending.drains = true }
      let completes = pending.awaited.map { pending.requests.count >= $0 } ?? false
      if completes { pending.awaited = nil }
      return (!pending.drains, completes)
    }
    if begins { queue.async { self.drain() } }
    if completes { arrivals.signal() }
  }

  /// Takes the requests that have come, up to a portion beside `taken`; none once nobody is waited for.
  ///
  /// Callers who were answered together mostly come back together. The first of them would otherwise get a
  /// transaction of its own, and all others wait for its disk writes. A lone caller never waits. The wait leaves
  /// the processor to those who are waited for, and ends when half of them are there: their requests are written
  /// while the others are on their way.
  ///
  /// - Parameter start: when the transaction began.
  private func gather(beside taken: Int, since start: ContinuousClock.Instant) -> [Request] {
    let waits: Bool = pending.withLock { pending in
      let missing = min(pending.crowd, Self.portion) - taken
      let wanted = missing > Self.handful ? missing / 2 : missing
      guard pending.requests.count < wanted else { return false }
      pending.awaited = wanted
      return true
    }
    if waits { awaitArrivals(since: start) }
    return take(Self.portion - taken)
  }

  /// Waits for the signal that as many have come as are awaited, or until nobody comes for a while.
  private func awaitArrivals(since start: ContinuousClock.Instant) {
    var seen = 0
    while arrivals.wait(timeout: .now() + Self.pause) != .success {
      let isOver = ContinuousClock.now - start > Self.patience
      let (goesOn, isSignalled) = pending.withLock { pending in
        let isSignalled = pending.awaited == nil
        let goesOn = !isSignalled && !isOver && pending.requests.count > seen
        if !goesOn { pending.awaited = nil }
        seen = pending.requests.count
        return (goesOn, isSignalled)
      }
      if isSignalled { arrivals.wait() }
      if !goesOn { return }
    }
  }

  /// How long nobody comes before a transaction ends without those who shared the last one; far less than a
  /// disk's write.
  private static let pause = DispatchTimeInterval.microseconds(30)
  /// How long a transaction waits for others at most.
  private static let patience = Duration.microseconds(500)
  /// So few are awaited together.
  private static let handful = 16

  /// Takes at most `count` requests.
  private func take(_ count: Int) -> [Request] {
    pending.withLock { pending in
      let taken = Array(pending.requests.prefix(count))
      pending.requests.removeFirst(taken.count)
      return taken
    }
  }

  private func drain() {
    var requests = take(Self.portion)
    // Answers wait for the commit: nothing is acknowledged that is not on disk.
    var answers: [[Result<Staged, EventLogError>]] = []
    var checkpoint = ""
    let failure: EventLogError? = state.withLock { state in
      do throws(EventLogError) {
        guard !state.closed else { throw .closed }
        if state.doubtful { try recover(&state) }
        let start = ContinuousClock.now
        (answers, checkpoint) = try commit(&requests, &state.log, since: start)
        let taken = ContinuousClock.now - start
        times.withLock { $0.add(taken) }
        state.answered = state.log.note
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
    let left = pending.withLock { pending in
      pending.crowd = requests.count
      pending.drains = !pending.requests.isEmpty
      return pending.drains
    }
    if left { queue.async { self.drain() } }
    for (index, request) in requests.enumerated() {
      if let failure {
        request.answer([.failure(failure)])
      } else {
        request.answer(
          answers[index].map { answer in
            answer.map { staged in
              Receipt(
                first: staged.first, last: staged.last, at: staged.at, checkpoint: checkpoint,
                repeated: staged.repeated)
            }
          })
      }
    }
  }

  /// Opens the environment anew after a failed commit, and goes on only if the log's end is whole and holds
  /// what was answered; else every request fails until it does.
  private func recover(_ state: inout State) throws(EventLogError) {
    do { try environment.reopen() } catch {
      // Readers are at it. LMDB lets nobody write to an environment that it holds for broken.
      guard error.code == EBUSY else { throw EventLogError(error) }
    }
    try LogTail.check(environment, tables, answered: state.answered)
    state.doubtful = false
  }

  /// Commits `requests`, and those that come meanwhile, which are added to them.
  private func commit(
    _ requests: inout [Request], _ log: inout LogState, since start: ContinuousClock.Instant
  ) throws(EventLogError) -> ([[Result<Staged, EventLogError>]], checkpoint: String) {
    var next = log
    var answers: [[Result<Staged, EventLogError>]] = []
    var key = signer.current
    var fold: CommandIndex.Fold?
    var added: [RecentCommands.Entry] = []
    var count = 0
    var head: UpcomingHead?
    do {
      try environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        try next.catchUp(&transaction, tables)
        let size = next.frontier.size
        try stored { () throws(LMDBError) in try commands.catchUp(to: size, transaction) }
        key = try signer.key(in: transaction)
        var stage = Stage(
          tables: tables, keyring: keyring, clock: clock, random: random, commands: commands,
          state: next)
        try stage.storeNote(&transaction)
        while answers.count < requests.count {
          for request in requests[answers.count...] {
            answers.append(try add(request, &key, &stage, &transaction))
          }
          requests += gather(beside: requests.count, since: start)
        }
        next = stage.state
        added = stage.added
        if next.note?.size != next.frontier.size {
          head = UpcomingHead(next.frontier, signedBy: key)
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
  ) throws(EventLogError) -> [Result<Staged, EventLogError>] {
    var reached: [Result<Staged, EventLogError>] = []
    do throws(StageError) {
      for prepared in request.prepared {
        let staged = try stage.add(prepared, request.erasing, &transaction)
        reached.append(.success(staged))
        // What was done before changes no key again.
        if staged.repeated { return reached }
      }
      if let rotation = request.rotation {
        try stage.rotate(from: key, to: rotation, &transaction)
        key = rotation
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
    let held: SignedHead? = state.withLock { $0.log.note }
    do {
      return try environment.read { (transaction) throws(EventLogError) in
        let size = try LogState.size(transaction, tables)
        let key = try signer.key(in: transaction)
        if let held, held.size == size, held.keyID == key.verifier.id { return held }
        if let stored = try SignedHead(size, transaction, tables) { return stored }
        var nodes = NodeReader(tables)
        let frontier = try Frontier(size: size) { (height, index) throws(EventLogError) in
          try nodes.subtree(height, index, in: transaction)
        }
        return try key.signedHead(frontier)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// How many requests wait.
  var waiting: Int { pending.withLock { $0.requests.count } }

  /// What the transactions have taken.
  ///
  /// Never waits for one.
  var commits: TimeHistogram { times.withLock(\.self) }

  /// Stores the newest note and takes no further requests.
  func close() {
    queue.sync {
      state.withLock { state in
        guard !state.closed else { return }
        state.closed = true
        guard state.log.note != nil else { return }
        // A note that could not be stored is signed again at the next start.
        try? environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
          var stage = Stage(
            tables: tables, keyring: keyring, clock: clock, random: random, commands: commands,
            state: state.log)
          try stage.storeNote(&transaction)
        }
      }
    }
  }
}
