import Cryptography
import EventStore

/// What a folder must hold so that damage can be done to all its parts, or nothing more can be written to it.
extension Scenario {
  /// Records sealed values and blobs of less than a page and of several, and so many of each that they do not fit
  /// into one page of their table.
  func grow(_ log: EventLog) async throws {
    for number in 0..<60 {
      var append = Self.person("many-\(number)", log)
      let text = [UInt8](repeating: 66, count: number % 6 * 1500)
      let note = log.seal(text, for: append.subjects[0], purpose: "note")
      let blob = Array("\(number)".utf8) + text
      append.events[0].data = [
        "blob": ["blob": .string(SHA256.hash(blob).hex)],
        "file": append.documents[0].reference.json, "name": append.sealed[0].reference.json,
        "note": note.reference.json,
      ]
      append.sealed.append(note)
      append.blobs = [blob]
      _ = try await log.append(append)
    }
    acknowledge("grow", under: try log.checkpoint())
  }

  /// Records so many commands that the older ones go to their index.
  func command(_ log: EventLog) async throws {
    for round in 0..<18 {
      let appends = (1...256).map { Self.numbered(1000 + round * 256 + $0) }
      for result in await log.append(inOrder: appends) { _ = try result.get() }
    }
    acknowledge("command", under: try log.checkpoint())
  }

  /// Records until something fails, goes on reading, waits for a line, and goes on recording.
  func fill(_ log: EventLog) async throws {
    var index = 1
    do {
      while true {
        acknowledge(try await log.append(Self.numbered(index)))
        index += 1
      }
    } catch {
      say("error \(error)")
    }
    var count: UInt64 = 0
    try log.forEach(from: 1) { _, _ in
      count += 1
      return true
    }
    say("read \(count)")
    _ = readLine()
    for next in index..<(index + 9) { acknowledge(try await log.append(Self.numbered(next))) }
  }
}
