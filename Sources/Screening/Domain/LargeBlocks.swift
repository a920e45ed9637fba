import Glibc

/// What becomes of the memory of large blocks that nothing needs any more.
enum LargeBlocks {
  /// The smallest that counts as large, in bytes.
  private static let smallest: CInt = 1 << 20
  /// M_MMAP_THRESHOLD of mallopt(3).
  private static let threshold: CInt = -3

  /// Has this process give it back at once, for good.
  ///
  /// Left to itself the C library keeps, for every thread, up to twice the largest block that was ever freed: of documents
  /// that is far more than they take at any moment.
  static func giveBack() {
    typealias Setting = @convention(c) (CInt, CInt) -> CInt
    guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
    _ = unsafe unsafeBitCast(symbol, to: Setting.self)(threshold, smallest)
  }
}
