import Foundation
import TestSupport
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, passwords and names go over the network for everybody to read.
  @Suite struct TLSTests {
    /// Runs a program to its end.
    private func run(_ program: String, _ arguments: [String]) throws -> String {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      try process.run()
      let output = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return String(decoding: output, as: UTF8.self)
    }

    private func makeCertificate(in folder: String) throws -> TLSFiles {
      let files = TLSFiles(
        certificateChain: folder + "/chain.pem", privateKey: folder + "/key.pem")
      _ = try run(
        "/usr/bin/openssl",
        [
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
          "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2",
          "-keyout", files.privateKey, "-out", files.certificateChain,
        ])
      return files
    }

    @Test func answersHTTPSWithTheCertificateAndNothingPlain() async throws {
      try await withTemporaryDirectory { folder in
        let files = try makeCertificate(in: folder)
        try await TestServer.run({ $0.tls = files }) { server in
          let script = """
            import ssl, socket, sys
            context = ssl.create_default_context(cafile=sys.argv[2])
            plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
            secure = context.wrap_socket(plain, server_hostname="localhost")
            secure.sendall(b"GET /livez HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n")
            answer = b""
            while piece := secure.recv(4096): answer += piece
            print(secure.version(), answer.decode())
            """
          let port = String(server.client.port)
          let answer = try run(
            "/usr/bin/python3", ["-c", script, port, files.certificateChain])
          #expect(answer.hasPrefix("TLSv1.3 HTTP/1.1 200 OK"), "\(answer)")
          #expect(answer.contains("strict-transport-security") || answer.contains("Strict-"))
          let plain = try? await server.client.get("/livez")
          #expect(plain?.status != 200)
        }
      }
    }

    @Test func filesThatCannotBeUsedAreNamed() async throws {
      try await withTemporaryDirectory { folder in
        let files = try makeCertificate(in: folder)
        try FileManager.default.createDirectory(
          atPath: folder + "/other", withIntermediateDirectories: true)
        let other = try makeCertificate(in: folder + "/other")
        for (wrong, said) in [
          (TLSFiles(certificateChain: "/nowhere", privateKey: files.privateKey), "/nowhere"),
          (TLSFiles(certificateChain: files.certificateChain, privateKey: "/none"), "/none"),
          (
            TLSFiles(certificateChain: files.certificateChain, privateKey: other.privateKey),
            "does not belong"
          ),
        ] {
          let failure = #expect(throws: TLSFiles.Failure.self) { _ = try wrong.configuration() }
          #expect(failure?.description.contains(said) == true)
        }
      }
    }
  }
}
