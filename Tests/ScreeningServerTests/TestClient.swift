import Foundation
import Glibc
import Testing

/// A small HTTP/1.1 client that sends what it is told, right or wrong, and never waits for ever.
struct TestClient: Sendable {
  struct Answer: Sendable {
    var status = 0
    /// Names in lower case.
    var fields: [String: String] = [:]
    var body: [UInt8] = []

    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> [String: Any] {
      try #require(
        try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any], "\(status) \(text)")
    }
  }

  struct Failure: Error { let what: String }

  let port: Int
  var token: String?

  func with(token: String?) -> TestClient { TestClient(port: port, token: token) }

  /// Sends a request and reads the answer until the server closes.
  func send(
    _ method: String, _ target: String, _ fields: [String: String] = [:], body: [UInt8] = []
  ) async throws -> Answer {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    if let token, fields["Authorization"] == nil { head += "Authorization: Bearer \(token)\r\n" }
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    if !body.isEmpty || method == "POST" || method == "PUT" {
      head += "Content-Length: \(body.count)\r\n"
    }
    let bytes = Array((head + "\r\n").utf8) + body
    return try Self.parse(try await exchange(bytes), isHead: method == "HEAD")
  }

  func get(_ target: String, _ fields: [String: String] = [:]) async throws -> Answer {
    try await send("GET", target, fields)
  }

  func json(_ method: String, _ target: String, _ value: [String: Any]) async throws -> Answer {
    try await json(method, target, try JSONSerialization.data(withJSONObject: value))
  }

  func json(_ method: String, _ target: String, _ data: Data) async throws -> Answer {
    try await send(method, target, ["Content-Type": "application/json"], body: [UInt8](data))
  }

  /// Sends raw bytes, and returns all that comes back until the server closes or `seconds` have passed.
  func exchange(_ bytes: [UInt8], seconds: Int = 20) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global(qos: .background).async {
        continuation.resume(with: Result { try blockingExchange(bytes, seconds: seconds) })
      }
    }
  }

  private func blockingExchange(_ bytes: [UInt8], seconds: Int) throws -> [UInt8] {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw Failure(what: "socket") }
    defer { close(socket) }
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      unsafe setsockopt(
        socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
    let connected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Failure(what: "connect") }
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes[sent...].withUnsafeBytes { buffer in
        unsafe Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
      }
      // A server that refuses early may stop reading; its answer is there all the same.
      guard count > 0 else { break }
      sent += count
    }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe recv(socket, buffer.baseAddress, buffer.count, 0)
      }
      guard count > 0 else { return received }
      received += buffer[..<count]
    }
  }

  static func parse(_ bytes: [UInt8], isHead: Bool) throws -> Answer {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
      throw Failure(what: "no head in \(bytes.count) bytes")
    }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      .split(separator: "\r\n").map(String.init)
    var answer = Answer()
    answer.status = Int(lines[0].split(separator: " ")[1]) ?? 0
    for line in lines.dropFirst() {
      let halves = line.split(separator: ":", maxSplits: 1)
      let value = halves.count > 1 ? halves[1].trimmingCharacters(in: .whitespaces) : ""
      answer.fields[halves[0].lowercased()] = value
    }
    let body = Array(bytes[end.upperBound...])
    if isHead {
      answer.body = body
    } else if answer.fields["transfer-encoding"] == "chunked" {
      answer.body = try dechunked(body)
    } else {
      answer.body = body
    }
    return answer
  }

  private static func dechunked(_ bytes: [UInt8]) throws -> [UInt8] {
    var rest = bytes[...]
    var body: [UInt8] = []
    while let line = rest.firstRange(of: Array("\r\n".utf8)) {
      let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16) ?? 0
      guard size > 0 else { return body }
      guard rest.endIndex - line.upperBound >= size + 2 else { throw Failure(what: "cut short") }
      body += rest[line.upperBound..<(line.upperBound + size)]
      rest = rest[(line.upperBound + size + 2)...]
    }
    throw Failure(what: "no last chunk")
  }
}
