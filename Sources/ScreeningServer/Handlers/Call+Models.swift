import EventStore
import HTTPTypes
import Screening

extension Call {
  /// `POST /models`: trains on the labels as they stand.
  func train() async throws -> Answer {
    let wanted = try await body.json(ModelRequest.self, of: request)
    let opening = try wanted.opening.map(Opening.init)
    let training = try wanted.training()
    do {
      let models = try await desk.heavyWork.run {
        try await desk.office.train(opening: opening, training, by: try origin())
      }
      return try .json(["models": models], .created)
    } catch let error as ScreeningError where error.kind == .invalid {
      // The labels that the log holds do not allow such a training.
      throw Problem(.conflict, error.description)
    }
  }

  /// `POST /models/{n}/promotion`: puts a model in force.
  func promote(_ number: ModelNumber) async throws -> Answer {
    let result = try await desk.office.promote(number, by: try origin())
    var answer = try Answer.json(result, result.repeated ? .ok : .created)
    answer.headers[.location] = "/models/\(number)"
    answer.headers[.position] = String(result.position)
    return answer
  }

  /// `PUT /policy`: puts another threshold in force.
  func adoptPolicy() async throws -> Answer {
    let wanted = try await body.json(PolicyRequest.self, of: request)
    let result = try await desk.office.adoptPolicy(
      threshold: wanted.threshold, scores: wanted.scores, by: try origin())
    return try .json(result, at: Position(rawValue: result.position))
  }

  private struct PolicyRequest: Decodable {
    /// Basis points.
    let threshold: Int?
    let scores: ScoreDisplay?
  }

  /// `PUT /lexicon`: puts another lexicon in force for the models trained from now on.
  func adoptLexicon() async throws -> Answer {
    let wanted = try await body.json(LexiconRequest.self, of: request)
    let result = try await desk.office.adoptLexicon(wanted.text, by: try origin())
    return try .json(result, at: Position(rawValue: result.position))
  }

  private struct LexiconRequest: Decodable {
    /// Statements, one a line.
    let text: String
  }

  /// `POST /replay`: what another training would have said; records nothing.
  func replay() async throws -> Answer {
    let wanted = try await body.json(ModelRequest.self, of: request)
    guard let opening = wanted.opening else {
      throw Problem.invalid("The JSON object lacks the key 'opening'.")
    }
    if let threshold = wanted.threshold, !(1...9_999).contains(threshold) {
      throw Problem.invalid("The threshold lies outside 1 to 9,999 basis points.")
    }
    let candidate: ReplayRequest.Candidate =
      if let model = wanted.model { .model(ModelNumber(model)) } else {
        .training(try wanted.training())
      }
    let what = ReplayRequest(
      opening: try Opening(opening), candidate: candidate,
      against: wanted.against.map { ModelNumber($0) }, threshold: wanted.threshold)
    return try .json(try await desk.heavyWork.run { try await desk.office.replay(what) })
  }
}

/// How a model is to be trained.
private struct ModelRequest: Decodable {
  let opening: String?
  let c: Double?
  let representation: String?
  let labels: String?
  let until: UInt64?
  let labelledSince: String?
  let labelledBefore: String?
  let reader: UInt64?
  let lexicon: String?
  let model: UInt64?
  let against: UInt64?
  let threshold: Int?

  func training() throws(Problem) -> TrainRequest {
    guard let labels = TrainRequest.Labels(rawValue: labels ?? "all") else {
      throw .invalid("The labels are neither all nor blind.")
    }
    guard until != 0 else { throw .invalid("The position 'until' is 0. The first event is 1.") }
    func time(_ text: String?, _ name: String) throws(Problem) -> Timestamp? {
      guard let text else { return nil }
      guard let time = Timestamp(parsing: text) else {
        throw .invalid("The time '\(name)' is not RFC 3339, like 2026-03-03T18:00:00+09:00.")
      }
      return time
    }
    return TrainRequest(
      c: c, representation: representation, until: until.map(Position.init(rawValue:)),
      labelledSince: try time(labelledSince, "labelledSince"),
      labelledBefore: try time(labelledBefore, "labelledBefore"), labels: labels,
      reader: reader.map { UserNumber($0) }, lexicon: lexicon)
  }
}
