import Glibc

/// The folder beside a data folder in which a restore prepares it, held by one restore alone.
///
/// A file in it marks it as a restore's: nothing else is ever removed.
struct RestoreFolder: Sendable {
  /// The data folder that it becomes.
  let directory: String
  /// Where it lies until then.
  let path: String
  /// Whether a restore that was cut off had left something in it, keys perhaps.
  let hadLeftovers: Bool
  private let lock: FileLock

  private static let mark = "restoring"

  /// Makes the folder, or takes and clears what a restore that was cut off has left.
  ///
  /// The data folder itself is not made: what is refused leaves nothing in its place.
  ///
  /// - Parameter directory: must not be there, or be empty.
  /// - Throws: `.invalid` where either is in the way, `.locked` where another restore prepares the same folder.
  init(for directory: String) throws(EventLogError) {
    try Files.requireEmpty(directory)
    // The two lie side by side, however the path is written.
    self.directory = Files.resolved(directory)
    path = Self.path(beside: self.directory)
    try Files.makeNamedFolder(path)
    guard try Files.isFolder(path) else { throw Self.inTheWay(path) }
    do throws(EventLogError) { lock = try FileLock(folder: path) } catch {
      guard case .locked = error else { throw error }
      throw .locked(directory: directory)
    }
    let left = try Files.names(in: path, followingLinks: false)
    guard Self.isOwn(left) else { throw Self.inTheWay(path) }
    hadLeftovers = left.contains { !$0.hasPrefix(Self.mark) }
    try Files.write(Array("senko restore v1\n".utf8), to: path + "/" + Self.mark)
    try clear()
  }

  /// Where the folder lies in which `directory` is prepared.
  private static func path(beside directory: String) -> String { directory + ".restoring" }

  /// Where a restore of `directory` that was cut off has left something.
  static func leftovers(beside directory: String) -> String? {
    let path = path(beside: Files.resolved(directory))
    return Files.exists(path + "/" + mark) ? path : nil
  }

  /// Gives the folder the data folder's place.
  func finish() throws(EventLogError) {
    guard unsafe rename(path, directory) == 0 else {
      throw Files.failure("rename \(Files.name(path))")
    }
    try Files.sync(folderOf: directory)
    try Files.remove(directory + "/" + Self.mark)
    lock.release()
  }

  /// Removes the folder, and destroys the keys in it.
  func discard() throws(EventLogError) {
    try clear()
    try Files.removeTree(path)
    lock.release()
  }

  /// Removes all but the mark, which is to say of a folder cleared in part that it may be.
  private func clear() throws(EventLogError) {
    for name in try Files.names(in: path, followingLinks: false) where name != Self.mark {
      let inner = path + "/" + name
      let isKey = name.hasPrefix("wrapping-key") || name.hasPrefix("signing-key")
      if isKey, try Files.isRegular(inner) {
        try Files.destroy(inner)
      } else {
        try Files.removeTree(inner)
      }
    }
  }

  /// Whether a folder with these names is a restore's, or one that was made a moment ago.
  private static func isOwn(_ names: [String]) -> Bool {
    names.contains(mark) || names.allSatisfy { $0 == mark + ".new" }
  }

  private static func inTheWay(_ path: String) -> EventLogError {
    .invalid(
      "'\(path)' is in the way, and no restore has made it. Move it away: what is restored is prepared there."
    )
  }
}
