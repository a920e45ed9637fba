import EventStore
import Screening

extension ApplicantList {
  /// The filter in the domain's terms.
  ///
  /// - Throws: `Problem` for a range that ends before it begins.
  func filter() throws -> ApplicantFilter {
    var filter = ApplicantFilter(
      opening: try arguments.text("opening").map(Opening.init),
      state: arguments.text("state").flatMap(ApplicantState.init(rawValue:)),
      label: arguments.text("label").flatMap(Label.init(rawValue:)),
      unlabelled: arguments.text("unlabelled").map { $0 == "true" },
      outcome: arguments.text("outcome").flatMap(Outcome.init(rawValue:)),
      unread: arguments.text("unread").map { $0 == "true" })
    let (low, high) = (arguments.number("probabilityFrom"), arguments.number("probabilityTo"))
    if low != nil || high != nil {
      guard low ?? 0 <= high ?? 10_000 else {
        throw Problem(.conflict, "'probabilityFrom' lies above 'probabilityTo'. Exchange them.")
      }
      filter.probability = Int(low ?? 0)...Int(high ?? 10_000)
    }
    filter.queue = arguments.text("queue").flatMap(Queue.init(rawValue:))
    filter.receivedFrom = arguments.time("receivedFrom")
    filter.receivedBefore = arguments.time("receivedBefore")
    filter.word = arguments.text("word")
    filter.name = arguments.text("name")
    filter.flag = arguments.text("flag").flatMap(ApplicantFlag.init(rawValue:))
    return filter
  }

  /// How the list is sorted; who arrived first comes first in a queue.
  var order: ApplicantOrder {
    arguments.text("sort").flatMap(ApplicantOrder.init(rawValue:))
      ?? (endpoint == .queue ? .earliest : .newest)
  }

  /// The next page as a `Link` field (RFC 8288).
  func link(next cursor: String) -> String {
    let own: Set = ["asOf", "cursor", "minPosition"]
    let query = endpoint.query.map(\.name).filter { !own.contains($0) }.compactMap { name in
      (arguments.number(name).map { String($0) } ?? arguments.text(name)).map {
        "\(name)=\(PercentEncoding.encode($0))"
      }
    }
    let path = endpoint.template.replacing("{queue}", with: arguments.text("queue") ?? "")
    return "<\(path)?\((query + ["cursor=\(cursor)"]).joined(separator: "&"))>; rel=\"next\""
  }
}
