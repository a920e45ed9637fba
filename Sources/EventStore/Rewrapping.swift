import Cryptography
import Dispatch
import Synchronization

/// Wraps subjects' keys under the next generation's key, on all cores: an erasure does so for every subject that
/// stays.
struct Rewrapping: Sendable {
  let present: WrappingKey
  let next: WrappingKey

  /// How many bytes a subject and its wrapped key have.
  static let rowSize = 16 + wrappedSize
  /// How many bytes a wrapped key has: nonce, ciphertext, tag.
  static let wrappedSize = 12 + 32 + 16
  /// So many rows are worth a turn of their own.
  private static let portion = 4096

  /// What came of rows that were wrapped anew.
  struct Rewrapped: Sendable {
    /// Subject ‖ wrapped key, side by side and in the order of those that were given.
    var rows: [UInt8] = []
    /// Whose keys could not be unwrapped.
    var damaged: [SubjectID] = []
  }

  /// What `next.wrap` gives of what `present.unwrap` gives, for rows of subject ‖ wrapped key that lie side by side; in
  /// pieces.
  func rewrap(
    _ rows: [UInt8], random: RandomSource
  ) throws(CryptographyError) -> [Rewrapped] {
    let count = rows.count / Self.rowSize
    let portions = (count + Self.portion - 1) / Self.portion
    // Drawn in one order, whichever core comes first.
    let nonces = random.bytes(12 * count)
    let pieces = Mutex(
      [Result<Rewrapped, CryptographyError>](repeating: .success(Rewrapped()), count: portions))
    DispatchQueue.concurrentPerform(iterations: portions) { index in
      let range = index * Self.portion..<min((index + 1) * Self.portion, count)
      let piece = Result { () throws(CryptographyError) in
        try rewrap(rows.span, nonces.span, range)
      }
      pieces.withLock { $0[index] = piece }
    }
    var rewrapped: [Rewrapped] = []
    for piece in pieces.withLock(\.self) { rewrapped.append(try piece.get()) }
    return rewrapped
  }

  private func rewrap(
    _ rows: Span<UInt8>, _ nonces: Span<UInt8>, _ range: Range<Int>
  ) throws(CryptographyError) -> Rewrapped {
    let opens = try AESGCMCipher(key: present.key.bytes, seals: false)
    let seals = try AESGCMCipher(key: next.key.bytes, seals: true)
    var (former, later) = (present.context(.store), next.context(.store))
    var key: [UInt8] = []
    key.reserveCapacity(64)
    var piece = Rewrapped()
    piece.rows.reserveCapacity(range.count * Self.rowSize)
    for index in range {
      let start = index * Self.rowSize
      for (offset, place) in WrappingKey.contextSubject.enumerated() {
        let byte = rows[start + offset]
        (former[place], later[place]) = (byte, byte)
      }
      let row = rows.extracting((start + 16)..<(start + Self.rowSize))
      let nonce = nonces.extracting((12 * index)..<(12 * index + 12))
      key.removeAll(keepingCapacity: true)
      do throws(CryptographyError) {
        try opens.open(
          row.extracting(12...), nonce: row.extracting(..<12), authenticating: former.span,
          into: &key)
      } catch {
        guard case .notAuthentic = error else { throw error }
        piece.damaged.append(SubjectID(exactly: rows.extracting(start..<(start + 16))))
        continue
      }
      piece.rows.append(copying: rows.extracting(start..<(start + 16)))
      piece.rows.append(copying: nonce)
      try seals.seal(key.span, nonce: nonce, authenticating: later.span, into: &piece.rows)
    }
    return piece
  }
}
