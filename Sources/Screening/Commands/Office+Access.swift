import EventStore
import Projections
import Synchronization

extension Office {
  /// Records that somebody is about to look at personal data.
  ///
  /// A look at one applicant is one event each; a look at lists one event per actor and hour unless `always`
  /// says otherwise.
  func recordAccess(
    _ scope: PersonalAccessed.Scope, of applicant: ApplicantNumber? = nil, always: Bool = false,
    by origin: Origin
  ) async throws(ScreeningError) {
    if applicant == nil, !always {
      let key = RecordsProjection.listAccessKey(origin.actorName, scope)
      let now = Array(hour(of: configuration.clock.now()).utf8)
      if listAccesses.withLock({ $0[key] }) == now { return }
      try catchUp()
      let last = try recorded { () throws(ViewError) in
        try views.value(at: key, in: RecordsProjection.listAccess)
      }
      if last != now { try await record(scope, of: nil, by: origin) }
      listAccesses.withLock { $0[key] = now }
    } else {
      try await record(scope, of: applicant, by: origin)
    }
  }

  private func record(
    _ scope: PersonalAccessed.Scope, of applicant: ApplicantNumber?, by origin: Origin
  ) async throws(ScreeningError) {
    let append = origin.append([
      PersonalAccessed(applicant: applicant, scope: scope).draft(onBehalfOf: origin.onBehalfOf)
    ])
    do throws(EventLogError) { _ = try await log.append(append) } catch {
      throw ScreeningError(error)
    }
    await foldAppended()
  }
}
