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
  let from: RangeBound?
  let until: RangeBound?
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
    if let threshold, !PolicySummary.thresholds.contains(threshold) {
      throw Problem.invalid("The threshold lies outside 100 to 9,999 basis points: 65 % is 6500.")
    }
    return ReplayRequest(
      opening: try Opening(opening), candidate: candidate,
      against: against.map { ModelNumber($0) }, threshold: threshold)
  }

  fileprivate func training(
    c: Double?, representation: String?
  ) throws -> TrainRequest {
    guard let labels = TrainRequest.Labels(rawValue: labels ?? "all") else {
      throw Problem.invalid("The labels are neither all nor blind.")
    }
    for number in [reader, model, against] where number ?? 0 > Parameter.largest {
      throw Problem.invalid("A number is larger than \(Parameter.largest). Correct it.")
    }
    return TrainRequest(
      c: c, representation: representation,
      from: try from?.moment("from", aDateIsIts: .beginning),
      until: try until?.moment("until", aDateIsIts: .end),
      labelledSince: try Self.time(labelledSince, "labelledSince"),
      labelledBefore: try Self.time(labelledBefore, "labelledBefore"), labels: labels,
      reader: reader.map { UserNumber($0) }, analysis: analysis, lexicon: lexicon)
  }

  private static func time(_ text: String?, _ name: String) throws(Problem) -> Timestamp? {
    guard let text else { return nil }
    guard let time = Timestamp(asked: text, aDateIsIts: .beginning) else {
      throw .invalid("'\(name)' is no RFC 3339 time, like 2026-03-03T18:00:00+09:00, and no date.")
    }
    return time
  }
}

extension ModelRequest<Double, String> {
  /// The training.
  func training() throws -> TrainRequest { try training(c: c, representation: representation) }

  /// The recorded model that is named, or the training.
  func candidate() throws -> ReplayRequest.Candidate {
    let training = try training()
    guard let model else { return .training(training) }
    guard training == TrainRequest() else {
      throw Problem.invalid(
        "A recorded 'model' is compared as it is. Leave out how another one would be trained.")
    }
    return .model(ModelNumber(model))
  }
}

extension ModelRequest<[Double], [String]> {
  /// Every combination of the costs and representations; those left out are chosen by the data.
  func trainings() throws -> [TrainRequest] {
    let costs = c?.map(Optional.some) ?? [nil]
    let representations = representation?.map(Optional.some) ?? [nil]
    let most = 1...ReplayGrid.most
    guard most.contains(costs.count), most.contains(representations.count) else {
      throw Problem.invalid(
        "A grid has 1 to \(ReplayGrid.most) costs, and as many representations. Leave some out.")
    }
    let common = try training(c: nil, representation: nil)
    return costs.flatMap { cost in
      representations.map { representation in
        var training = common
        training.c = cost
        training.representation = representation
        return training
      }
    }
  }
}

/// Where a range of the log begins or ends: a position as a number, or a time as a text.
enum RangeBound: Decodable, Sendable {
  case position(UInt64)
  case time(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .time(text)
    } else {
      self = .position(try container.decode(UInt64.self))
    }
  }

  /// The moment that the member called `name` says.
  func moment(_ name: String, aDateIsIts edge: Timestamp.DayEdge) throws -> AsOf {
    switch self {
    case .position(let number):
      guard (1...Parameter.largest).contains(number) else {
        throw Problem.invalid("The position '\(name)' lies outside 1 to \(Parameter.largest).")
      }
      return .position(Position(rawValue: number))
    case .time(let text):
      guard let time = Timestamp(asked: text, aDateIsIts: edge) else {
        throw Problem.invalid(
          "'\(name)' is neither a position as a number, nor a time like 2026-03-03T18:00:00+09:00, nor a date."
        )
      }
      return .time(time)
    }
  }
}

/// The limits of a grid of what-ifs.
enum ReplayGrid {
  /// How many costs, and how many representations, one request may name; each pair is trained.
  static let most = 8
}
