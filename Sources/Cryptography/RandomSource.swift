import COpenSSL
import Synchronization

/// Where random bytes come from; injected, so that tests can repeat themselves.
public struct RandomSource: Sendable {
  private let generate: @Sendable (Int) -> [UInt8]

  init(_ generate: @escaping @Sendable (Int) -> [UInt8]) { self.generate = generate }

  /// `count` random bytes.
  public func bytes(_ count: Int) -> [UInt8] { generate(count) }

  /// The operating system's generator, through libcrypto.
  public static let system = RandomSource { count in
    var bytes = [UInt8](repeating: 0, count: count)
    let code = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      unsafe RAND_bytes(buffer.baseAddress, Int32(count))
    }
    // Nothing can be sealed without randomness, and nothing weaker may take its place.
    precondition(code == 1, "libcrypto has no randomness to give.")
    return bytes
  }

  /// Bytes that follow from `seed` (SplitMix64); for tests only.
  public static func seeded(_ seed: UInt64) -> RandomSource {
    let state = SeededState(seed)
    return RandomSource { state.bytes($0) }
  }
}

private final class SeededState: Sendable {
  private let state: Mutex<UInt64>

  init(_ seed: UInt64) { state = Mutex(seed) }

  func bytes(_ count: Int) -> [UInt8] {
    state.withLock { state in
      (0..<count).map { _ in
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return UInt8(truncatingIfNeeded: (z ^ (z >> 31)) >> 56)
      }
    }
  }
}
