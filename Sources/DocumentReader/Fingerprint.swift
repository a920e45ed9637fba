/// What read a document: programs, dictionaries and rules.
///
/// Dictionaries are compiled on each machine, and libraries mended by distributions: their bytes differ where nothing is
/// read otherwise. Whether they read alike is what the behaviour probe answers. So readings are of one analysis when all
/// but these bytes agree.
public struct Fingerprint: Sendable, Hashable {
  /// The parts, such as versions and digests, by name.
  public let details: [String: String]

  /// Names the parts.
  public init(details: [String: String]) { self.details = details }

  /// The parts in one spelling: `name=value` lines in the order of names.
  public var canonicalText: String { Self.canonicalText(of: details) }

  /// Any parts in that spelling.
  public static func canonicalText(of details: [String: String]) -> String {
    details.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "\($0.key)=\($0.value)\n" }.joined()
  }

  /// SHA-256 of the canonical text, in hexadecimal.
  public var id: String { FileDigest.hash(Array(canonicalText.utf8)) }

  /// The digests of files that the behaviour probe answers for: dictionaries, poppler's libraries and its tables.
  private static let probed = ["dictionary/", "library/", "poppler-data"]

  /// SHA-256, in hexadecimal, of the canonical text without the digests of files that the probe answers for.
  public var analysis: String {
    let rules = details.filter { part in !Self.probed.contains { part.key.hasPrefix($0) } }
    return FileDigest.hash(Array(Self.canonicalText(of: rules).utf8))
  }
}
