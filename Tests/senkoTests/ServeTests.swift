import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct ServeTests {
  @Test func aPortThatIsTakenIsNamedWithTheRemedy() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let (listener, port) = try Self.listen()
      defer { close(listener) }
      let result = try await waiting { try senko("serve", "--port", "\(port)") }
      #expect(result.status == 1)
      #expect(
        result.errors.contains("Another program listens at 127.0.0.1:\(port) already"),
        "\(result.errors)")
    }
  }

  /// Without it, whoever updates a dictionary learns from an applicant's 判定不能 that everything is to be read again.
  @Test func anotherAnalysisThanTheRecordsIsToldWithTheRemedy() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      try Data("設計を担当".utf8).write(to: URL(fileURLWithPath: folder + "/a.txt"))
      let registered = try await waiting {
        try senko("register", "--name", "花子", folder + "/a.txt")
      }
      #expect(registered.status == 0)
      let (listener, port) = try Self.listen()
      defer { close(listener) }
      let alike = try await waiting { try senko("serve", "--port", "\(port)") }
      #expect(!alike.errors.contains("reread"), "\(alike.errors)")
      try Data("在庫君\n".utf8).write(
        to: URL(fileURLWithPath: folder + "/data/technology-lexicon.tsv"))
      let other = try await waiting { try senko("serve", "--port", "\(port)") }
      #expect(
        other.errors.contains("than by that of the newest readings:")
          && other.errors.contains("'senko reread --all'"), "\(other.errors)")
    }
  }

  /// Takes a free port of the loopback.
  private static func listen() throws -> (descriptor: CInt, port: UInt16) {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(descriptor, address, size) | Glibc.listen(descriptor, 1)
          | getsockname(descriptor, address, &size)
      }
    }
    try #require(status == 0)
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }
}
