import Glibc
import LMDB

/// Reads one snapshot of the environment in `folder`, and says so, until this process is killed.
func holdSnapshot(of folder: String) throws {
  let environment = try Environment(path: folder, mapSize: 256 << 30, readOnly: true)
  try environment.read { (_) throws(LMDBError) in
    say("held")
    while true { pause() }
  }
}
