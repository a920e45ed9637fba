import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore

/// The tree as RFC 9162 §2.1.1 defines it, for comparison.
private func treeHash(_ leaves: ArraySlice<Digest>) -> Digest {
  guard leaves.count > 1 else { return leaves.first ?? MerkleHash.empty }
  var split = 1
  while split * 2 < leaves.count { split *= 2 }
  let middle = leaves.startIndex + split
  return MerkleHash.node(treeHash(leaves[..<middle]), treeHash(leaves[middle...]))
}

private struct Sample {
  let events: [[UInt8]]
  let leaves: [Digest]

  init(_ count: Int) {
    events = (0..<count).map { Array("event \($0)".utf8) }
    leaves = events.map { MerkleHash.leaf($0.span) }
  }

  func root(_ size: Int) -> Digest { treeHash(leaves[..<size]) }

  func subtree(_ height: Int, _ index: UInt64) -> Digest {
    treeHash(leaves[(Int(index) << height)..<(Int(index + 1) << height)])
  }
}

/// If a proof could be forged, an auditor could be shown a history that never was.
@Suite struct ProofTests {
  @Test func everyInclusionProofOfSmallTreesHoldsAndNoOtherDoes() {
    let sample = Sample(33)
    for size in 1...33 {
      let root = sample.root(size)
      for index in 0..<size {
        let hashes = MerklePaths<Never>.inclusion(of: UInt64(index), in: UInt64(size)) {
          sample.subtree($0, $1)
        }
        let proof = InclusionProof(index: UInt64(index), size: UInt64(size), hashes: hashes)
        #expect(proof.verifies(sample.events[index], root: root))
        expectRefused(proof, sample.events[index], root)
      }
    }
  }

  private func expectRefused(_ proof: InclusionProof, _ event: [UInt8], _ root: Digest) {
    func with(_ index: UInt64? = nil, _ size: UInt64? = nil, _ hashes: [Digest]? = nil)
      -> InclusionProof
    {
      InclusionProof(
        index: index ?? proof.index, size: size ?? proof.size, hashes: hashes ?? proof.hashes)
    }
    let other = SHA256.hash([9])
    #expect(!proof.verifies(event + [0], root: root))
    #expect(!proof.verifies(event, root: other))
    #expect(!with(proof.size).verifies(event, root: root))
    #expect(!with(proof.index + 1).verifies(event, root: root))
    #expect(!with(nil, nil, proof.hashes + [other]).verifies(event, root: root))
    // A proof that ends below the root shows nothing, even to whoever takes that place for the root.
    if proof.size > 1 {
      #expect(!with(nil, nil, []).verifies(event, root: MerkleHash.leaf(event.span)))
    }
    if !proof.hashes.isEmpty {
      #expect(!with(nil, nil, Array(proof.hashes.dropLast())).verifies(event, root: root))
      #expect(!with(nil, nil, Array(proof.hashes.dropFirst())).verifies(event, root: root))
      for index in proof.hashes.indices {
        var hashes = proof.hashes
        hashes[index] = other
        #expect(!with(nil, nil, hashes).verifies(event, root: root))
      }
    }
  }

  @Test func everyConsistencyProofOfSmallTreesHoldsAndNoOtherDoes() {
    let sample = Sample(33)
    for second in 0...33 {
      for first in 0...second {
        let hashes = MerklePaths<Never>.consistency(from: UInt64(first), to: UInt64(second)) {
          sample.subtree($0, $1)
        }
        let proof = ConsistencyProof(first: UInt64(first), second: UInt64(second), hashes: hashes)
        let (older, newer) = (sample.root(first), sample.root(second))
        #expect(proof.verifies(older: older, newer: newer), "\(first) to \(second)")
        let other = SHA256.hash([9])
        #expect(!proof.verifies(older: other, newer: newer))
        if first > 0 { #expect(!proof.verifies(older: older, newer: other)) }
        for index in hashes.indices {
          var hashes = hashes
          hashes[index] = other
          let forged = ConsistencyProof(first: proof.first, second: proof.second, hashes: hashes)
          #expect(!forged.verifies(older: older, newer: newer))
        }
        // A proof that ends below the newer root shows nothing, even to whoever takes a tree on the way for it.
        for count in hashes.indices {
          let cut = ConsistencyProof(
            first: proof.first, second: proof.second, hashes: Array(hashes[..<count]))
          for size in first...second {
            #expect(!cut.verifies(older: older, newer: sample.root(size)), "\(first) to \(second)")
          }
        }
        // The same hashes for other sizes: the proof is for its own alone.
        func head(_ size: Int, _ root: Digest) -> Checkpoint {
          Checkpoint(origin: "log", size: UInt64(size), root: root)
        }
        #expect(proof.verifies(older: head(first, older), newer: head(second, newer)))
        for (claimed, size) in [(first + 1, second), (first, second + 1), (first + 1, second + 1)] {
          #expect(!proof.verifies(older: head(claimed, older), newer: head(size, newer)))
        }
        let elsewhere = Checkpoint(origin: "other", size: UInt64(second), root: newer)
        #expect(!proof.verifies(older: head(first, older), newer: elsewhere))
        let longer = ConsistencyProof(
          first: proof.first, second: proof.second, hashes: hashes + [other])
        #expect(!longer.verifies(older: older, newer: newer))
      }
    }
  }

  @Test func theFrontierHasTheRootOfTheDefinition() {
    let sample = Sample(70)
    var hasher = SHA256Hasher()
    var frontier = Frontier()
    for size in 0...70 {
      #expect(frontier.root == sample.root(size))
      if size < 70 { frontier.append(sample.leaves[size], &hasher) { _, _, _ in } }
    }
  }

  @Test func aStoredEventIsProvenByItsTextAlone() async throws {
    try await withLog { log, _ in
      for count in [1, 15, 1, 300] { _ = try await log.append(notes(count)) }
      let key = try #require(VerifierKey(log.publicKey))
      for position: Position in [1, 16, 17, 200, 317] {
        let text = try log.proof(of: position).text
        let proof = try #require(TransparencyProof(text))
        #expect(proof.text == text)
        let event = try #require(try log.event(at: position))
        #expect(proof.verifies(event.bytes, key: key))
        #expect(!proof.verifies(event.bytes + [0x20], key: key))
      }
      let consistency = try log.consistency(from: 17, to: 317)
      #expect(
        consistency.verifies(older: try log.root(size: 17), newer: try log.root(size: 317)))
      for beyond: Position in [.zero, 318] {
        #expect(
          throws: EventLogError.invalid("There is no event \(beyond): the log has events 1 to 317.")
        ) { try log.proof(of: beyond) }
      }
    }
  }

  /// What was in force then is worth something only if nothing else is given for it.
  @Test func theCheckpointOfAMomentIsGivenExactlyOrNotAtAll() async throws {
    try await withLog { log, _ in
      for _ in 0..<6 { _ = try await log.append(notes(100)) }
      let head = try log.head
      let key = try #require(VerifierKey(log.publicKey))
      var kept: [Position] = []
      for size in 1...head.rawValue {
        guard let text = try log.checkpoint(over: Position(rawValue: size)) else { continue }
        let note = try #require(SignedNote(text))
        let checkpoint = try #require(Checkpoint(text: note.text))
        #expect(checkpoint.size == size && key.verifies(note))
        #expect(try log.root(size: size) == checkpoint.root)
        let before = try log.checkpointSize(before: Position(rawValue: size))
        #expect(before == kept.last ?? .zero)
        kept.append(Position(rawValue: size))
      }
      // The last one of every 256, and the newest.
      #expect(kept == [100, 300, 500, 600])
      let newest = try log.checkpoint()
      #expect(try log.checkpoint(over: head) == newest)
      #expect(try log.checkpoint(over: head.next) == nil)
    }
  }

  @Test(arguments: [
    (0, "000"), (7, "007"), (999, "999"), (1000, "x001/000"), (1_234_067, "x001/x234/067"),
  ])
  func tilesAreNumberedAsTheSpecificationSays(index: UInt64, path: String) {
    #expect(TileAddress(index: index).description == path)
    #expect(TileAddress(path) == TileAddress(index: index))
    #expect(TileAddress(path + ".p/17") == TileAddress(index: index, width: 17))
  }
}

func notes(_ count: Int) -> Append {
  var append = Append(actor: "operator", via: "cli")
  append.events = (0..<count).map { note("注 \($0)\n\"\\", stream: "a:\($0 % 7)") }
  return append
}
