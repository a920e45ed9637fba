import Glibc

extension Files {
  /// Makes a folder that is there after a power cut, unless there is one.
  static func makeSyncedFolder(_ path: String) throws(EventLogError) {
    guard !exists(path) else { return try requireFolder(path) }
    try makeNamedFolder(path)
    try sync(folderOf: resolved(path))
  }

  /// Makes a folder, or takes one that is empty.
  static func makeEmptyFolder(_ path: String) throws(EventLogError) {
    try makeSyncedFolder(path)
    try requireEmpty(path)
  }

  /// Refuses a folder that is not empty; one that is not there is.
  static func requireEmpty(_ path: String) throws(EventLogError) {
    guard exists(path) else { return }
    try requireFolder(path)
    guard try names(in: path).isEmpty else {
      throw .invalid("'\(path)' is not empty. Give a folder that is, or a new one.")
    }
  }

  /// A path without links, as far as it is there.
  static func resolved(_ path: String) -> String {
    var (present, missing) = (path, "")
    while !present.isEmpty, present != "/" {
      if present.hasSuffix("/") {
        present.removeLast()
        continue
      }
      if let real = unsafe realpath(present, nil) {
        defer { unsafe free(real) }
        return unsafe String(cString: real) + missing
      }
      missing = "/" + name(present) + missing
      present = present.lastIndex(of: "/").map { String(present[..<$0]) } ?? "."
      if present == "." { return resolved(".") + missing }
    }
    return present + missing
  }

  /// The names of what lies in a folder, in order; none when there is no folder.
  ///
  /// - Parameter followingLinks: false where the folder itself may not be a link to another.
  static func names(
    in path: String, followingLinks: Bool = true
  ) throws(EventLogError) -> [String] {
    let descriptor = unsafe open(
      path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW))
    guard descriptor >= 0, let stream = unsafe fdopendir(descriptor) else {
      if errno == ENOENT { return [] }
      let failure = failure("open the folder \(name(path))")
      if descriptor >= 0 { close(descriptor) }
      throw failure
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
      // The end and a failure differ by nothing else.
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw failure("list \(name(path))") }
    return names.sorted()
  }

  /// Copies the files of a folder and of the folders in it, and syncs them.
  ///
  /// What is no file of bytes, or too long to be read as a whole, is left out, as if it were missing.
  ///
  /// - Parameter isWanted: of which paths files are copied; what it throws ends the copying.
  static func copyTree(
    _ source: String, to target: String,
    where isWanted: (String) throws(EventLogError) -> Bool = { _ in true }
  ) throws(EventLogError) {
    try makeFolder(target)
    for name in try names(in: source) {
      let (from, to) = (source + "/" + name, target + "/" + name)
      if try isFolder(from) {
        try copyTree(from, to: to, where: isWanted)
      } else if try isWanted(from), isCopied(from) {
        // What was removed since the folder was listed was refused, and no event names it.
        _ = try copyIfPresent(from, to: to)
      }
    }
    try sync(folderOf: target + "/")
  }

  /// Whether something is not known to be what no copy can hold.
  private static func isCopied(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return true }
    return status.st_mode & S_IFMT == S_IFREG && status.st_size <= largestFile
  }

  /// Removes files of a folder and of the folders in it.
  ///
  /// - Parameter isKept: of which paths files stay.
  static func removeFiles(
    in path: String, unless isKept: (String) -> Bool
  ) throws(EventLogError) {
    for name in try names(in: path) {
      let inner = path + "/" + name
      if try isFolder(inner) {
        try removeFiles(in: inner, unless: isKept)
      } else if !isKept(inner) {
        try remove(inner)
      }
    }
  }

  /// How many bytes a file has; none when there is no file.
  static func size(_ path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The number by which its file system knows a file or a folder.
  static func inode(_ path: String) throws(EventLogError) -> UInt64 {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw failure("stat \(name(path))") }
    return UInt64(status.st_ino)
  }

  /// Copies a file and syncs it.
  static func copy(_ source: String, to target: String) throws(EventLogError) {
    guard try copyIfPresent(source, to: target) else { throw failure("open \(name(source))") }
  }

  /// Copies a file and syncs it; false, and nothing is done, where there is none.
  private static func copyIfPresent(
    _ source: String, to target: String
  ) throws(EventLogError) -> Bool {
    guard let (input, _) = try openFile(source) else { return false }
    defer { close(input) }
    let output = unsafe open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw failure("create \(name(target))") }
    defer { close(output) }
    while true {
      let count = sendfile(output, input, nil, 1 << 30)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("copy \(name(source))") }
      if count == 0 { break }
    }
    guard fsync(output) == 0 else { throw failure("sync \(name(target))") }
    return true
  }

  /// Syncs a file.
  static func sync(_ path: String) throws(EventLogError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open \(name(path))") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("sync \(name(path))") }
  }

  /// Moves a folder aside that lies where a file is to be written; what else lies there, the file takes the place of.
  static func clear(_ path: String) throws(EventLogError) {
    guard try isFolder(path) else { return }
    guard unsafe rename(path, path + ".aside") == 0 else {
      throw failure("move the folder \(name(path)) aside")
    }
  }

  /// Removes a folder with all that lies in it, or a file, if it is there; of a link the link alone.
  static func removeTree(_ path: String) throws(EventLogError) {
    guard try isFolder(path) else { return try remove(path) }
    for name in try names(in: path, followingLinks: false) {
      try removeTree(path + "/" + name)
    }
    guard unsafe rmdir(path) == 0 else { throw failure("remove \(name(path))") }
  }

  /// Exchanges what two names stand for in one step.
  ///
  /// - Returns: false where the file system, or the machine, has no such step.
  static func exchange(_ path: String, _ other: String) throws(EventLogError) -> Bool {
    typealias Rename =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32
    // The header declares rename(2)'s later form for GNU's C alone; its flag 2 exchanges.
    guard let symbol = unsafe dlsym(nil, "renameat2") else { return false }
    let rename = unsafe unsafeBitCast(symbol, to: Rename.self)
    if unsafe rename(AT_FDCWD, path, AT_FDCWD, other, 2) == 0 { return true }
    guard errno == EINVAL || errno == ENOSYS else { throw failure("exchange \(name(path))") }
    return false
  }

  /// Gives what lies at `path` another name, which is there after a power cut.
  static func move(_ path: String, to target: String) throws(EventLogError) {
    guard unsafe rename(path, target) == 0 else { throw failure("rename \(name(path))") }
    try sync(folderOf: path)
    try sync(folderOf: target)
  }

  /// Whether a folder lies there; what has gone meanwhile is none.
  static func isFolder(_ path: String) throws(EventLogError) -> Bool {
    try kind(of: path) == S_IFDIR
  }

  /// Whether a file of bytes lies there, and no link, device or folder.
  static func isRegular(_ path: String) throws(EventLogError) -> Bool {
    try kind(of: path) == S_IFREG
  }

  /// Whether a file can be put there in the place of nothing but a file of bytes.
  static func isReplaceable(_ path: String) throws(EventLogError) -> Bool {
    let kind = try kind(of: path)
    return kind == nil || kind == S_IFREG
  }

  /// Where a file lies that links lead to, whether it is there or not; the path itself where it is no link.
  static func target(_ path: String) -> String {
    var (path, hops) = (path, 40)
    while hops > 0, let link = link(at: path) {
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
      path = link.hasPrefix("/") ? link : folder + link
      hops -= 1
    }
    return path
  }

  /// What a link says.
  private static func link(at path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { buffer in
        guard let start = buffer.baseAddress else { return -1 }
        return unsafe readlink(path, start, buffer.count)
      }
    }
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  /// Whether a link lies there.
  static func isLink(_ path: String) throws(EventLogError) -> Bool {
    try kind(of: path) == S_IFLNK
  }

  /// Of what kind that is which lies there, a link being one of its own; `nil` where there is nothing.
  private static func kind(of path: String) throws(EventLogError) -> mode_t? {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw failure("stat \(name(path))")
    }
    return status.st_mode & S_IFMT
  }
}
