import EventStore
import HTTPTypes
import Screening

extension Call {
  /// `GET /readyz`: whether queries are answered without first folding a long log.
  func ready() async throws -> Answer {
    guard desk.readiness.isReady else {
      throw Problem.retry(
        .unavailable, "The views are still catching up with the log. Ask again soon.", after: 1)
    }
    let log = desk.office.log
    _ = try await desk.blocking { try log.head }
    return .text("ready\n")
  }

  /// `GET /metrics`: counts for Prometheus.
  func metrics() async throws -> Answer {
    let log = desk.office.log
    let (head, generation) = try await desk.blocking { (try log.head.rawValue, log.generation) }
    return .text(
      desk.metrics.text(head: head, generation: generation, ready: desk.readiness.isReady),
      type: "text/plain; version=0.0.4")
  }

  /// `GET /docs`: the routes as a page to read.
  func docs() -> Answer {
    var answer = Answer.text(DocsPage.html, type: "text/html; charset=utf-8")
    answer.headers[.contentSecurityPolicy] =
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return answer
  }
}
