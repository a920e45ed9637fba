import Cryptography

extension LogFolder {
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
