import CPoppler

/// What read a document: programs, dictionaries and rules. Readings of different fingerprints are
/// different analyses.
public struct Fingerprint: Sendable, Hashable {
  /// The parts, such as versions and digests, by name.
  public let details: [String: String]

  /// Names the parts.
  public init(details: [String: String]) { self.details = details }

  /// The parts in one spelling: `name=value` lines in the order of names.
  public var canonicalText: String {
    details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
  }

  /// SHA-256 of the canonical text, in hexadecimal.
  public var id: String { sha256(Array(canonicalText.utf8)) }
}

/// SHA-256 in hexadecimal, by GLib, which is linked for poppler anyway.
func sha256(_ bytes: [UInt8]) -> String {
  let text = unsafe bytes.withUnsafeBufferPointer { buffer in
    unsafe g_compute_checksum_for_data(G_CHECKSUM_SHA256, buffer.baseAddress, gsize(buffer.count))
  }
  guard let text = unsafe text else { return "" }
  defer { unsafe g_free(text) }
  return unsafe String(cString: text)
}
