public import EventStore
import Glibc

extension Office {
  /// Checks the store in a folder, in a process of its own: events, tree, signatures, and every sealed
  /// value's ciphertext.
  ///
  /// It needs no key, opens nothing and writes nothing, so that a backup, a copy without keys, or a folder
  /// that may only be read can be checked.
  ///
  /// - Parameters:
  ///   - worker: the path of the program `senko-worker`.
  ///   - options: what is known from elsewhere: a checkpoint, the public key, witnesses' notes.
  ///   - progress: is told how many events were checked.
  /// - Throws: `.unavailable` when there is no such folder; `.cancelled` when the task was, which ends the process.
  public static func verifyStore(
    in directory: String, worker: String, _ options: VerifyOptions = VerifyOptions(),
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> VerificationReport {
    guard unsafe access(directory, F_OK) == 0 else {
      throw ScreeningError(EventLogError.absent(directory: directory))
    }
    return try await LongWork.run(progress: progress) { (work) throws(ScreeningError) in
      let store = try recorded { () throws(EventLogError) in
        try verifyInChild(
          worker: worker, directory: directory, options: options,
          progress: { work.report(.events, $0, of: $1) }, isCancelled: { work.isCancelled })
      }
      return VerificationReport(store, options)
    }
  }

  /// Checks the whole store, names what rests on damaged records, and with `retrain` derives every model
  /// and every screening again.
  ///
  /// - Parameters: as of `verifyStore` and `complete`.
  public func verify(
    retrain: Bool, _ options: VerifyOptions = VerifyOptions(),
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> VerificationReport {
    let store = try await Self.verifyStore(
      in: configuration.directory, worker: configuration.worker, options, progress: progress)
    guard let program = configuration.program, !store.damaged.isEmpty else {
      return try await complete(store, retrain: retrain, progress: progress)
    }
    var report = store
    var damage: [Damage] = []
    do throws(ScreeningError) {
      damage = try await Self.restInChild(
        of: store.damaged, in: configuration.directory, program: program
      ).damage
    } catch {
      guard error.kind == .damaged else { throw error }
      report.problems.append(error.description)
    }
    var rest = try await self.rest(of: [], retrain: retrain, progress: progress)
    rest.damage = damage
    return report.adding(rest)
  }

  /// Adds to the check of this office's store what it must be opened for, as `rest` tells it.
  public func complete(
    _ store: VerificationReport, retrain: Bool,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> VerificationReport {
    store.adding(try await rest(of: store.damaged, retrain: retrain, progress: progress))
  }

  /// What a check adds for which the store must be opened: what rests on damaged records, and with `retrain` every
  /// model and every screening derived again.
  ///
  /// Reading what is damaged may end this process by a signal.
  ///
  /// - Parameters:
  ///   - damaged: where the records lie that were found damaged.
  ///   - progress: is told how many models were trained again, and how many events checked.
  /// - Throws: `.cancelled` when the task was.
  public func rest(
    of damaged: [Position], retrain: Bool,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> VerificationReport.Rest {
    let hit = try await offPool { [self] () throws(ScreeningError) in
      var rest = VerificationReport.Rest()
      rest.damage = damage(at: damaged)
      return rest
    }
    guard retrain else { return hit }
    return try await inBackground(progress: progress) { [self] (work) throws(ScreeningError) in
      var rest = hit
      try retrainModels(&rest.models, &rest.problems, work)
      try rederiveScreenings(&rest.screenings, &rest.problems, work)
      return rest
    }
  }
}

extension VerificationReport {
  fileprivate init(_ store: VerifyReport, _ options: VerifyOptions) {
    self.init(
      events: store.events, root: store.root, signed: store.signed, isReadable: store.isReadable,
      models: Counts(), screenings: Counts(),
      outsideCheckpoint: options.against != nil || !options.witnessed.isEmpty,
      pinned: store.pinned, covered: store.covered,
      witnessed: store.witnessed.map {
        .init(name: $0.name, size: $0.size, at: $0.at.description)
      },
      formerly: store.formerly.map {
        .init(origin: $0.origin, size: $0.size, position: $0.position.rawValue)
      }, notices: store.notices + Self.remedy(of: store),
      problems: store.problems.map(\.description), damage: [],
      damaged: Set(store.problems.compactMap(\.position)).sorted())
  }

  /// What to do about key files that are missing.
  private static func remedy(of store: VerifyReport) -> [String] {
    guard !store.missingKeys.isEmpty else { return [] }
    return [
      "In a data folder that is in use, 'senko key restore --escrow PATH' puts the missing key files back."
    ]
  }
}
