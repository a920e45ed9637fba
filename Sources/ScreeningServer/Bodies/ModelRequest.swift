import EventStore
import Screening

/// How a model is to be trained, and what it is compared with; a grid names several costs and representations.
///
/// Which of the members a route takes is told by its schema.
struct ModelRequest<Cost: Decodable & Sendable, Form: Decodable & Sendable>: Decodable, Sendable {
  let opening: String?
  let c: Cost?
  let representation: Form?
  let labels: String?
  let until: UInt64?
  let labelledSince: String?
  let labelledBefore: String?
  let reader: UInt64?
  let analysis: String?
  let lexicon: String?
  let model: UInt64?
  let against: UInt64?
  let threshold: Int?

  /// The comparison of `candidate` with the model in force or with the one named.
  func replay(of candidate: ReplayRequest.Candidate) throws -> ReplayRequest {
    guard let opening else { throw Problem.invalid("The JSON object lacks the key 'opening'.") }
    if let threshold, !(1...9_999).contains(threshold) {
      throw Problem.invalid("The threshold lies outside 1 to 9,999 basis points.")
    }
    return ReplayRequest(
      opening: try Opening(opening), candidate: candidate,
      against: against.map { ModelNumber($0) }, threshold: threshold)
  }

  private func training(c: Double?, representation: String?) throws(Problem) -> TrainRequest {
    guard let labels = TrainRequest.Labels(rawValue: labels ?? "all") else {
      throw .invalid("The labels are neither all nor blind.")
    }
    for number in [until, reader, model, against] where number ?? 0 > Parameter.largest {
      throw .invalid("A position or number is larger than \(Parameter.largest). Correct it.")
    }
    guard until != 0 else { throw .invalid("The position 'until' is 0. The first event is 1.") }
    return TrainRequest(
      c: c, representation: representation, until: until.map(Position.init(rawValue:)),
      labelledSince: try Self.time(labelledSince, "labelledSince"),
      labelledBefore: try Self.time(labelledBefore, "labelledBefore"), labels: labels,
      reader: reader.map { UserNumber($0) }, analysis: analysis, lexicon: lexicon)
  }

  private static func time(_ text: String?, _ name: String) throws(Problem) -> Timestamp? {
    guard let text else { return nil }
    guard let time = Timestamp(parsing: text) else {
      throw .invalid("The time '\(name)' is not RFC 3339, like 2026-03-03T18:00:00+09:00.")
    }
    return time
  }
}

extension ModelRequest<Double, String> {
  /// The training.
  func training() throws(Problem) -> TrainRequest {
    try training(c: c, representation: representation)
  }

  /// The recorded model that is named, or the training.
  func candidate() throws(Problem) -> ReplayRequest.Candidate {
    let training = try training()
    guard let model else { return .training(training) }
    guard training == TrainRequest() else {
      throw .invalid(
        "A recorded 'model' is compared as it is. Leave out how another one would be trained.")
    }
    return .model(ModelNumber(model))
  }
}

extension ModelRequest<[Double], [String]> {
  /// Every combination of the costs and representations; those left out are chosen by the data.
  func trainings() throws(Problem) -> [TrainRequest] {
    let costs = c?.map(Optional.some) ?? [nil]
    let representations = representation?.map(Optional.some) ?? [nil]
    let most = 1...ReplayGrid.most
    guard most.contains(costs.count), most.contains(representations.count) else {
      throw .invalid(
        "A grid has 1 to \(ReplayGrid.most) costs, and as many representations. Leave some out.")
    }
    var trainings: [TrainRequest] = []
    for cost in costs {
      for representation in representations {
        trainings.append(try training(c: cost, representation: representation))
      }
    }
    return trainings
  }
}

/// The limits of a grid of what-ifs.
enum ReplayGrid {
  /// How many costs, and how many representations, one request may name; each pair is trained.
  static let most = 8
}
