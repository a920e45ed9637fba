/// The folder within a data folder in which the log's file is made anew, and which then takes the place of `log`.
///
/// One step exchanges the two, so that a crash leaves either. What was there is kept beside it: as in a backup, nothing in
/// it can be opened of whoever is erased from then on, since an erasure destroys the key that wraps the keys there.
struct SalvageFolder {
  private let folder: LogFolder
  /// Where the new file is made, in `log`.
  let place: LogFolder
  /// Where rows are gathered whose tables are not known.
  ///
  /// As long as this is there, nothing was exchanged.
  let strays: LogFolder

  private static func place(in folder: LogFolder) -> LogFolder {
    LogFolder(path: folder.path + "/log.repairing")
  }

  private static func strays(in place: LogFolder) -> LogFolder {
    LogFolder(path: place.path + "/strays")
  }

  /// Makes the folder, after `finishBegun`.
  init(in folder: LogFolder) throws(EventLogError) {
    self.folder = folder
    place = Self.place(in: folder)
    strays = Self.strays(in: place)
    try Files.makeFolder(place.path)
    try Files.makeFolder(strays.path)
    try Files.sync(folderOf: strays.path)
    try Files.makeFolder(place.log)
  }

  /// Gives the new log the place of the old one, and tells where that is kept.
  func finish() throws(EventLogError) -> String {
    // What is known of readers of the one file must not be told to those of the other.
    try Files.remove(place.log + "/lock.mdb")
    try Files.sync(place.log + "/data.mdb")
    try Files.removeTree(strays.path)
    try Files.sync(folderOf: strays.path)
    guard try !Files.exchange(place.log, folder.log) else {
      try Files.sync(folderOf: folder.log)
      return try Self.keep(place.log, folder)
    }
    // What a crash between these two leaves, the next repair finishes.
    let kept = try Self.keep(folder.log, folder)
    try Files.move(place.log, to: folder.log)
    try Files.removeTree(place.path)
    return kept
  }

  /// Removes the folder, where nothing is to come of it.
  func discard() throws(EventLogError) { try Files.removeTree(place.path) }

  /// Ends what a repair has begun that was cut off: what it was making is removed, what it has exchanged is kept.
  static func finishBegun(in folder: LogFolder) throws(EventLogError) {
    let place = place(in: folder)
    guard Files.exists(place.path) else { return }
    if isWhole(place) {
      if Files.exists(folder.log) {
        _ = try keep(place.log, folder)
      } else {
        try Files.move(place.log, to: folder.log)
      }
    }
    try Files.removeTree(place.path)
  }

  /// Where repairs have kept the log's file as it was.
  static func kept(in folder: LogFolder) throws(EventLogError) -> [String] {
    try Files.names(in: folder.path).filter { $0.hasPrefix("log.damaged") }.sorted()
      .map { folder.path + "/" + $0 }
  }

  /// Whether a repair was cut off that had made the new file, and has not put it in its place.
  static func waits(in folder: LogFolder) -> Bool {
    !Files.exists(folder.log) && isWhole(place(in: folder))
  }

  private static func isWhole(_ place: LogFolder) -> Bool {
    Files.exists(place.log + "/data.mdb") && !Files.exists(strays(in: place).path)
  }

  /// Keeps the old log where nothing lies yet.
  private static func keep(
    _ log: String, _ folder: LogFolder
  ) throws(EventLogError) -> String {
    var (number, kept) = (1, folder.log + ".damaged")
    while Files.exists(kept) {
      number += 1
      kept = "\(folder.log).damaged-\(number)"
    }
    try Files.move(log, to: kept)
    let place = place(in: folder)
    if log == place.log { try Files.removeTree(place.path) }
    return kept
  }
}
