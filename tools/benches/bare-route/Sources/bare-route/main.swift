import Foundation
import Hummingbird

// bare-route FILE PORT: what Hummingbird alone makes of serving the bytes of a file from memory, without
// authentication, record or seal. The API's figures are held against it.
let arguments = CommandLine.arguments
guard arguments.count == 3, let port = Int(arguments[2]),
  let file = FileManager.default.contents(atPath: arguments[1])
else {
  FileHandle.standardError.write(Data("usage: bare-route FILE PORT\n".utf8))
  exit(64)
}
let body = ByteBuffer(bytes: file)
let router = Router()
router.get("applicant/:id/:document") { _, _ in
  Response(
    status: .ok, headers: [.contentType: "application/pdf"], body: .init(byteBuffer: body))
}
try await Application(
  router: router, configuration: .init(address: .hostname("127.0.0.1", port: port))
).runService()
