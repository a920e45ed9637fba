/// A secret of 32 bytes.
///
/// Its description shows none of them.
public struct SymmetricKey: Sendable, Hashable, CustomStringConvertible {
  /// The secret.
  public let bytes: [UInt8]

  /// Wraps 32 bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  init(exactly bytes: [UInt8]) { self.bytes = bytes }

  /// A new secret.
  public static func random(using source: RandomSource) -> SymmetricKey {
    SymmetricKey(exactly: source.bytes(32))
  }

  /// Nothing of the secret.
  public var description: String { "SymmetricKey(redacted)" }
}
