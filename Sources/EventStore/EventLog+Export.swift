extension EventLog {
  /// Writes the log as static files (C2SP tlog-tiles) that anybody can check without senko.
  ///
  /// They are `checkpoint`, `key`, `bridges` between this key and former ones, `tile/…` and `tile/entries/…`. Sealed
  /// values stay out.
  ///
  /// - Returns: the checkpoint that covers what was written.
  @discardableResult
  public func export(to directory: String) throws(EventLogError) -> String {
    let head = try newestHead()
    try Files.makeFolder(directory)
    for level in 0..<8 where head.size >> UInt64(8 * level) > 0 {
      try exportTiles(head.size >> UInt64(8 * level), directory + "/tile/\(level)/") {
        (index, width) throws(EventLogError) in
        try tile(level: level, index: index, width: width)
      }
    }
    try exportTiles(head.size, directory + "/tile/entries/") {
      (index, width) throws(EventLogError) in
      try entryBundle(index: index, width: width)
    }
    try Files.write(try bridges().flatMap(\.line), to: directory + "/bridges")
    try Files.write(Array((publicKey + "\n").utf8), to: directory + "/key")
    // The checkpoint comes last: what it covers is there.
    try Files.write(Array(head.encoded.utf8), to: directory + "/checkpoint")
    return head.encoded
  }

  private func exportTiles(
    _ count: UInt64, _ folder: String,
    _ bytes: (UInt64, Int) throws(EventLogError) -> [UInt8]?
  ) throws(EventLogError) {
    for index in 0..<((count + 255) / 256) {
      let width = Int(min(256, count - index * 256))
      guard let bytes = try bytes(index, width) else {
        throw .damaged("Tile \(index)")
      }
      let path = folder + TileAddress(index: index, width: width).description
      try Files.makeFolders(of: path)
      try Files.write(bytes, to: path, syncing: false)
    }
  }
}
