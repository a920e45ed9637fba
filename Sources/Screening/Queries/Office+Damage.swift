import EventStore
import Projections

extension Office {
  /// What rests on damaged records: for each position the applicant, the models that learnt from it and the
  /// screenings that used it.
  ///
  /// As far as the views and the rest of the log still tell; what cannot be read any more is left out.
  ///
  /// - Complexity: O(positions × (models + an applicant's events)), and one walk over the applicants' rows.
  func damage(at positions: [Position]) -> [Damage] {
    guard !positions.isEmpty else { return [] }
    // Folding may stop at the damage itself; what was folded before still tells.
    _ = try? catchUp()
    let manifests = manifests()
    let owners = owners(of: Set(positions), manifests)
    return positions.map { position in
      let owner = owners[position]
      return Damage(
        position: position.rawValue, applicant: owner?.rawValue,
        models: manifests.filter { manifest in
          manifest.trained == position
            || manifest.sources.contains { source in
              source.label == position || source.readings.contains(position)
                || (source.applicant == owner && isRegistration(position, of: source.applicant))
            }
        }.map(\.model.rawValue),
        screenings: owner.map { screenings(of: $0, using: position) } ?? [])
    }
  }

  /// Whose events stand at `positions`, by the events themselves, by what trainings used, and by the views,
  /// which know it even of events that are unreadable.
  private func owners(
    of positions: Set<Position>, _ manifests: [Learnt]
  ) -> [Position: ApplicantNumber] {
    var owners: [Position: ApplicantNumber] = [:]
    for position in positions {
      if let event = try? event(position), let number = ApplicantNumber(stream: event.stream) {
        owners[position] = number
      }
    }
    for source in manifests.lazy.flatMap(\.sources) {
      for position in source.readings + [source.label] where positions.contains(position) {
        owners[position] = source.applicant
      }
    }
    let count = (try? lastNumber(in: RecordsProjection.applicants)) ?? 0
    guard count > 0 else { return owners }
    for number in 1...count where owners.count < positions.count {
      try? scanPositions(RecordsProjection.applicants, of: number) { position in
        if positions.contains(position) { owners[position] = ApplicantNumber(number) }
        return true
      }
    }
    return owners
  }

  private func isRegistration(_ position: Position, of number: ApplicantNumber) -> Bool {
    (try? newestRow(number))?.registered == position
  }

  private struct Learnt {
    var model: ModelNumber
    var trained: Position
    var sources: [LessonSource]
  }

  private func manifests() -> [Learnt] {
    let last = (try? lastNumber(in: RecordsProjection.models)) ?? 0
    guard last > 0 else { return [] }
    return (1...last).compactMap { number in
      guard let trained = try? trainedModel(ModelNumber(number)),
        let bytes = try? blob(trained.event.manifest),
        let manifest = try? Manifest(decoding: bytes)
      else { return nil }
      return Learnt(
        model: ModelNumber(number), trained: trained.position, sources: manifest.sources)
    }
  }

  private func screenings(of number: ApplicantNumber, using position: Position) -> [UInt64] {
    let head = (try? log.head) ?? .zero
    let positions = (try? historyPositions(of: number, through: head)) ?? []
    return positions.filter { candidate in
      guard candidate != position, let event = try? event(candidate),
        event.type == ApplicantScreened.type, let screened = try? ApplicantScreened(event)
      else { return candidate == position && isScreening(position, of: number) }
      return screened.readings.contains(position)
    }.map(\.rawValue)
  }

  /// Whether the damaged event itself was the applicant's newest screening.
  private func isScreening(_ position: Position, of number: ApplicantNumber) -> Bool {
    (try? newestRow(number))?.screening?.position == position
  }
}
