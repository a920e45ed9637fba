import CLMDB
import Glibc

/// How full an environment is, and who reads it.
public struct EnvironmentInfo: Sendable, Hashable {
  /// Bytes of address space.
  public let mapSize: Int
  /// Bytes of the file in use, free pages within it included.
  public let usedSize: Int
  /// The most reader slots that were ever in use at once.
  public let readers: Int
  /// The last transaction's number.
  public let lastTransaction: Int
}

extension Environment {
  /// How full the environment is, and who reads it.
  ///
  /// - Throws: `isPanic` where it could not be opened again.
  public var info: EnvironmentInfo {
    get throws(LMDBError) {
      var info = unsafe MDB_envinfo()
      var stat = MDB_stat()
      let codes = unsafe try handle.use { raw in
        unsafe (mdb_env_info(raw, &info), mdb_env_stat(raw, &stat))
      }
      try check(codes.0, "mdb_env_info")
      try check(codes.1, "mdb_env_stat")
      return unsafe EnvironmentInfo(
        mapSize: info.me_mapsize, usedSize: (info.me_last_pgno + 1) * Int(stat.ms_psize),
        readers: Int(info.me_numreaders), lastTransaction: info.me_last_txnid)
    }
  }

  /// Whether who reads the file in the folder `path` is registered there, so that nobody writes over what is read.
  ///
  /// That takes leave to write to the folder.
  public static func registersReaders(in path: String) -> Bool {
    let lock = path + "/lock.mdb"
    return unsafe access(path, W_OK) == 0 && (access(lock, W_OK) == 0 || errno == ENOENT)
  }

  /// The number of the last transaction of the file in the folder `path`, read without LMDB; `nil` for what is no file of
  /// it.
  public static func lastTransaction(in path: String) -> Int? {
    DataFile.lastTransaction(in: path)
  }

  /// Whether the file in the folder `path` was cut short when it was begun, so that nothing was ever committed
  /// to it: it is at most 256 KiB long and has not both meta pages.
  public static func isCutAtItsBeginning(path: String) -> Bool {
    DataFile.isCutAtItsBeginning(path)
  }
}
