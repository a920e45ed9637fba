import HTTPTypes
import Testing

@testable import ScreeningServer

/// If these fail, clients reach other resources than they named, or get a status that sends them astray.
@Suite struct RoutingTests {
  @Test(arguments: Endpoint.allCases) func everyEndpointIsReachedByItsTemplate(
    _ endpoint: Endpoint
  ) throws {
    let path = endpoint.template.split(separator: "/")
      .map { $0.hasPrefix("{") ? "7" : String($0) }.joined(separator: "/")
    guard case .found(let found, let captures) = Routing(endpoint.method, "/" + path) else {
      Issue.record("\(endpoint.template) leads nowhere")
      return
    }
    #expect(found == endpoint)
    #expect(captures == endpoint.captures.map { _ in "7" })
    let braces = endpoint.template.split(separator: "/").filter { $0.hasPrefix("{") }
    #expect(braces.map { String($0.dropFirst().dropLast()) } == endpoint.captures.map(\.name))
  }

  @Test func templatesAndMethodsAreUnique() {
    let pairs = Endpoint.allCases.map { "\($0.method) \($0.template)" }
    #expect(Set(pairs).count == pairs.count)
  }

  @Test(arguments: [
    ("PUT", "/user", "OPTIONS, POST"), ("GET", "/user/login", "OPTIONS, POST"),
    ("TRACE", "/applicants/7", "GET, HEAD, OPTIONS"), ("POST", "/healthy", "GET, HEAD, OPTIONS"),
    ("GET", "/applicants/7/corrections", "OPTIONS, POST"),
    ("DELETE", "/applicant", "OPTIONS, POST"),
  ]) func aWrongMethodSaysWhichAreRight(
    _ method: String, _ path: String, _ allow: String
  ) throws {
    let routing = Routing(try #require(HTTPRequest.Method(method)), path)
    guard case .methodNotAllowed(let said, _) = routing else {
      Issue.record("\(method) \(path) gave \(routing)")
      return
    }
    #expect(said == allow)
  }

  @Test(arguments: [
    "/", "//", "/User/login", "/user/login/", "/applicants/", "/applicants//history", "/nowhere",
    "/applicants/7/why/x", "/%zz", "/%00", "/%C3%28", "user/login", "", "*", "/applicant//1",
  ]) func otherPathsLeadNowhere(_ path: String) {
    guard case .notFound = Routing(.get, path) else {
      Issue.record("\(path) leads somewhere")
      return
    }
  }

  @Test func headAndOptionsFollowGet() throws {
    guard case .found(.applicants, _) = Routing(.head, "/applicants") else {
      Issue.record("HEAD is not answered")
      return
    }
    guard case .options(let allow) = Routing(.options, "/applicants") else {
      Issue.record("OPTIONS is not answered")
      return
    }
    #expect(allow == "GET, HEAD, OPTIONS")
    guard case .methodNotAllowed = Routing(.head, "/user/login") else {
      Issue.record("HEAD is answered where GET is not")
      return
    }
  }

  @Test func escapesAreUndoneOnceAndOnlyWithinSegments() {
    guard case .found(.applicant, let captures) = Routing(.get, "/%61pplicants/%2537") else {
      Issue.record("an escaped literal is not found")
      return
    }
    #expect(captures == ["%37"])
    guard case .found(.applicant, let slash) = Routing(.get, "/applicants/7%2Fwhy") else {
      Issue.record("an escaped slash has split a segment")
      return
    }
    #expect(slash == ["7/why"])
  }
}
