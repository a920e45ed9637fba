import CLMDB

/// What LMDB says that it is.
public var libraryVersion: String {
  var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
  _ = unsafe mdb_version(&major, &minor, &patch)
  return "\(major).\(minor).\(patch)"
}
