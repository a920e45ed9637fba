import Cryptography
import LMDB

extension LogFolder {
  /// Whether a path is that of one of these sealed files.
  func isDocument(_ path: String, of documents: Set<Digest>) -> Bool {
    guard let digest = Digest(hex: Files.name(path)) else { return false }
    return documents.contains(digest) && path == document(digest)
  }

  /// The sealed file of this name, or `nil` where there is none.
  ///
  /// - Parameter row: what the table of documents has of it: its length; without a row, any file is read.
  /// - Throws: `.damaged` for what is no file of bytes, or of another length.
  func read(_ digest: Digest, listedAs row: [UInt8]?) throws(EventLogError) -> [UInt8]? {
    var sizes = 0...Files.largestFile
    if let size = row.flatMap({ bigEndian($0.span) }), size <= sizes.upperBound {
      sizes = Int(size)...Int(size)
    }
    do throws(EventLogError) { return try Files.read(document(digest), of: sizes) } catch {
      guard case .damaged = error else { throw error }
      throw .damaged("The document \(digest)")
    }
  }
}

extension LogTables {
  /// The sealed files that the log lists.
  func documents(in transaction: borrowing ReadTransaction) throws(EventLogError) -> Set<Digest> {
    try stored { () throws(LMDBError) in
      var digests: Set<Digest> = []
      digests.reserveCapacity(try transaction.count(documents))
      var cursor = try transaction.cursor(documents)
      try cursor.forEach(atOrAfter: [UInt8]().span) { key, _ in
        if key.count == 48 { digests.insert(Digest(exactly: key.extracting(16..<48))) }
        return true
      }
      return digests
    }
  }
}

extension LogCopy {
  /// The sealed files that the log lists.
  func documents() throws(EventLogError) -> Set<Digest> {
    try snapshot { (transaction) throws(EventLogError) in try tables.documents(in: transaction) }
  }
}
