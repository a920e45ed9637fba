import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// Whoever writes a reader of their own works from the example: every byte of it must be what the store writes, and
/// what it says of these bytes must hold for somebody who has nothing but the primitives.
@Suite struct ExampleTests {
  private static let article: String = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/EventStore/EventStore.docc/Example.md")
    return (try? String(contentsOf: path, encoding: .utf8)) ?? ""
  }()

  /// The article's code blocks, by the words in bold ahead of each.
  private static let blocks: [String: String] = {
    var blocks: [String: String] = [:]
    var name = ""
    let parts = article.components(separatedBy: "```\n")
    for (index, part) in parts.enumerated() {
      if index % 2 == 1 {
        blocks[name] = String(part.dropLast())
      } else if let last = part.components(separatedBy: "**").dropLast().last {
        name = last
      }
    }
    return blocks
  }()

  private func value(_ name: String) throws -> [UInt8] {
    let text = try #require(Self.blocks[name], "\(name)")
    return try #require(bytes(hexadecimal: text), "\(name)")
  }

  @Test func theStoreWritesTheExample() async throws {
    try await withTemporaryDirectory { directory in
      let clock = WallClock { Timestamp(milliseconds: 1_795_407_129_120) }
      let data = directory + "/data"
      let log = try EventLog.open(data, clock: clock, random: .seeded(1))
      let person = log.makeSubject()
      let name = log.seal(Array("選考 花子".utf8), for: person, purpose: "name")
      var append = Append(actor: "user:2", via: "cli")
      append.events = [
        EventDraft(
          stream: "person:1", type: "person.named", data: ["name": name.reference.json]),
        EventDraft(
          stream: "person:1", type: "person.greeted", data: ["times": 3], cause: .draft(0)),
      ]
      append.subjects = [person]
      append.sealed = [name]
      append.idempotency = Idempotency(
        key: "request-17", content: Array("花子".utf8), subject: person.id)
      let note = try await log.append(append).checkpoint
      let (wrapped, secret, command, seal) = try log.environment.read {
        (transaction) throws(LMDBError) in
        (
          try transaction.value(at: person.id.bytes, in: log.tables.keys),
          try transaction.value(at: SubjectID.store.bytes, in: log.tables.keys),
          try log.tables.commands.flatMap { (table) throws(LMDBError) in
            try transaction.value(at: bigEndian(1), in: table)
          }, try log.tables.head(in: transaction)?.seal
        )
      }
      let preimage = try log.commitmentPreimage(of: name.reference, purpose: "name")
      let events = try log.events(from: 1).map { String(decoding: $0.bytes, as: UTF8.self) }
      let leaves = [UInt8](try #require(try log.tile(level: 0, index: 0, width: 2)))
      func file(_ name: String) throws -> String {
        String(try String(contentsOfFile: data + "/" + name, encoding: .utf8).dropLast())
      }
      let found = [
        "The wrapping key": try file("wrapping-key"), "The signing key": try file("signing-key"),
        "The public key": log.publicKey, "Event 1": events[0], "Event 2": events[1],
        "Leaf 1": hexadecimal(Array(leaves[..<32])), "Leaf 2": hexadecimal(Array(leaves[32...])),
        "The root": try log.root(size: 2).hex, "The checkpoint": String(note.dropLast()),
        "The person": person.id.hex, "The person's key": hexadecimal(person.key.bytes),
        "The wrapped key": hexadecimal(try #require(wrapped)),
        "The ciphertext": hexadecimal(name.ciphertext),
        "The 32 bytes": hexadecimal(Array(preimage[..<32])),
        "The log's wrapped secret": hexadecimal(try #require(secret)),
        "The command": hexadecimal(try #require(command)),
        "The seal": hexadecimal(try #require(seal)),
      ]
      log.close()
      for (name, value) in found.sorted(by: { $0.key < $1.key }) {
        #expect(Self.blocks[name] == value, "**\(name)**\n\(value)")
      }
      #expect(Set(Self.blocks.keys) == Set(found.keys))
    }
  }

  @Test func whatTheExampleSaysHoldsByThePrimitivesAlone() throws {
    let events = try ["Event 1", "Event 2"].map { Array(try #require(Self.blocks[$0]).utf8) }
    let leaves = events.map { SHA256.hash([0] + $0) }
    #expect(leaves.map(\.hex) == [Self.blocks["Leaf 1"], Self.blocks["Leaf 2"]])
    let root = SHA256.hash([1] + leaves[0].bytes + leaves[1].bytes)
    #expect(root.hex == Self.blocks["The root"])

    let lines = try #require(Self.blocks["The checkpoint"]).components(separatedBy: "\n")
    try #require(lines.count == 5)
    #expect(lines[1] == "2" && lines[2] == Data(root.bytes).base64EncodedString())
    let text = Array((lines[..<3].joined(separator: "\n") + "\n").utf8)
    let signature = try #require(Data(base64Encoded: String(lines[4].split(separator: " ")[2])))
    let named = try #require(Self.blocks["The public key"]).split(
      separator: "+", maxSplits: 2
    ).map(String.init)
    try #require(named.count == 3)
    let typed = try #require(Data(base64Encoded: named[2]))
    #expect(typed.first == 1)
    let id = Array(SHA256.hash(Array(named[0].utf8) + [0x0A] + Array(typed)).bytes[..<4])
    #expect(Array(signature.prefix(4)) == id && hexadecimal(id) == named[1])
    let publicKey = try #require(Ed25519.PublicKey(Array(typed.dropFirst())))
    #expect(publicKey.verify(Array(signature.dropFirst(4)), of: text))

    let person = try value("The person")
    let opened = try unwrap("The wrapped key", of: person)
    #expect(opened == (try value("The person's key")))

    let ciphertext = try value("The ciphertext")
    let key = try #require(SymmetricKey(opened))
    let preimage = try ChunkedEncryption.open(
      ciphertext, key: key,
      context: Array("senko sealed value v1\nname\n".utf8) + person)
    #expect(preimage == (try value("The 32 bytes")) + Array("選考 花子".utf8))
    let event = try #require(Self.blocks["Event 1"])
    #expect(event.contains("\"sealed\":\"\(SHA256.hash(ciphertext).hex)\""))
    #expect(event.contains("\"commitment\":\"\(SHA256.hash(preimage).hex)\""))
  }

  private func unwrap(_ name: String, of subject: [UInt8]) throws -> [UInt8] {
    let file = try #require(Self.blocks["The wrapping key"]).components(separatedBy: "\n")
    let digits = try #require(file.last)
    let wrapped = try value(name)
    return try AESGCM.open(
      Array(wrapped[12...]), key: try #require(bytes(hexadecimal: digits)),
      nonce: Array(wrapped[..<12]),
      authenticating: Array("senko wrapped key v1\n".utf8) + subject + bigEndian(1))
  }

  /// If one of these came out otherwise in a later version, every key that was used would be a new one to it, and a
  /// log that was killed would not open.
  @Test func theKeyedHashesFollowFromTheirSecrets() throws {
    func hash(_ message: [UInt8], _ secret: [UInt8], _ info: String) throws -> Digest {
      let key = HKDF.deriveSHA256(
        from: try #require(SymmetricKey(secret)), salt: [], info: Array(info.utf8))
      return HMACSHA256.authenticate(message, key: key)
    }
    let secret = try unwrap("The log's wrapped secret", of: [UInt8](repeating: 0, count: 16))
    let key = try hash(Array("request-17".utf8), secret, "senko idempotency v1")
    let content = try hash(
      Array("花子".utf8), try value("The person's key"), "senko command content v1")
    let event = try #require(Self.blocks["Event 1"])
    #expect(event.contains("\"key\":\"\(key.hex)\""))
    #expect(event.contains("\"content\":\"\(content.hex)\""))

    let origin = try #require(Self.blocks["The public key"]?.split(separator: "+").first)
    let head = Array("\(origin)\n".utf8) + bigEndian(2) + (try value("The root"))
    #expect(try value("The seal") == hash(head, secret, "senko head v1").bytes)

    let person = try value("The person")
    let words = [bigEndian(1), Array(key.bytes[..<8]), bigEndian(2)]
    let all = words + [Array(person[..<8]), Array(person[8...])]
    let sum = all.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { sum, word in
      (sum ^ bigEndian(word.span, at: 0)) &* 0x0000_0100_0000_01b3
    }
    #expect(try value("The command") == words[1] + words[2] + person + bigEndian(sum))
  }

  /// As above, of the index that takes the older commands in.
  @Test func theIndexOfCommandsIsAsTheFormatSays() async throws {
    try await withLog { log, _ in
      let table = try #require(log.tables.commandIndex)
      let bytes =
        bigEndian(0x0102_0304_0506_0708) + bigEndian(9) + bigEndian(UInt64.max) + bigEndian(1)
      try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        try CommandChunks.write(
          [.init(prefix: 0x0102_0304_0506_0708, position: 9), .init(prefix: .max, position: 1)],
          under: 0, in: table, &transaction)
        let stored = try transaction.value(at: bigEndian(0), in: table)
        #expect(stored == bytes)
      }
      #expect(CommandChunks.entries(of: bytes.span).map(\.position) == [9, 1])
    }
  }
}
