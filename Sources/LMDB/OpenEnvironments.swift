import Glibc
import Synchronization

/// The environments that this process has open: LMDB's file locks break when one is opened twice.
enum OpenEnvironments {
  private static let open = Mutex<Set<FileIdentity>>([])

  /// A folder or a file, by device and inode, whatever path it was reached by.
  struct FileIdentity: Hashable {
    let device: UInt
    let inode: UInt

    init?(_ path: String) {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { return nil }
      device = UInt(status.st_dev)
      inode = UInt(status.st_ino)
    }
  }

  /// Notes that `identity` is open, and says whether it was not before.
  static func insert(_ identity: FileIdentity) -> Bool {
    open.withLock { $0.insert(identity).inserted }
  }

  static func remove(_ identity: FileIdentity) { open.withLock { _ = $0.remove(identity) } }
}
