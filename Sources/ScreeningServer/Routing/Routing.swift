import HTTPTypes

/// What a method and a path lead to.
enum Routing: Sendable {
  /// An endpoint, with the percent-decoded values of its template.
  case found(Endpoint, captures: [String])
  /// Which methods the path has; the request's was `OPTIONS`.
  case options(allow: String)
  /// Which methods the path has; the request's is none of them.
  case methodNotAllowed(allow: String, Dialect)
  /// No endpoint has such a path.
  case notFound(Dialect)

  /// Looks `path`, as it stands in the request, up in the table of endpoints.
  ///
  /// Paths are compared segment by segment after percent-decoding, with case, and a trailing slash is
  /// another path. Literal segments win over captures.
  init(_ method: HTTPRequest.Method, _ path: some StringProtocol) {
    guard path.first == "/" else {
      // `OPTIONS *` asks about the server as a whole.
      self =
        method == .options && path == "*"
        ? .options(allow: Self.allow(Self.table.values.joined())) : .notFound(.problem)
      return
    }
    var segments: [String] = []
    for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let segment = PercentEncoding.decode(part) else {
        self = .notFound(Self.dialect(of: segments))
        return
      }
      segments.append(segment)
    }
    // The number of a tile is written in groups of digits, a segment each (C2SP tlog-tiles).
    if segments.first == "tile", segments.count > 3 {
      segments = segments.prefix(2) + [segments[2...].joined(separator: "/")]
    }
    let matches = Self.table[segments.count, default: []].filter { $0.matches(segments) }
    let literal = matches.map(\.captureCount).min()
    let endpoints = matches.filter { $0.captureCount == literal }
    guard let first = endpoints.first else {
      self = .notFound(Self.dialect(of: segments))
      return
    }
    if let match = endpoints.first(where: { $0.answers(method) }) {
      self = .found(match.endpoint, captures: match.captures(of: segments))
    } else if method == .options {
      self = .options(allow: Self.allow(endpoints))
    } else {
      self = .methodNotAllowed(allow: Self.allow(endpoints), first.endpoint.dialect)
    }
  }

  /// How to word that there is no such path.
  private static func dialect(of segments: [String]) -> Dialect {
    segments.first == "user" || segments.first == "applicant" ? .seed : .problem
  }

  private static func allow(_ entries: some Sequence<Entry>) -> String {
    var methods = Set(entries.map(\.endpoint.method.rawValue))
    if methods.contains("GET") { methods.insert("HEAD") }
    return methods.union(["OPTIONS"]).sorted().joined(separator: ", ")
  }

  private struct Entry: Sendable {
    let endpoint: Endpoint
    /// The template's segments; `nil` stands for any.
    let segments: [String?]

    init(_ endpoint: Endpoint) {
      self.endpoint = endpoint
      segments = endpoint.template.dropFirst()
        .split(separator: "/", omittingEmptySubsequences: false)
        .map { $0.hasPrefix("{") ? nil : String($0) }
    }

    var captureCount: Int { segments.count { $0 == nil } }

    func answers(_ method: HTTPRequest.Method) -> Bool {
      endpoint.method == method || (endpoint.method == .get && method == .head)
    }

    func matches(_ path: [String]) -> Bool {
      zip(segments, path).allSatisfy { template, segment in
        template.map { $0 == segment } ?? !segment.isEmpty
      }
    }

    func captures(of path: [String]) -> [String] {
      zip(segments, path).compactMap { template, segment in template == nil ? segment : nil }
    }
  }

  /// The endpoints by the number of their segments.
  private static let table = Dictionary(
    grouping: Endpoint.allCases.map(Entry.init), by: \.segments.count)
}
