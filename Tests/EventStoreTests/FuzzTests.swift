import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore

/// What comes from outside must never end the process, nor be taken in a second spelling.
@Suite struct FuzzTests {
  /// One well-formed text of every kind.
  private func samples() async throws -> [[UInt8]] {
    var samples: [[UInt8]] = []
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      _ = try await log.append(notes(20))
      _ = try await Registered.append(log, name: "花子")
      try await log.keepEscrow(at: directory + "/escrow")
      for position in [3, 21] as [Position] {
        samples.append(try #require(try log.event(at: position)).bytes)
      }
      samples.append(Array(try log.proof(of: 5).text.utf8))
      let note = try log.checkpoint()
      samples.append(Array(note.utf8))
      samples.append(Array(try #require(SignedNote(note)).text.utf8))
      samples.append(Array(log.publicKey.utf8))
      for name in ["data/wrapping-key", "data/signing-key", "escrow"] {
        samples.append(
          [UInt8](try #require(FileManager.default.contents(atPath: directory + "/" + name))))
      }
      let witness = try Witness(directory: directory + "/witness", name: "w")
      samples.append(Array(witness.key.description.utf8))
      log.close()
      var report = VerifyReport()
      report.report("Something is wrong.", at: 3)
      samples.append(report.json.encoded())
    }
    samples.append(Array("2026-11-23T04:12:09.120+09:00".utf8))
    samples.append(Array("x001/x234/067.p/255".utf8))
    return samples
  }

  @Test func noMutationOfASampleBreaksAReader() async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    let samples = try await samples()
    for sample in samples { #expect(Parsers.problem(with: sample) == nil) }
    for round in 0..<4000 {
      let input = mutated(samples.randomElement(using: &random) ?? [], samples, &random)
      let problem = Parsers.problem(with: input)
      #expect(
        problem == nil,
        "round \(round), seed \(seed): \(Data(input).base64EncodedString())")
    }
  }

  private func mutated(
    _ sample: [UInt8], _ samples: [[UInt8]], _ random: inout SplitMix64
  ) -> [UInt8] {
    var bytes = sample
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard let at = bytes.indices.randomElement(using: &random) else { break }
      let end = min(bytes.count, at + Int.random(in: 1...24, using: &random))
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[at] = Array("\"\\{}[],:+-0129 \n—e.".utf8).randomElement(using: &random) ?? 0
      case 2: bytes.removeSubrange(at..<end)
      case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 4: bytes.removeSubrange(at...)
      case 5: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      default:
        let other = samples.randomElement(using: &random) ?? []
        bytes = Array(bytes[..<at]) + other.suffix(Int.random(in: 0...other.count, using: &random))
      }
    }
    return bytes
  }

  /// Counts in an escrow's head that make up for each other must not be taken for lengths.
  @Test func countsBelowZeroAreRefused() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      try await log.keepEscrow(at: directory + "/escrow")
      log.close()
      let file = [UInt8](try #require(FileManager.default.contents(atPath: directory + "/escrow")))
      let title = try #require(file.firstIndex(of: UInt8(ascii: "{")))
      let end = try #require(file[title...].firstIndex(of: 0x0A))
      var head = try #require(try JSONValue(canonical: Array(file[title..<end]).span).object)
      head["keys"] = -4
      head["erased"] = .integer(Int64(4 * Rewrapping.rowSize / 16))
      let forged = file[..<title] + JSONValue.object(head).encoded() + [0x0A]
      #expect(Escrow(file: Array(forged)) == nil)
    }
  }

  @Test func tilesOutsideTheTreeAreNone() async throws {
    try await withLog { log, _ in
      _ = try await log.append(notes(300))
      var random = SplitMix64(seed: 1)
      for _ in 0..<300 {
        let width = Int.random(in: -1...258, using: &random)
        let index =
          Bool.random(using: &random) ? UInt64.random(in: 0...3, using: &random) : random.next()
        let level = Int.random(in: -1...9, using: &random)
        let there =
          (1...256).contains(width) && level == 0 && index < 2
          && index * 256 + UInt64(max(0, width)) <= 300
        let tile = try log.tile(level: level, index: index, width: width)
        let upper = level == 1 && index == 0 && width == 1
        #expect((tile != nil) == (there || upper), "level \(level), index \(index), width \(width)")
        let bundle = try log.entryBundle(index: index, width: width)
        #expect(
          (bundle != nil)
            == ((1...256).contains(width) && index < 2
              && index * 256 + UInt64(max(0, width)) <= 300))
      }
    }
  }
}
