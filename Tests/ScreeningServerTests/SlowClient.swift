import Glibc
import TestSupport

/// A connection that takes what it is sent only when it is told to, and hangs up when it is forgotten.
final class SlowClient: Sendable {
  private let socket: Int32

  /// Sends a request, with room for little of the answer.
  init(
    _ client: TestClient, _ method: String, _ target: String, _ fields: [String: String] = [:],
    body: String = ""
  ) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var room: Int32 = 16_384
    unsafe setsockopt(
      socket, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
    var limit = timeval(tv_sec: 120, tv_usec: 0)
    unsafe setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(client.port).bigEndian)
    address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
    let connected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw TestClient.Failure(what: "connect") }
    var head = "\(method) \(target) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
    if let token = client.token { head += "Authorization: Bearer \(token)\r\n" }
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    if !body.isEmpty { head += "Content-Type: application/json\r\n" }
    if fields["Content-Length"] == nil { head += "Content-Length: \(body.utf8.count)\r\n" }
    guard send(head + "\r\n" + body) else { throw TestClient.Failure(what: "send") }
  }

  /// Sends more of the request; `false` once the server has closed.
  func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let sent = unsafe bytes.withUnsafeBytes { buffer in
      unsafe Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    }
    return sent == bytes.count
  }

  /// The next bytes, at most so many; fewer once the server has closed.
  func read(_ count: Int) async throws -> [UInt8] {
    try await waiting { self.receive(count) }
  }

  private func receive(_ count: Int) -> [UInt8] {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while received.count < count {
      let wanted = min(buffer.count, count - received.count)
      let taken = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe recv(socket, buffer.baseAddress, wanted, 0)
      }
      guard taken > 0 else { break }
      received += buffer[..<taken]
    }
    return received
  }

  deinit { close(socket) }
}
