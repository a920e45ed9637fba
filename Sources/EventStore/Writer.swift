import Cryptography
import Dispatch
import LMDB
import Synchronization

/// The one writer: drains a queue of requests, commits what is there in one transaction, signs the head,
/// and only then answers.
final class Writer: Sendable {
  typealias Answer = @Sendable (Result<Receipt, EventLogError>) -> Void

  private struct Request {
    var append: Append
    var erasing: Erasing?
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
  }

  private let environment: Environment
  private let tables: LogTables
  private let keyring: Keyring
  private let signing: SigningKey
  private let clock: WallClock
  private let random: RandomSource
  private let queue = DispatchQueue(label: "senko.writer")
  private let pending = Mutex<[Request]>([])
  private let state = Mutex(State())

  /// How many requests share a transaction at most.
  private static let portion = 256

  init(
    environment: Environment, tables: LogTables, keyring: Keyring, signing: SigningKey,
    clock: WallClock, random: RandomSource
  ) {
    self.environment = environment
    self.tables = tables
    self.keyring = keyring
    self.signing = signing
    self.clock = clock
    self.random = random
  }

  /// Queues an append; `answer` is called once it is on disk and signed, or refused.
  func enqueue(_ append: Append, erasing: Erasing? = nil, answer: @escaping Answer) {
    pending.withLock { $0.append(Request(append: append, erasing: erasing, answer: answer)) }
    queue.async { self.drain() }
  }

  private func drain() {
    let requests = pending.withLock { pending in
      let taken = Array(pending.prefix(Self.portion))
      pending.removeFirst(taken.count)
      return taken
    }
    guard !requests.isEmpty else { return }
    // Answers wait for the commit: nothing is acknowledged that is not on disk.
    var answers: [Result<Staged, EventLogError>] = []
    let failure: EventLogError? = state.withLock { state in
      do throws(EventLogError) {
        guard !state.closed else { throw .closed }
        answers = try commit(requests, &state.log)
        return nil
      } catch {
        // After a failed commit nobody knows what is on disk; the state is read anew.
        state.log = LogState()
        if case .storage = error { state.closed = true }
        return error
      }
    }
    for (index, request) in requests.enumerated() {
      if let failure {
        request.answer(.failure(failure))
      } else {
        request.answer(answers[index].flatMap { staged in receipt(staged) })
      }
    }
  }

  private func receipt(_ staged: Staged) -> Result<Receipt, EventLogError> {
    do throws(EventLogError) {
      return .success(
        Receipt(
          first: staged.first, last: staged.last, at: staged.at,
          checkpoint: try newestNote().encoded, repeated: staged.repeated))
    } catch {
      return .failure(error)
    }
  }

  private func commit(
    _ requests: [Request], _ log: inout LogState
  ) throws(EventLogError) -> [Result<Staged, EventLogError>] {
    var next = log
    var answers: [Result<Staged, EventLogError>] = []
    do {
      try environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        try next.catchUp(&transaction, tables)
        var stage = Stage(
          tables: tables, keyring: keyring, clock: clock, random: random, state: next)
        try stage.storeNote(&transaction)
        for request in requests {
          do throws(StageError) {
            answers.append(
              .success(try stage.add(request.append, request.erasing, &transaction)))
          } catch {
            switch error {
            case .refused(let refusal): answers.append(.failure(refusal))
            case .failed(let failure): throw failure
            }
          }
        }
        next = stage.state
      }
    } catch {
      throw EventLogError(error)
    }
    next.note = try sign(next)
    log = next
    return answers
  }

  private func sign(_ state: LogState) throws(EventLogError) -> SignedNote {
    do {
      return try signing.sign(
        Checkpoint(origin: signing.origin, size: state.frontier.size, root: state.frontier.root))
    } catch {
      throw .storage(operation: "sign the checkpoint", reason: "\(error)")
    }
  }

  /// The signed head, which other processes may have moved.
  func newestNote() throws(EventLogError) -> SignedNote {
    let held: SignedNote?? = state.withLock { $0.closed ? nil : $0.log.note }
    if let held, let note = held { return note }
    return try refreshedNote()
  }

  /// Signs the head as it stands on disk; Ed25519 is deterministic, so the same head has one note.
  func refreshedNote() throws(EventLogError) -> SignedNote {
    do {
      let nodes = StoredNodes(tables)
      let frontier = try environment.read { (transaction) throws(EventLogError) in
        let size = try stored { () throws(LMDBError) -> UInt64 in
          var cursor = try transaction.cursor(tables.events)
          guard let entry = try cursor.last() else { return 0 }
          return bigEndian(entry.key)
        }
        return try Frontier(size: size) { (height, index) throws(EventLogError) in
          try nodes.subtree(height, index, in: transaction)
        }
      }
      var state = LogState()
      state.frontier = frontier
      return try sign(state)
    } catch let error as TransactionError<EventLogError> {
      throw EventLogError(error)
    } catch let error as EventLogError {
      throw error
    } catch {
      throw .storage(operation: "sign the checkpoint", reason: "\(error)")
    }
  }

  /// Stores the newest note and takes no further requests.
  func close() {
    queue.sync {
      state.withLock { state in
        guard !state.closed else { return }
        state.closed = true
        guard let note = state.log.note, state.log.frontier.size > 0 else { return }
        // A note that could not be stored is signed again at the next start.
        try? environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          try transaction.put(
            Array(note.encoded.utf8), at: bigEndian(state.log.frontier.size),
            in: tables.checkpoints)
        }
      }
    }
  }
}
