import EventStore
import HTTPTypes
import Screening

extension Call {
  /// `POST /models`: trains on the labels as they stand.
  func train() async throws -> Answer {
    let wanted = try await body.json(ModelRequest<Double, String>.self, of: request)
    let opening = try wanted.opening.map(Opening.init)
    let (office, origin) = (desk.office, try origin())
    let training = try wanted.training()
    return try await answer { progress in
      Models(try await office.train(opening: opening, training, by: origin, progress: progress))
    } recorded: {
      $0.positions
    }
  }

  /// `POST /models/like`: makes the what-if of a replay a model, if it still gives the same bits.
  func trainLike() async throws -> Answer {
    let wanted = try await body.json(WhatIfRequest.self, of: request)
    let (office, origin) = (desk.office, try origin())
    return try await answer { progress in
      Models([
        try await office.train(
          like: wanted.parameters, digest: wanted.digest, by: origin, progress: progress)
      ])
    } recorded: {
      $0.positions
    }
  }

  /// What a training has made.
  private struct Models: Encodable {
    let models: [ModelSummary]

    init(_ models: [ModelSummary]) { self.models = models }

    var positions: [UInt64] { models.map(\.position) }
  }

  /// What `POST /replay` answered of its what-if.
  private struct WhatIfRequest: Decodable {
    let parameters: ReplayParameters
    /// SHA-256 of the model's file.
    let digest: String
  }

  /// `POST /models/{n}/promotion`: puts a model in force.
  func promote(_ number: ModelNumber) async throws -> Answer {
    let result = try await desk.office.promote(number, by: try origin())
    var answer = try Answer.json(result, result.repeated ? .ok : .created)
    answer.headers[.location] = "/models/\(number)"
    answer.headers[.position] = String(result.position)
    return answer
  }

  /// `PUT /policy`: puts another threshold, display of scores or retention in force.
  func adoptPolicy() async throws -> Answer {
    let wanted = try await body.json(PolicyRequest.self, of: request)
    let rule = try wanted.retention.map {
      RetentionRule(opening: try Opening($0.opening), days: $0.days)
    }
    let result = try await desk.office.adoptPolicy(
      threshold: wanted.threshold, scores: wanted.scores, retention: rule, by: try origin())
    return try .json(result, at: Position(rawValue: result.position))
  }

  private struct PolicyRequest: Decodable {
    /// Basis points.
    let threshold: Int?
    let scores: ScoreDisplay?
    let retention: Retention?

    struct Retention: Decodable {
      let opening: String
      /// `nil` for no limit, which has to be said: a limit never ends by a slip.
      let days: Int?

      private enum CodingKeys: String, CodingKey { case opening, days }

      init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        opening = try members.decode(String.self, forKey: .opening)
        days = try members.decodeNil(forKey: .days) ? nil : members.decode(Int.self, forKey: .days)
      }
    }
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

  /// `POST /replay`: what another training, or another model, would have said; records nothing.
  func replay() async throws -> Answer {
    let wanted = try await body.json(ModelRequest<Double, String>.self, of: request)
    let office = desk.office
    let what = try wanted.replay(of: try wanted.candidate())
    return try await answer { progress in try await office.replay(what, progress: progress) }
  }

  /// `POST /replay/grid`: every combination of several C and representations; records nothing.
  func replayGrid() async throws -> Answer {
    let wanted = try await body.json(ModelRequest<[Double], [String]>.self, of: request)
    let office = desk.office
    let whatIfs = try wanted.trainings().map { try wanted.replay(of: .training($0)) }
    return try await answer { progress in
      ["replays": try await office.replay(whatIfs, progress: progress)]
    }
  }
}
