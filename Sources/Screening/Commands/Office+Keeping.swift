import Cryptography
public import EventStore
import Projections

/// What a restore found.
public struct RestoreReport: Sendable, Encodable {
  /// How many events the backup held.
  public let events: UInt64
  /// How many events after the backup are known to be lost.
  public let lost: UInt64
  /// The log's name from now on.
  public let origin: String
  /// The name of the log that the backup was made of; the same where it was shown that nothing is lost.
  public let formerOrigin: String
  /// Applicants who were erased after the backup, and stay so.
  public let erased: [UInt64]
  /// What is wrong with the backup or the escrow, and was restored all the same: sentences.
  public let damage: [String]
  /// Whether what a restore that was cut off had left was removed.
  public let clearedLeftovers: Bool
}

extension Office {
  /// Signs checkpoints with a new key from now on; the next one carries both signatures.
  public func rotateSigningKey(by origin: Origin) async throws(ScreeningError) -> CommandResult {
    let receipt: Receipt
    do throws(EventLogError) {
      receipt = try await log.rotateSigningKey { key in
        origin.append([
          KeyRotated(key: SHA256.hash(Array(key.utf8))).draft(onBehalfOf: origin.onBehalfOf)
        ])
      }
    } catch { throw ScreeningError(error) }
    await foldAppended()
    return CommandResult(receipt)
  }

  /// The proof that an event lies under the newest checkpoint, as a C2SP tlog-proof.
  public func proof(of position: Position) throws(ScreeningError) -> String {
    try recorded { () throws(EventLogError) in try log.proof(of: position).text }
  }

  /// What an applicant is given at registration: the event and its proof under the newest checkpoint, so that
  /// leaving it out later shows.
  ///
  /// A C2SP tlog-proof that carries the event and the log's key.
  ///
  /// - Throws: `.notFound` when there was no such applicant at that moment.
  public func receipt(
    of number: ApplicantNumber, asOf: AsOf = .now
  ) throws(ScreeningError) -> String {
    let position = try applicantRow(number, asOf: try resolve(asOf)).registered
    return try recorded { () throws(EventLogError) in try log.receipt(of: position).text }
  }

  /// Copies the log and documents, without any key, while others go on, and has the copy checked against its own
  /// checkpoint in a process of its own.
  ///
  /// A copy that is found wrong, or cannot be checked, is left without the checkpoint that marks it as whole.
  ///
  /// - Parameter progress: is told how much was copied, and how many events of the copy were checked.
  /// - Returns: the checkpoint that the copy reaches at least, and what checking it has found.
  /// - Throws: `.cancelled` when the task was, `.damaged` where the log's file cannot be copied; nothing is left then.
  public func backup(
    to directory: String, progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> (checkpoint: String, verification: VerificationReport) {
    let work = LongWork(progress: progress)
    let copy: Result<String, ScreeningError> = await withTaskCancellationHandler {
      do throws(EventLogError) {
        return .success(
          try await log.backup(
            to: directory, worker: configuration.worker,
            progress: { work.report($0 == .log ? .bytes : .documents, $1, of: $2) },
            isCancelled: { work.isCancelled }))
      } catch { return .failure(ScreeningError(error)) }
    } onCancel: {
      work.cancel()
    }
    let checkpoint = try copy.get()
    var isWhole = false
    defer { if !isWhole { try? EventLog.withdrawBackup(in: directory) } }
    let verification = try await Self.verifyStore(
      in: directory, worker: configuration.worker, progress: progress)
    isWhole = verification.ok
    return (checkpoint, verification)
  }

  /// Writes the log as static files that anybody can check without senko.
  public func export(to directory: String) async throws(ScreeningError) -> String {
    try await offPool { [log] () throws(ScreeningError) in
      try recorded { () throws(EventLogError) in try log.export(to: directory) }
    }
  }

  /// Writes the keys that a restore needs, and keeps them up to date at every erasure.
  ///
  /// - Returns: where those lie that were kept up to date until now, if elsewhere.
  @discardableResult
  public func keepEscrow(at path: String) async throws(ScreeningError) -> String? {
    do throws(EventLogError) { return try await log.keepEscrow(at: path) } catch {
      throw ScreeningError(error)
    }
  }

  /// Makes a data folder from a backup and an escrow; who was erased since the backup stays erased.
  ///
  /// - Parameters:
  ///   - lastCheckpoint: the note that no other followed, if somebody has kept it: where the backup ends
  ///     with it, the log keeps its name, else the events up to it are named as lost.
  ///   - despiteDamage: restores what there is where something is wrong, which is refused else.
  public static func restore(
    backup: String, escrow: String, lastCheckpoint: String? = nil, despiteDamage: Bool = false,
    _ configuration: OfficeConfiguration
  ) async throws(ScreeningError) -> RestoreReport {
    let prepared: PreparedRestore
    do throws(EventLogError) {
      prepared = try await EventLog.prepareRestore(
        backup, escrow: escrow, to: configuration.directory, lastCheckpoint: lastCheckpoint,
        worker: configuration.worker, despiteDamage: despiteDamage, clock: configuration.clock
      ) { Origin.commandLine.append([LogRestored($0).draft()]) }
    } catch { throw ScreeningError(error) }
    let told: (origin: String, erased: [ApplicantNumber], damage: [String])
    do throws(ScreeningError) {
      // Before the folder is in its place: one that shows the erased as applicants would do so for ever.
      told = try await tellOfErasures(in: prepared, configuration, despiteDamage: despiteDamage)
    } catch {
      await prepared.discard()
      throw error
    }
    do throws(EventLogError) { try await prepared.finish() } catch { throw ScreeningError(error) }
    let restoration = prepared.restoration
    return RestoreReport(
      events: restoration.size, lost: restoration.lost, origin: told.origin,
      formerOrigin: restoration.formerOrigin, erased: told.erased.map(\.rawValue),
      damage: restoration.damage + told.damage, clearedLeftovers: restoration.hadLeftovers)
  }

  /// Records in a folder that is not in its place yet who was erased since the backup, and lets go of it.
  private static func tellOfErasures(
    in prepared: PreparedRestore, _ configuration: OfficeConfiguration, despiteDamage: Bool
  ) async throws(ScreeningError) -> (String, erased: [ApplicantNumber], damage: [String]) {
    var configuration = configuration
    configuration.directory = prepared.unfinished
    let office = try Office.open(configuration)
    defer { office.close() }
    do throws(ScreeningError) {
      return (office.log.origin, try await office.tellOfErasures(), [])
    } catch {
      // What is damaged would be so at the next try, too: the rest is of use, and can be repaired.
      guard despiteDamage, !prepared.restoration.damage.isEmpty, error.kind != .diskFull else {
        throw error
      }
      return (office.log.origin, [], [error.description])
    }
  }

  /// Records erasures that a restore has found, where the events of their own are lost: the keys are gone already.
  ///
  /// To be called whenever a folder was opened: what is damaged in a backup may keep the restore itself from it.
  ///
  /// - Returns: who is recorded to be erased now.
  /// - Throws: `.damaged` where the events cannot be read before the log is repaired.
  @discardableResult
  public func tellOfErasures() async throws(ScreeningError) -> [ApplicantNumber] {
    let untold = Set(try recorded { () throws(EventLogError) in try log.untoldErasures })
    guard !untold.isEmpty else { return [] }
    do throws(ScreeningError) { return try await tellOfErasures(of: untold) } catch {
      throw ScreeningError(
        error.kind,
        "Erasures that the restore has carried out again, \(untold.count) of them, cannot be recorded yet: \(error) Once "
          + "the log is repaired, the next command records them.")
    }
  }

  private func tellOfErasures(
    of subjects: Set<SubjectID>
  ) async throws(ScreeningError) -> [ApplicantNumber] {
    let rows = try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      var rows: [ApplicantRow] = []
      try scan(RecordsProjection.applicants) { row in
        if row.erased == nil, subjects.contains(row.subject) { rows.append(row) }
        return true
      }
      return rows
    }
    for row in rows {
      let learners = try learners(from: [row.number])
      do throws(ScreeningError) {
        _ = try await append { [self] (at) throws(ScreeningError) in
          _ = try livingRow(row.number)
          return try change(
            ApplicantErased(
              applicant: row.number, subject: row.subject, reason: "restored", request: .zero,
              models: learners.models[row.number] ?? [], unreadManifests: learners.unread),
            by: .commandLine, at: at)
        }
      } catch {
        // Another process has recorded it meanwhile.
        guard error.kind == .erased else { throw error }
      }
    }
    do throws(EventLogError) { try await log.noteErasuresTold() } catch {
      throw ScreeningError(error)
    }
    return rows.map(\.number)
  }
}

extension LogRestored {
  fileprivate init(_ restoration: Restoration) {
    self.init(
      origin: restoration.formerOrigin.split(separator: "/").last.map(String.init) ?? "unknown",
      knownSize: Int(restoration.knownSize),
      knownRoot: Digest(hex: restoration.knownRoot) ?? SHA256.hash([]),
      size: Int(restoration.size))
  }
}
