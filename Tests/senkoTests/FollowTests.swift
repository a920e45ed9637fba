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

  /// Whoever goes on following a folder that was restored meanwhile is given nothing any more.
  @Test func aFolderThatIsReplacedEndsTheFollowing() async throws {
    try await withTemporaryDirectory { folder in
      let data = folder + "/data"
      let senko = Program(data: data)
      let added = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      #expect(added.status == 0, "\(added.errors)")
      let (process, output, errors) = (Process(), Pipe(), Pipe())
      process.executableURL = URL(fileURLWithPath: product("senko"))
      process.arguments = ["log", "--follow", "--data", data]
      process.standardOutput = output
      process.standardError = errors
      try process.run()
      let first = try await waiting { output.fileHandleForReading.availableData }
      #expect(first.contains(0x0A))
      try FileManager.default.moveItem(atPath: data, toPath: folder + "/away")
      let patience = Task {
        try await Task.sleep(for: .seconds(10))
        process.terminate()
      }
      try await waiting { process.waitUntilExit() }
      patience.cancel()
      #expect(process.terminationReason == .exit && process.terminationStatus == 1)
      let told = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(told.contains("is not the one any more"), "\(told)")
    }
  }
}
