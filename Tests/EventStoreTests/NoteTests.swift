import Cryptography
import Testing

@testable import EventStore

/// What C2SP signed-note forbids could show a reader another text, or another signer, than is checked.
@Suite struct NoteTests {
  private static let signature = Base64.encode([UInt8](repeating: 7, count: 68))

  private func note(_ line: String = "b", name: String = "log.example") -> SignedNote? {
    SignedNote("a\n\(line)\n\n— \(name) \(Self.signature)\n")
  }

  @Test func aNoteHasNoControlCharacters() {
    #expect(note() != nil && note("選考 é") != nil)
    for character in ["\0", "\t", "\r", "\u{1B}", "\u{1F}"] {
      #expect(note("b\(character)c") == nil, "\(character.unicodeScalars.first?.value ?? 0)")
      #expect(note(name: "log\(character)") == nil)
    }
  }

  @Test(arguments: ["a b", "a\u{3000}b", "a\u{A0}b", "a\tb", "a\u{7F}b", "a\nb"])
  func aNameHasNoWhiteSpace(name: String) throws {
    let key = try Ed25519.PrivateKey(seed: .random(using: .system)).publicKey
    let named = VerifierKey(name: name, key: key)
    #expect(VerifierKey(named.description) == nil && note(name: name) == nil)
    #expect(WitnessKey(WitnessKey(name: name, key: key).description) == nil)
    #expect(note(name: "a+b") == nil)
    let plain = VerifierKey(name: "log.example/選考", key: key)
    #expect(VerifierKey(plain.description) == plain)
  }
}
