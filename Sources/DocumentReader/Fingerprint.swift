/// What read a document: programs, dictionaries and rules.
///
/// Readings of different fingerprints are different analyses.
public struct Fingerprint: Sendable, Hashable {
  /// The parts, such as versions and digests, by name.
  public let details: [String: String]

  /// Names the parts.
  public init(details: [String: String]) { self.details = details }

  /// The parts in one spelling: `name=value` lines in the order of names.
  public var canonicalText: String {
    details.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "\($0.key)=\($0.value)\n" }.joined()
  }

  /// SHA-256 of the canonical text, in hexadecimal.
  public var id: String { FileDigest.hash(Array(canonicalText.utf8)) }
}
