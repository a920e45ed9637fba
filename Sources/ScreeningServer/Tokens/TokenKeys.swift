import JWTKit

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The secrets that tokens are signed with: the present one, and the one before it, whose tokens still
/// count until they expire.
struct TokenKeys: Sendable {
  /// A secret as jwt-kit's HS256 algorithm, with the identifier that tokens name it by.
  struct Key: Sendable {
    let identifier: String
    let algorithm: any JWTAlgorithm
  }

  let current: Key
  let previous: Key?
  let collection: JWTKeyCollection

  /// Makes keys of secrets of at least 32 bytes.
  init(_ secrets: TokenSecrets) async throws {
    collection = JWTKeyCollection()
    current = try await Self.add(secrets.current, to: collection)
    if let previous = secrets.previous {
      self.previous = try await Self.add(previous, to: collection)
    } else {
      previous = nil
    }
  }

  private static func add(
    _ secret: [UInt8], to collection: JWTKeyCollection
  ) async throws -> Key {
    let single = JWTKeyCollection()
    await single.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    let algorithm = try await single.getKey()
    // The identifier tells keys apart and says nothing about them.
    let mark = try algorithm.sign(Data("senko token key".utf8)).prefix(6)
    let identifier = Base64URL.encode(Array(mark))
    await collection.add(
      hmac: HMACKey(from: secret), digestAlgorithm: .sha256,
      kid: JWKIdentifier(string: identifier))
    return Key(identifier: identifier, algorithm: algorithm)
  }

  /// Whether one of the keys made `signature` over `input`; compared in constant time.
  func accept(_ signature: [UInt8], over input: [UInt8], named identifier: String?) -> Bool {
    let keys = [current] + (previous.map { [$0] } ?? [])
    let named = keys.filter { $0.identifier == identifier }
    return (named.isEmpty ? keys : named).contains { key in
      (try? key.algorithm.verify(signature, signs: input)) ?? false
    }
  }
}
