public import EventStore
import LMDB
import Synchronization

extension Views {
  /// A projection that the log has outrun, as it is stored.
  private struct Laggard {
    var projection: any Projection
    var stored: ViewState?
    /// What its state is to say, up to the position.
    var expected: ViewState

    /// Goes on from what another portion has left.
    mutating func move(to position: Position) {
      stored = expected
      stored?.position = position
    }

    /// The position to go on from; `nil` when nothing stored is to be used: it is of another version,
    /// another epoch or another log.
    func position(under head: Position) -> Position? {
      guard let stored, stored.fits(expected), stored.position <= head else { return nil }
      return stored.position
    }
  }

  /// Folds every event up to the log's head into every projection, patient ones included, and returns that head.
  ///
  /// Projections that stand at one position are folded together, so that each event is decoded once.
  ///
  /// - Complexity: O(events since the last call); nothing is written when there are none.
  @discardableResult
  public func catchUp() throws(ViewError) -> Position {
    let head: Position
    do { head = try log.head } catch { throw .log(error) }
    try catchUp(through: head)
    try catchUpPatient(through: head)
    return head
  }

  /// Folds every event up to `head`, where the log was seen to end, into all projections but patient ones, unless that
  /// was done since.
  public func catchUp(through head: Position) throws(ViewError) {
    let prompt = projections.filter { !$0.isPatient }
    if try laggards(prompt, at: head).isEmpty { return }
    try folding.withLock { _ throws(ViewError) in try fold(prompt, through: head) }
  }

  /// Folds every event up to `head` into patient projections; nobody who needs none of them waits for that.
  public func catchUpPatient(through head: Position) throws(ViewError) {
    let patient = projections.filter(\.isPatient)
    if try laggards(patient, at: head).isEmpty { return }
    try foldingPatient.withLock { _ throws(ViewError) in try fold(patient, through: head) }
  }

  /// Empties patient projections that are of another version or epoch, and brings that to the disk: what depended on
  /// something that was destroyed goes at once, and is folded anew when it is asked for.
  public func forgetOutdated() throws(ViewError) {
    let head: Position
    do { head = try log.head } catch { throw .log(error) }
    let patient = projections.filter(\.isPatient)
    try foldingPatient.withLock { _ throws(ViewError) in
      let outdated = try laggards(patient, at: head).filter {
        $0.stored != nil && $0.position(under: head) == nil
      }
      guard !outdated.isEmpty else { return }
      try clear(outdated)
      try sync()
    }
  }

  /// Forgets every row and folds the whole log anew.
  ///
  /// - Parameter progress: is told after each portion up to where the log is folded, and where it ends.
  public func rebuild(
    progress: (Position, Position) -> Void = { _, _ in }
  ) throws(ViewError) -> Position {
    let head: Position
    do { head = try log.head } catch { throw .log(error) }
    try whileNothingFolds { () throws(ViewError) in
      try write { (transaction: inout WriteTransaction) throws(LMDBError) in
        for table in handles.values { try transaction.clear(table) }
        try transaction.clear(states)
      }
      try fold(projections, through: head) { progress($0, head) }
    }
    return head
  }

  /// Runs `body` while this process folds nothing else.
  func whileNothingFolds(_ body: () throws(ViewError) -> Void) throws(ViewError) {
    // Patient projections take longest, and nobody is held up while they are waited for.
    try foldingPatient.withLock { _ throws(ViewError) in
      try folding.withLock { _ throws(ViewError) in try body() }
    }
  }

  /// Folds until none of `wanted` lags behind.
  private func fold(
    _ wanted: [any Projection], through head: Position,
    _ progress: (Position) -> Void = { _ in }
  ) throws(ViewError) {
    while true {
      let laggards = try laggards(wanted, at: head)
      if laggards.isEmpty { return }
      guard !isEnding.load(ordering: .relaxed) else {
        throw .storage(operation: "folded", reason: "they are being closed")
      }
      try advance(laggards, to: head, progress)
    }
  }

  /// Those of `wanted` that are not folded up to `head`.
  private func laggards(
    _ wanted: [any Projection], at head: Position
  ) throws(ViewError) -> [Laggard] {
    if head == .zero { return [] }
    var laggards: [Laggard] = []
    for candidate in try stored(wanted) {
      if try !isCurrent(candidate, at: head) { laggards.append(candidate) }
    }
    return laggards
  }

  /// Up to where all projections but patient ones are folded, by whichever process; zero where one cannot be used.
  ///
  /// Folds nothing, and waits for nobody who folds.
  ///
  /// - Complexity: O(projections).
  public func folded() throws(ViewError) -> Position {
    let positions = try stored(projections.filter { !$0.isPatient }).map { projection in
      projection.position(under: Position(rawValue: .max)) ?? .zero
    }
    return positions.min() ?? .zero
  }

  /// What is stored of `wanted`.
  private func stored(_ wanted: [any Projection]) throws(ViewError) -> [Laggard] {
    let rows = try read { (transaction) throws(LMDBError) in
      var rows: [[UInt8]?] = []
      for projection in wanted {
        rows.append(try transaction.value(at: projection.name.bytes, in: states))
      }
      return rows
    }
    var found: [Laggard] = []
    for (projection, row) in zip(wanted, rows) {
      found.append(
        Laggard(
          projection: projection, stored: row.flatMap { ViewState(bytes: $0) },
          expected: try expected(projection)))
    }
    return found
  }

  private func isCurrent(_ laggard: Laggard, at head: Position) throws(ViewError) -> Bool {
    guard let stored = laggard.stored, stored.fits(laggard.expected) else { return false }
    if stored.position <= head { return stored.position == head }
    // Another process has folded further, unless the log was replaced by a shorter one.
    do { return stored.position <= (try log.head) } catch { throw .log(error) }
  }

  private func expected(_ projection: any Projection) throws(ViewError) -> ViewState {
    do {
      return ViewState(
        version: projection.version, epoch: try projection.epoch(), origin: log.origin,
        position: .zero)
    } catch {
      throw .fold(projection: projection.name, position: .zero, reason: "\(error)")
    }
  }

  /// One step towards `head`: empties what cannot be used, or folds a portion into those furthest behind.
  private func advance(
    _ laggards: [Laggard], to head: Position, _ progress: (Position) -> Void
  ) throws(ViewError) {
    let unusable = laggards.filter { $0.position(under: head) == nil }
    if !unusable.isEmpty { return try clear(unusable) }
    let positions = laggards.compactMap { $0.position(under: head) }
    guard let lowest = positions.min() else { return }
    let group = zip(laggards, positions).filter { $0.1 == lowest }.map(\.0)
    try fold(
      group, after: lowest, through: positions.filter { $0 > lowest }.min() ?? head, progress)
  }

  /// Folds until `last`, writing each portion of changes on another thread while the next one is folded.
  private func fold(
    _ group: [Laggard], after position: Position, through last: Position,
    _ progress: (Position) -> Void
  ) throws(ViewError) {
    var group = group
    // Others want to write between two portions of what nobody may wait for.
    let isPatient = group.allSatisfy(\.projection.isPatient)
    let portion = isPatient ? self.portion / 8 : self.portion
    var ahead = FactsAhead(
      log, for: group.map(\.projection), after: position, through: last)
    var writer = ViewWriter(over: self, after: nil)
    var writing: Errand<Bool>?
    // Nothing may be written any more when this returns: the environment may be closed then.
    defer { _ = try? writing?.wait() }
    while let chunk = try ahead.next() {
      if isPatient, isEnding.load(ordering: .relaxed) { return }
      do throws(ViewError) { try fold(chunk, of: group, into: &writer) } catch {
        // What another process has moved or emptied meanwhile may not fit what was read before.
        if let writing, try writing.wait() == false { return }
        if try isMoved(group) { return }
        throw error
      }
      progress(chunk.end)
      let isLast = chunk.end >= last
      guard isLast || writer.changedBytes >= portion else { continue }
      // Another process has moved the projections: its work stands.
      if let writing, try writing.wait() == false { return }
      let (changes, moving, end) = (writer.changes, group, chunk.end)
      if isLast {
        _ = try write(changes, of: moving, at: end)
        return
      }
      writing = Errand { [self] () throws(ViewError) in try write(changes, of: moving, at: end) }
      for index in group.indices { group[index].move(to: end) }
      writer = ViewWriter(over: self, after: changes)
    }
  }

  /// Whether what is stored is no longer what the group goes on from.
  private func isMoved(_ group: [Laggard]) throws(ViewError) -> Bool {
    try read { (transaction) throws(LMDBError) in
      for laggard in group {
        let row = try transaction.value(at: laggard.projection.name.bytes, in: states)
        if row.flatMap({ ViewState(bytes: $0) }) != laggard.stored { return true }
      }
      return false
    }
  }

  private func fold(
    _ chunk: FactChunk, of group: [Laggard], into writer: inout ViewWriter
  ) throws(ViewError) {
    for (laggard, facts) in zip(group, chunk.facts) {
      do { try facts.fold(into: &writer) } catch {
        throw .fold(
          projection: laggard.projection.name, position: writer.position, reason: "\(error)")
      }
    }
  }

  /// Settles and writes a portion; returns whether it was written.
  private func write(
    _ portion: Portion, of group: [Laggard], at position: Position
  ) throws(ViewError) -> Bool {
    var portion = portion
    for laggard in group {
      do { try laggard.projection.settle(&portion) } catch {
        throw .fold(projection: laggard.projection.name, position: position, reason: "\(error)")
      }
    }
    return try write(group, at: position) { (transaction) throws(LMDBError) in
      try portion.write(into: &transaction, handles)
    }
  }

  /// Empties tables, so that they are folded from the first event.
  private func clear(_ group: [Laggard]) throws(ViewError) {
    _ = try write(group, at: .zero) { (transaction) throws(LMDBError) in
      for table in group.flatMap(\.projection.tables) {
        if let handle = handles[table] { try transaction.clear(handle) }
      }
    }
  }

  /// Runs `body` in a write transaction and moves the group to `position`, unless another process has
  /// moved one of it since it was read: then its work stands and this one is dropped.
  ///
  /// - Returns: whether it was written.
  private func write(
    _ group: [Laggard], at position: Position,
    _ body: (inout WriteTransaction) throws(LMDBError) -> Void
  ) throws(ViewError) -> Bool {
    try write { (transaction: inout WriteTransaction) throws(LMDBError) in
      for laggard in group {
        let row = try transaction.value(at: laggard.projection.name.bytes, in: states)
        guard row.flatMap({ ViewState(bytes: $0) }) == laggard.stored else { return false }
      }
      try body(&transaction)
      for laggard in group {
        var state = laggard.expected
        state.position = position
        try transaction.put(state.bytes, at: laggard.projection.name.bytes, in: states)
      }
      return true
    }
  }
}

extension String {
  fileprivate var bytes: [UInt8] { Array(utf8) }
}
