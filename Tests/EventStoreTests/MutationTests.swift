import Foundation
import TestSupport
import Testing

@testable import EventStore

/// A lying server has the proofs of an honest log to change as it likes; what is changed must show nothing to
/// whoever has the right key.
@Suite struct MutationTests {
  /// Every text that differs from this one by a byte, and by a line.
  private func mutations(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    var mutated: [[UInt8]] = []
    for index in bytes.indices {
      for replacement in Set(
        [1, 2, 4, 8, 16, 32, 64, 128].map { bytes[index] ^ $0 } + [0x0A, 0x20])
      {
        guard replacement != bytes[index] else { continue }
        mutated.append(bytes)
        mutated[mutated.count - 1][index] = replacement
      }
      mutated.append(Array(bytes[..<index] + bytes[(index + 1)...]))
      mutated.append(Array(bytes[...index] + bytes[index...]))
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var changed: [[Substring]] = []
    for index in lines.indices {
      changed.append(Array(lines[..<index] + lines[(index + 1)...]))
      for other in lines.indices where other > index && lines[other] != lines[index] {
        var swapped = lines
        swapped.swapAt(index, other)
        changed.append(swapped)
      }
    }
    let texts = mutated.map { String(decoding: $0, as: UTF8.self) }
    return (texts + changed.map { $0.joined(separator: "\n") }).filter { Array($0.utf8) != bytes }
  }

  /// The text with another number in its line of that number.
  private func counted(_ text: String, line: Int, _ change: (UInt64) -> UInt64?) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let words = lines[line].split(separator: " ")
    guard let number = words.last.flatMap({ UInt64($0) }), let other = change(number) else {
      return nil
    }
    lines[line] = (words.dropLast() + ["\(other)"]).joined(separator: " ")
    return lines.joined(separator: "\n")
  }

  @Test func noChangedProofOfAStoredEventIsTaken() async throws {
    try await withLog { log, _ in
      _ = try await log.append(notes(300))
      _ = try await log.append(notes(9))
      let key = try #require(VerifierKey(log.publicKey))
      for position: Position in [1, 8, 257, 309] {
        let event = try #require(try log.event(at: position)).bytes
        let text = try log.proof(of: position).text
        #expect(try #require(TransparencyProof(text)).verifies(event, key: key))
        func isTaken(_ text: String) -> Bool {
          TransparencyProof(text)?.verifies(event, key: key) ?? false
        }
        let taken = mutations(of: text).filter(isTaken)
        #expect(taken.isEmpty, "\(taken.first ?? "")")
        for other in [0, 1, 7, 255, 256, 308, 309, 1 << 63] as [UInt64] {
          let moved = counted(text, line: 1) { $0 == other ? nil : other }
          #expect(moved.map(isTaken) != true, "index \(other)")
        }
        // An honest proof of another event shows nothing of this one.
        let neighbour = try log.proof(
          of: position == 1 ? 2 : Position(rawValue: position.rawValue - 1))
        #expect(!neighbour.verifies(event, key: key))
      }
    }
  }

  /// If this fails, `senko verify --against` vouches for a history by a note that nobody signed.
  @Test func noChangedCheckpointIsCovered() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      var (note, key) = ("", "")
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(5))
        (note, key) = (try log.checkpoint(), log.publicKey)
        _ = try await log.append(notes(2))
        log.close()
      }
      let verifier = try #require(VerifierKey(key))
      let changed = mutations(of: note)
      #expect(changed.filter { SignedNote($0).map(verifier.verifies) ?? false }.isEmpty)
      // What is no note at all is refused without being looked at; of the others one in seven is enough.
      let read = changed.filter { SignedNote($0).flatMap { Checkpoint(text: $0.text) } != nil }
      #expect(read.count > 500)
      for index in stride(from: 0, to: read.count, by: 7) {
        let report = try verifyLog(
          directory: data, options: VerifyOptions(against: read[index], publicKey: key))
        #expect(report.covered == nil && report.problems.count == 1, "\(read[index])")
      }
      let honest = try verifyLog(
        directory: data, options: VerifyOptions(against: note, publicKey: key))
      #expect(honest.covered == 5 && honest.problems.isEmpty)
    }
  }

  /// The witness must remember nothing that the log has not signed, nor what does not continue the log.
  @Test func noChangedCheckpointIsCosigned() async throws {
    try await withTemporaryDirectory { directory in
      let witness = try Witness(directory: directory + "/w", name: "w.example")
      try await withLog { log, _ in
        let key = try #require(VerifierKey(log.publicKey))
        func cosign(_ note: String) throws -> String {
          try witness.cosign(note, by: key) { (first, second) throws(EventLogError) in
            try log.consistency(from: first, to: second)
          }
        }
        _ = try await log.append(notes(5))
        let kept = try cosign(try log.checkpoint())
        _ = try await log.append(notes(2))
        let note = try log.checkpoint()
        for changed in mutations(of: note) {
          #expect(throws: EventLogError.self) { try cosign(changed) }
        }
        #expect(try witness.newest() == kept)
        _ = try cosign(note)
      }
    }
  }

  /// The verifier in Python has a reader of its own: a line at a time is changed for it.
  @Test func theIndependentVerifierTakesNoChangedProof() async throws {
    try await withLog { log, directory in
      _ = try await log.append(notes(21))
      let text = try log.proof(of: 12).text
      let (proof, event) = (directory + "/proof", directory + "/event")
      try Data(try #require(try log.event(at: 12)).bytes).write(to: URL(fileURLWithPath: event))
      func status(_ text: String) throws -> Int32 {
        try text.write(toFile: proof, atomically: true, encoding: .utf8)
        return try runTool(
          "verify-log.py", ["--proof", proof, "--event", event, "--key", log.publicKey]
        ).status
      }
      #expect(try status(text) == 0)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for index in lines.indices where !lines[index].isEmpty {
        var changed = lines
        changed[index] = String(lines[index].map { $0 == "A" ? "Q" : $0 == "1" ? "9" : $0 })
        if changed[index] == lines[index] { changed[index] = String(lines[index].reversed()) }
        #expect(try status(changed.joined(separator: "\n")) == 3, "line \(index + 1)")
        changed.remove(at: index)
        #expect(try status(changed.joined(separator: "\n")) == 3, "without line \(index + 1)")
      }
    }
  }
}
