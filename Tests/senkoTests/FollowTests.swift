import Foundation
import TestSupport
import Testing

/// Whoever copies the log elsewhere by `senko log --follow` must get every event, once and in order.
@Suite struct FollowTests {
  @Test func eventsOfOtherProcessesArriveAsTheyAreRecorded() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      func add(_ number: Int) throws {
        let added = try senko(
          "user", "add", "\(number)@example.jp", "--name", "A", "--role", "admin",
          input: "long enough\n")
        #expect(added.status == 0, "\(added.errors)")
      }
      try add(1)
      let (process, output) = (Process(), Pipe())
      process.executableURL = URL(fileURLWithPath: product("senko"))
      process.arguments = ["log", "--follow", "--data", folder + "/data"]
      process.standardOutput = output
      try process.run()
      let reader = Task {
        try await waiting {
          var text = Data()
          while text.count(where: { $0 == 0x0A }) < 4 {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += more
          }
          return String(decoding: text, as: UTF8.self)
        }
      }
      // What never comes would be waited for for ever.
      let patience = Task {
        try await Task.sleep(for: .seconds(60))
        process.terminate()
      }
      for number in 2...4 { try add(number) }
      let followed = try await reader.value
      patience.cancel()
      process.terminate()
      try await waiting { process.waitUntilExit() }
      #expect(followed.split(separator: "\n").count == 4)
      #expect(followed == (try senko("log").output))
    }
  }
}
