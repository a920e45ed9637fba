import EventStore
import Foundation
import HTTPTypes
import Screening

extension Call {
  /// `GET /readyz`: whether queries are answered without first folding a long log, and the data folder is still the
  /// one that was opened.
  func ready() async throws -> Answer {
    guard desk.readiness.isReady else {
      throw Problem.retry(
        .unavailable, "The views are still catching up with the log. Ask again soon.", after: 1)
    }
    let log = desk.office.log
    try await desk.blocking {
      try log.requireInPlace()
      _ = try log.head
    }
    return .text("ready\n")
  }

  /// `GET /metrics`: counts for Prometheus.
  func metrics() async throws -> Answer {
    let office = desk.office
    let statistics = try await desk.blocking { try office.statistics() }
    return .text(
      desk.metrics.text(statistics, gates: desk.gates, ready: desk.readiness.isReady),
      type: "text/plain; version=0.0.4")
  }

  /// `GET /docs`: the routes as a page to read; by Swagger UI where its files are at hand.
  func docs() -> Answer {
    let isPlain = desk.configuration.docsAssets == nil
    var answer = Answer.text(
      isPlain ? DocsPage.html : DocsPage.swagger, type: "text/html; charset=utf-8")
    answer.headers[.contentSecurityPolicy] =
      isPlain
      ? "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
      : DocsPage.swaggerPolicy
    return answer
  }

  /// `GET /docs/{file}`: what the page loads; the route's table names the few files there are.
  func docsAsset(_ name: String) async throws -> Answer {
    let type =
      name.hasSuffix(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
    if name == "start.js" { return .text(DocsPage.start, type: type) }
    guard let folder = desk.configuration.docsAssets,
      let bytes = try? await desk.blocking({
        [UInt8](try Data(contentsOf: URL(filePath: folder).appending(path: name)))
      })
    else { throw Problem(.notFound, "Swagger UI is not installed here; /docs is a plain list.") }
    return Answer(headers: [.contentType: type], body: .bytes(bytes))
  }

  /// `GET /problems/{code}`: what the `type` of problem details leads to.
  func describe(_ code: Problem.Code) -> Answer {
    .text("\(code.status.code) \(code.title)\n\nThe member 'detail' says what to do.\n")
  }
}
