import EventStore
import HTTPTypes
import Screening

extension Call {
  /// `GET /models/{n}/card`: what a model learnt from, how true its percentages are, and its limits.
  func card(
    of number: ModelNumber, form: CardForm, in language: CardLanguage, _ moment: Moment
  ) async throws -> Answer {
    let position = try await resolve(moment)
    let whole = try await desk.reports.run {
      try await desk.office.card(of: number, asOf: .position(position))
    }
    let card = session?.user.role == .reviewer ? whole.withoutExcludedWords : whole
    guard form == .html else { return try .json(card, at: position) }
    var answer = Answer.page(card.html(in: language))
    answer.headers[.position] = String(position.rawValue)
    return answer
  }

  /// `GET /models/{n}/reliability`: predicted against observed, as a table or a diagram.
  func reliability(
    of number: ModelNumber, form: ReliabilityForm, _ moment: Moment
  ) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let reliability = try await desk.blocking {
      try office.reliability(of: number, asOf: .position(position))
    }
    guard form == .svg else { return try .json(reliability, at: position) }
    guard let plot = reliability.metrics?.plot else {
      throw Problem(
        .notFound, "Model \(number) has no diagram: it learnt from too few labels for percentages.")
    }
    var answer = Answer.text(plot, type: "image/svg+xml")
    answer.headers[.position] = String(position.rawValue)
    return answer
  }

  /// `GET /models/{n}/drift`: how those whom a model judged differ from those who taught it.
  func drift(of number: ModelNumber, _ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let drift = try await desk.reports.run {
      try await desk.office.drift(of: number, asOf: .position(position))
    }
    return try .json(drift, at: position)
  }

  /// `GET /models/{n}/manifest`: what a model learnt from.
  func manifest(of number: ModelNumber, _ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let manifest = try await desk.blocking {
      try office.manifest(of: number, asOf: .position(position))
    }
    return try .json(manifest, at: position)
  }

  /// `GET /models/{n}/file`: a model as other programs read it.
  func file(
    of number: ModelNumber, format: String, _ moment: Moment
  ) async throws -> Answer {
    try await requireScores("a model's weights add up to scores")
    let position = try await resolve(moment)
    let office = desk.office
    let bytes = try await desk.blocking {
      try office.exportModel(number, as: format, asOf: .position(position))
    }
    return Answer(
      headers: [
        .position: String(position.rawValue),
        .contentType: "application/octet-stream",
        .contentDisposition: "attachment; filename=\"model-\(number).\(format)\"",
      ], body: .bytes(bytes))
  }
}
