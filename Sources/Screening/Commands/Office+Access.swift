import EventStore
import Projections

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
      try catchUp()
      let last = try recorded { () throws(ViewError) in
        try views.value(at: key, in: RecordsProjection.listAccess)
      }
      if last == now { return }
    }
    let append = origin.append([
      PersonalAccessed(applicant: applicant, scope: scope).draft(onBehalfOf: origin.onBehalfOf)
    ])
    do throws(EventLogError) { _ = try await log.append(append) } catch {
      throw ScreeningError(error)
    }
  }
}
