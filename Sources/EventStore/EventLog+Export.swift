import Cryptography
import LMDB

extension EventLog {
  /// Writes the log as static files (C2SP tlog-tiles) that anybody can check without senko.
  ///
  /// They are `checkpoint`, `key`, `bridges` between this key and former ones, `tile/…` and `tile/entries/…`. Sealed
  /// values stay out. The tiles are not waited for to reach the disk: after a power cut, export again.
  ///
  /// - Parameter directory: is not there, is empty, or holds an earlier export of this log, which is written over.
  /// - Returns: the checkpoint that covers what was written.
  /// - Throws: `.invalid` for another folder, or one in the log's own; `.damaged` where events or tree are not what was
  ///   signed: the folder has no newer checkpoint then.
  @discardableResult
  public func export(to directory: String) throws(EventLogError) -> String {
    try folder.requireOutside(directory, "An export")
    let (head, key, bridges) = try exported()
    try Files.makeNamedFolder(directory)
    // What marks the folder as an export is there before anything else, so that one that is cut off can be gone on with.
    if try claim(directory) { try Files.write(Array((key + "\n").utf8), to: directory + "/key") }
    for level in 0..<8 where head.size >> UInt64(8 * level) > 0 {
      try exportTiles(ofLevel: level, in: head.size, to: directory + "/tile/")
    }
    var lines: [UInt8] = []
    for bridge in bridges { lines += try line(of: bridge) }
    try Files.write(lines, to: directory + "/bridges")
    try Files.write(Array((key + "\n").utf8), to: directory + "/key")
    // The checkpoint comes last: what it covers is there.
    try Files.write(Array(head.encoded.utf8), to: directory + "/checkpoint")
    return head.encoded
  }

  /// Whether a folder for an export is empty; else it is an earlier one, which holds a public key of this log.
  private func claim(_ directory: String) throws(EventLogError) -> Bool {
    if try Files.names(in: directory).isEmpty { return true }
    let key = VerifierKey.listed(in: try Files.read(directory + "/key") ?? [])
    guard key.map(\.name) == [origin] else {
      throw .invalid(
        "'\(directory)' holds something else than an earlier export of this log, and an export writes over 'key', "
          + "'checkpoint' and 'bridges'. Give an empty folder.")
    }
    return false
  }

  /// The head, the key that signs and the bridges to it, of one snapshot.
  ///
  /// A key that changes meanwhile would not fit the others. What the head covers never changes.
  private func exported() throws(EventLogError) -> (SignedHead, key: String, [KeyBridge]) {
    let held = writer.held
    do {
      return try environment.read { (transaction) throws(EventLogError) in
        (
          try writer.note(held: held, in: transaction),
          try signer.key(in: transaction).verifier.description, try tables.bridges(in: transaction)
        )
      }
    } catch {
      throw EventLogError(error)
    }
  }

  private func line(of bridge: KeyBridge) throws(EventLogError) -> [UInt8] {
    guard let checkpoint = Checkpoint(text: bridge.note.text), checkpoint.size > 0 else {
      return bridge.line()
    }
    let size = checkpoint.size
    guard let event = try event(at: Position(rawValue: size)) else {
      throw .damaged("Event \(size)")
    }
    let proof = try tree { (subtree) throws(EventLogError) in
      try checkpoint.inclusion(of: event.bytes, at: event.position, subtree)
    }
    return bridge.line(last: (event.bytes, proof.hashes))
  }

  /// Writes the tiles of a level over `size` events, with the events themselves beside those of the leaves.
  private func exportTiles(
    ofLevel level: Int, in size: UInt64, to folder: String
  ) throws(EventLogError) {
    let count = size >> UInt64(8 * level)
    for index in 0..<((count + 255) / 256) {
      let width = Int(min(256, count - index * 256))
      guard let hashes = try tile(level: level, index: index, width: width) else {
        throw .damaged("Tile \(index) of level \(level)")
      }
      let name = TileAddress(index: index, width: width).description
      try write(hashes, toTile: folder + "\(level)/" + name)
      if level == 0 {
        try write(try entryBundle(index: index, over: hashes), toTile: folder + "entries/" + name)
      }
    }
  }

  private func write(_ bytes: [UInt8], toTile path: String) throws(EventLogError) {
    try Files.makeFolders(of: path)
    try Files.write(bytes, to: path, syncing: false)
  }
}
