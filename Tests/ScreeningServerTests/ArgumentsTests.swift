import EventStore
import HTTPTypes
import Testing

@testable import ScreeningServer

/// If these fail, a mistyped filter is silently ignored, or a number out of range reaches the store.
@Suite struct ArgumentsTests {
  @Test func valuesAndFallbacksArrive() throws {
    let arguments = try Arguments(
      .applicants, captures: [],
      query: "opening=sales-2026&label=ng&asOf=2026-03-03T18:00:00+09:00&minPosition=12")
    #expect(arguments.text("opening") == "sales-2026")
    #expect(arguments.text("label") == "ng")
    #expect(arguments.text("asOf") == "2026-03-03T18:00:00+09:00")
    #expect(arguments.number("limit") == 100)
    #expect(arguments.position("minPosition") == 12)
  }

  @Test(arguments: [
    "limit=0", "limit=1001", "limit=-1", "limit=+1", "limit=01", "limit=1e3", "limit=１", "limit=",
    "limit", "limit=18446744073709551617", "label=maybe", "opening=Sales", "opening=a%20b",
    "opening=\(String(repeating: "a", count: 65))", "limit=1&limit=1", "colour=red", "a=%zz",
    "a=%C3%28", "cursor=\(String(repeating: "a", count: 129))", "asOf=",
  ]) func whatCannotBeMeantIsRefused(_ query: String) throws {
    let problem = try #require(throws: Problem.self) {
      try Arguments(.applicants, captures: [], query: query)
    }
    #expect(problem.status == .badRequest)
    #expect(!problem.detail.contains("red"))
  }

  @Test func everyFaultIsNamed() throws {
    let problem = try #require(throws: Problem.self) {
      try Arguments(.applicants, captures: [], query: "limit=0&label=x&state=gone")
    }
    #expect(problem.faults.map(\.parameter) == ["limit", "label", "state"])
  }

  @Test(arguments: ["x", "-1", "1.5", "", "９", "1 "]) func aPathWithoutANumberIsNoResource(
    _ capture: String
  ) throws {
    if capture.isEmpty { return }
    let problem = try #require(throws: Problem.self) {
      try Arguments(.applicant, captures: [capture], query: nil)
    }
    #expect(problem.status == .notFound)
  }

  @Test(arguments: ["0", "9007199254740992", "007"]) func aNumberOutOfRangeIsRefused(
    _ capture: String
  ) throws {
    let problem = try #require(throws: Problem.self) {
      try Arguments(.applicant, captures: [capture], query: nil)
    }
    #expect(problem.status == .badRequest)
  }

  @Test(arguments: Endpoint.allCases) func everyEndpointTakesItsOwnParameters(
    _ endpoint: Endpoint
  ) throws {
    let query = endpoint.query.map { "\($0.name)=\($0.sample)" }
    let arguments = try Arguments(
      endpoint, captures: endpoint.captures.map(\.sample), query: query.joined(separator: "&"))
    for parameter in endpoint.query + endpoint.captures {
      #expect(arguments.number(parameter.name) != nil || arguments.text(parameter.name) != nil)
    }
  }
}

extension Parameter {
  /// A value that the parameter takes.
  var sample: String {
    switch form {
    case .number(let range): "\(range.upperBound)"
    case .choice(let words), .words(let words): words[0]
    case .note: "senko/x\n1\n"
    case .slug: "sales"
    case .moment: "12"
    case .time: "2026-03-03T18:00:00+09:00"
    case .text: "abc"
    case .cursor: "12.3"
    case .tile: "x001/234.p/5"
    }
  }
}
