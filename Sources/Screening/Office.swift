import Dispatch
import DocumentReader
public import EventStore
import FoundationEssentials
import Projections
import Synchronization

/// What an office is opened with.
public struct OfficeConfiguration: Sendable {
  /// The data folder.
  public var directory: String
  /// The path of the program `senko-worker`.
  public var worker: String
  /// How many documents are read at once.
  public var readers: Int
  /// Where times come from.
  public var clock: WallClock
  /// Whether tesseract recognises the characters of pages that are pictures.
  public var recognisesScans: Bool
  /// Whether reading documents gives way to whatever else the machine is asked for.
  public var readingGivesWay: Bool
  /// What computes, which every model's event names.
  public var code: CodeVersion
  /// The path of `senko`, run to name what rests on damage, which may end it by a signal; `nil` has that done in this
  /// process.
  public var program: String?

  /// Describes how to open an office.
  public init(
    directory: String, worker: String, readers: Int = 2, clock: WallClock = .system,
    recognisesScans: Bool = false, readingGivesWay: Bool = false, code: CodeVersion = .running(),
    program: String? = nil
  ) {
    self.directory = directory
    self.worker = worker
    self.readers = readers
    self.clock = clock
    self.recognisesScans = recognisesScans
    self.readingGivesWay = readingGivesWay
    self.code = code
    self.program = program
  }
}

/// An opened data folder: takes commands, answers queries.
///
/// Every change goes one way: a command is checked against the views, becomes events, is appended, then
/// the views move, and then it is answered. Several processes may have the same folder open; each sees what
/// the others have answered for at its next query, and what they have appended at its next command.
public final class Office: Sendable {
  /// The log of events: the truth.
  public let log: EventLog
  let views: Views
  let readers: ReaderPool
  let opened: OpenedValues
  let models = ModelCache()
  let counted = CountedVocabulary()
  let formerStandings = FormerStandings()
  /// By actor and scope, the hour of the last access to a list that is known to be recorded.
  let listAccesses = Mutex<[[UInt8]: [UInt8]]>([:])
  /// The position that the last query about the present was answered as of.
  let told: Mutex<Position>
  /// Where the log ended when the office was last settled.
  private let settled: Mutex<Position>
  let configuration: OfficeConfiguration

  /// What was wrong with the views that lay in the folder, a sentence; they are folded anew.
  ///
  /// `nil` where nothing was.
  public var viewDamage: String? { views.damage }

  /// The generation of the log's keys, another one after each erasure.
  var generation: UInt64 {
    get throws(ScreeningError) { try recorded { () throws(EventLogError) in try log.generation } }
  }

  private init(
    log: EventLog, views: Views, readers: ReaderPool, configuration: OfficeConfiguration,
    head: Position
  ) {
    self.log = log
    self.views = views
    self.readers = readers
    self.configuration = configuration
    opened = OpenedValues()
    told = Mutex(head)
    settled = Mutex(head)
  }

  /// Opens the data folder, and makes it if `create` says so.
  ///
  /// - Throws: `ScreeningError` when there is none, when it is of another version, or cannot be used.
  public static func open(
    _ configuration: OfficeConfiguration, create: Bool = false
  ) throws(ScreeningError) -> Office {
    let log = try recorded { () throws(EventLogError) in
      try EventLog.open(
        configuration.directory, create: create, clock: configuration.clock,
        remedy: EventLogError.damageRemedy)
    }
    let views = try recorded { () throws(ViewError) in
      try Views(
        directory: configuration.directory + "/views", log: log,
        projections: [
          RecordsProjection(), WordingsProjection(log: log), VocabularyProjection(log: log),
        ])
    }
    return Office(
      log: log, views: views,
      readers: ReaderPool(
        worker: configuration.worker, workers: configuration.readers,
        technologies: try ownTechnologies(in: configuration.directory),
        recognisesScans: configuration.recognisesScans, givesWay: configuration.readingGivesWay),
      configuration: configuration,
      head: try recorded { () throws(EventLogError) in try log.head })
  }

  /// The technology lexicon of a data folder, which may be none.
  private static func ownTechnologies(
    in directory: String
  ) throws(ScreeningError) -> OwnTechnologies {
    let path = directory + "/technology-lexicon.tsv"
    guard FileManager.default.fileExists(atPath: path) else { return OwnTechnologies() }
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(validating: data, as: UTF8.self)
    else {
      throw .invalid("The file '\(path)' cannot be read as text in UTF-8. Correct it.")
    }
    return try OwnTechnologies(invalid: text)
  }

  /// Ends the readers and closes the log.
  public func close() {
    readers.shutdown()
    // Both wait for the disk. What could not be settled is folded anew after a power cut.
    _ = Background.both({ try? views.settle(isLast: true) }, { log.close() })
  }

  /// Lets the next start go on from what was folded even after a power cut, when nothing is being recorded, and
  /// queries tell what a process has left that ended before it had folded what it appended.
  ///
  /// To be called every now and then; what was left is told from the second call on.
  public func settle() throws(ScreeningError) {
    let head = try recorded { () throws(EventLogError) in try log.head }
    let earlier = settled.withLock { settled in
      defer { settled = head }
      return settled
    }
    told.withLock { $0 = max($0, earlier) }
    try catchUp(through: earlier)
    try recorded { () throws(ViewError) in try views.settle() }
  }

  /// The signed checkpoint that covers the log up to a moment, as the exact text of a C2SP note.
  ///
  /// - Throws: `.notFound` where the one of that moment is not kept.
  public func checkpoint(asOf: AsOf = .now) throws(ScreeningError) -> String {
    guard asOf != .now else {
      return try recorded { () throws(EventLogError) in try log.checkpoint() }
    }
    let position = try resolve(asOf)
    let note = try recorded { () throws(EventLogError) in try log.checkpoint(over: position) }
    guard let note else { throw try noCheckpoint(over: position) }
    return note
  }

  private func noCheckpoint(over position: Position) throws(ScreeningError) -> ScreeningError {
    let before = try recorded { () throws(EventLogError) in
      try log.checkpointSize(before: position)
    }
    let advice =
      before == .zero
      ? "None of before is kept either: ask for the newest."
      : "Ask as of event \(before), the last before it whose checkpoint is kept, or for the newest."
    return .notFound(
      "The checkpoint that covers the events up to \(position), and no more, is not kept: beside the newest, about "
        + "one in 256 is. \(advice)")
  }

  /// Folds what the log has gained, and returns the position that queries answer as of.
  ///
  /// - Parameters:
  ///   - seen: where the log was seen to end when a question came in, which is then answered as of that: several
  ///     looks for one answer wait at most once, however fast another process appends.
  ///   - withVocabulary: whether into the vocabulary as well, which takes longest.
  @discardableResult
  func catchUp(
    through seen: Position? = nil, withVocabulary: Bool = false
  ) throws(ScreeningError) -> Position {
    let seen =
      if let seen { seen } else {
        try recorded { () throws(EventLogError) in try log.head }
      }
    try recorded { () throws(ViewError) in
      try views.catchUp(through: seen)
      if withVocabulary { try views.catchUpPatient(through: seen) }
    }
    return seen
  }

  /// Forgets the views and folds the whole log anew.
  ///
  /// - Parameter progress: is told how many events were folded.
  public func rebuild(
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) throws(ScreeningError) -> Position {
    opened.removeAll(through: try generation)
    counted.removeAll()
    let work = LongWork(progress: progress)
    return try recorded { () throws(ViewError) in
      try views.rebuild { work.report(.events, Int($0.rawValue), of: Int($1.rawValue)) }
    }
  }

  /// Appends what `decision` makes of the views as they stand, deciding again whenever one of the
  /// streams that it relied on has changed meanwhile.
  ///
  /// - Parameter decision: is given the position that the views stand at.
  func append(
    _ decision: @escaping @Sendable (Position) throws(ScreeningError) -> Append
  ) async throws(ScreeningError) -> Receipt {
    while true {
      let append = try await offPool { [self] () throws(ScreeningError) in
        try decision(try catchUp())
      }
      let receipt: Receipt
      do throws(EventLogError) {
        receipt = try await log.append(append)
      } catch {
        if case .streamChanged = error { continue }
        throw ScreeningError(error)
      }
      await foldAppended()
      return receipt
    }
  }
}

/// Runs `work`, which may take milliseconds, outside Swift's cooperative pool.
///
/// On Linux that pool has its threads from the global queue of the default quality of service, no more than there are
/// cores; the other global queues have others.
func offPool<Value: Sendable>(
  _ work: @escaping @Sendable () throws(ScreeningError) -> Value
) async throws(ScreeningError) -> Value {
  let result: Result<Value, ScreeningError> = await withCheckedContinuation { continuation in
    DispatchQueue.global(qos: .userInitiated).async {
      continuation.resume(returning: Result { () throws(ScreeningError) in try work() })
    }
  }
  return try result.get()
}
