import Testing

@testable import DocumentReader

/// Readings in this process, for tests of what becomes of a text.
enum ReadText {
  /// The dictionary's digests, computed once for all tests.
  private static let known: [String: String] = {
    var digests = DigestCache(known: [:])
    _ = DocumentAnalysis(limits: Limits(), digests: &digests)
    return digests.known
  }()

  /// Reads a document as a worker would, without its sandbox.
  static func outcome(_ bytes: [UInt8], _ limits: Limits = Limits()) throws -> ReadingOutcome {
    var digests = DigestCache(known: known)
    return try #require(DocumentAnalysis(limits: limits, digests: &digests)).read(bytes)
  }

  /// The reading of a document that is readable.
  static func reading(_ bytes: [UInt8], _ limits: Limits = Limits()) throws -> Reading {
    guard case .read(let reading) = try outcome(bytes, limits) else {
      throw CodingError(description: "The document is unreadable.")
    }
    return reading
  }

  /// Which share of the nouns of one reading another one has, each counted as often as it stands there.
  static func recall(of expected: Reading, in found: Reading) -> Double {
    let counts = Dictionary(uniqueKeysWithValues: found.nouns.map { ($0.term, $0.count) })
    let hits = expected.nouns.reduce(0) { $0 + min($1.count, counts[$1.term, default: 0]) }
    return Double(hits) / Double(expected.nouns.reduce(0) { $0 + $1.count })
  }

  /// The reading of a plain text.
  static func reading(_ text: String) throws -> Reading { try reading(Array(text.utf8)) }
}
