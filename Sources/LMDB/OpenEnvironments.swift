import CLMDB
import Glibc
import Synchronization

/// The environments that this process has open: LMDB's file locks break when one is opened twice.
enum OpenEnvironments {
  private static let open = Mutex<Set<FileIdentity>>([])

  /// A folder or a file, by device and inode, whatever path it was reached by.
  struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init?(_ path: String) {
      var (device, inode): (UInt64, UInt64) = (0, 0)
      guard unsafe identify_file(AT_FDCWD, path, &device, &inode) == 0 else { return nil }
      (self.device, self.inode) = (device, inode)
    }
  }

  /// Notes that `identity` is open, and says whether it was not before.
  ///
  /// Waits up to a second for one that is about to be let go of: work that has answered may hold its environment a
  /// moment longer.
  static func insert(_ identity: FileIdentity) -> Bool {
    var tries = 100
    while !open.withLock({ $0.insert(identity).inserted }) {
      guard tries > 0 else { return false }
      tries -= 1
      usleep(10_000)
    }
    return true
  }

  static func remove(_ identity: FileIdentity) { open.withLock { _ = $0.remove(identity) } }
}
