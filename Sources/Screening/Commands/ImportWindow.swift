/// How many lines of a manifest are held at once: enough to keep all readers busy, and no more of their documents than
/// memory is to be had for.
struct ImportWindow {
  /// The most lines that are read ahead.
  let lines: Int
  /// The most that documents may have which are read or recorded, in bytes; while they are sealed, they take that twice.
  static let bytes = 20 << 20

  /// Whether another line may be begun, whose documents take `size` bytes.
  ///
  /// - Parameters:
  ///   - waiting: the sizes of lines that have been begun.
  ///   - recorded: the size of those that are being recorded.
  func admits(_ size: Int, besides waiting: [Int], andRecorded recorded: Int) -> Bool {
    // The largest one must pass as well, alone.
    waiting.isEmpty && recorded == 0
      || waiting.count < lines && waiting.reduce(size + recorded, +) <= Self.bytes
  }
}
