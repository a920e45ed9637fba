import LMDB

/// Takes from the environment in `folder` which folder keeps its escrow, so that a copy is not refused.
func forgetKeeper(of folder: String) throws {
  let environment = try Environment(path: folder, mapSize: 256 << 30)
  let meta = try environment.table("meta", create: false)
  try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
    _ = try transaction.delete(Array("escrow-keeper".utf8), in: meta)
  }
}
