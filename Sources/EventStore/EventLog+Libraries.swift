import Cryptography
import LMDB

extension EventLog {
  /// The libraries that a log is kept with, and what each says that it is.
  public static var libraries: [String: String] {
    ["libcrypto": LibraryVersion.libcrypto, "lmdb": LMDB.libraryVersion]
  }
}
