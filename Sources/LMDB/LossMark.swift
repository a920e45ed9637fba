import Glibc

/// A note that a file is damaged, for whoever opens it next: an open file, which then has eight bytes, `lost` and spaces.
public struct LossMark: Sendable {
  private let descriptor: Int32

  /// - Parameter descriptor: an open file, which stays open.
  public init(descriptor: Int32) { self.descriptor = descriptor }

  /// Makes the note, also where a signal has stopped the process anywhere: nothing is allocated.
  public func write() {
    var text = UInt64(littleEndian: 0x2020_2020_7473_6F6C)
    _ = ftruncate(descriptor, 0)
    _ = unsafe pwrite(descriptor, &text, MemoryLayout.size(ofValue: text), 0)
    _ = fdatasync(descriptor)
  }
}
