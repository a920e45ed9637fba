import Glibc

extension LogFolder {
  /// What an error means in view of the disk: LMDB turns a short write on a full one into EIO.
  func explained(_ error: EventLogError) -> EventLogError {
    guard case .storage = error else { return error }
    var status = statvfs()
    guard unsafe statvfs(path, &status) == 0, status.f_bavail < 4 else { return error }
    return .diskFull
  }
}

/// Whole files, written so that they are there after a power cut, or not at all.
enum Files {
  /// Whether there is a file at `path`.
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Whether there is a file of at least one byte at `path`, and nothing else in its place.
  static func isFilled(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && status.st_size > 0
  }

  /// The bytes of a file, or `nil` when there is none.
  ///
  /// What else lies there, a pipe, a device or a folder, is not waited for; of a file that is too long nothing is read.
  ///
  /// - Parameter sizes: how many bytes it may have.
  /// - Throws: `.damaged` for what is no such file.
  static func read(
    _ path: String, of sizes: ClosedRange<Int> = 0...largestFile
  ) throws(EventLogError) -> [UInt8]? {
    guard let (descriptor, size) = try openFile(path) else { return nil }
    defer { close(descriptor) }
    guard sizes.contains(size) else { throw .damaged("The file '\(name(path))'") }
    var bytes = [UInt8](repeating: 0, count: size)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(
          descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("read \(name(path))") }
      if count == 0 { return Array(bytes.prefix(done)) }
      done += count
    }
    return bytes
  }

  /// The most bytes that a file has which is read as a whole.
  static let largestFile = 1 << 30

  /// As `read`, of a key's file; `nil` as well for what cannot be one.
  static func readKey(_ path: String) throws(EventLogError) -> [UInt8]? {
    do throws(EventLogError) { return try read(path, of: 0...4096) } catch {
      guard case .damaged = error else { throw error }
      return nil
    }
  }

  /// Opens a file to read it, and says how long it is; `nil` where there is none.
  ///
  /// - Throws: `.damaged` for what is no file of bytes.
  static func openFile(
    _ path: String
  ) throws(EventLogError) -> (descriptor: Int32, size: Int)? {
    // Opening a pipe would wait for somebody who writes to it.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT: return nil
      case ENXIO, ELOOP, ENOTDIR: throw .damaged("The file '\(name(path))'")
      default: throw failure("open \(name(path))")
      }
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let failure = failure("stat \(name(path))")
      close(descriptor)
      throw failure
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .damaged("The file '\(name(path))'")
    }
    return (descriptor, Int(status.st_size))
  }

  /// Writes a file of mode 0600 under a temporary name, syncs it, gives it its name, and syncs the folder.
  ///
  /// - Parameters:
  ///   - temporary: a name beside it that is nobody else's: what lies there is destroyed. `nil` for one that is so in a folder
  ///     of this library's own.
  ///   - syncing: false for what can be written again.
  static func write(
    _ bytes: [UInt8], to path: String, by temporary: String? = nil, syncing: Bool = true
  ) throws(EventLogError) {
    let temporary = temporary ?? path + ".new"
    let descriptor = try create(temporary)
    do throws(EventLogError) {
      defer { close(descriptor) }
      try write(bytes, to: descriptor, path, syncing: syncing)
      guard unsafe rename(temporary, path) == 0 else { throw failure("rename \(name(path))") }
    } catch {
      try? destroy(temporary)
      throw error
    }
    if syncing { try sync(folderOf: path) }
  }

  /// Makes an empty file of mode 0600 and opens it, once what a crash has left under its name is destroyed.
  ///
  /// Nothing is ever written to a file that was there, nor through a link.
  static func create(_ path: String) throws(EventLogError) -> Int32 {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    var descriptor = unsafe open(path, flags, 0o600)
    if descriptor < 0, errno == EEXIST {
      try destroy(path)
      descriptor = unsafe open(path, flags, 0o600)
    }
    guard descriptor >= 0 else { throw failure("create \(name(path))") }
    return descriptor
  }

  /// Makes a file and removes it again, to see whether one can be made.
  static func probe(_ path: String) throws(EventLogError) {
    close(try create(path))
    try remove(path)
  }

  /// Writes zeros over a file and syncs them, then removes it; of what is no file of bytes, as of a link, the name alone.
  ///
  /// What the disk keeps beneath is out of reach.
  static func destroy(_ path: String) throws(EventLogError) {
    let descriptor = unsafe open(path, toOverwrite)
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT: return
      case ELOOP, ENXIO, EISDIR: return try remove(path)
      default: throw failure("open \(name(path))")
      }
    }
    defer { close(descriptor) }
    try overwrite(descriptor, path)
    try remove(path)
  }

  /// Puts `bytes` in the place of a file that holds a secret, and writes zeros over what was there.
  ///
  /// - Parameter temporary: as for `write`.
  static func replace(
    _ path: String, with bytes: [UInt8], by temporary: String
  ) throws(EventLogError) {
    // Once the new file has the name, the old one is reached by nothing else.
    let former = unsafe open(path, toOverwrite)
    guard former >= 0 || errno == ENOENT else { throw failure("open \(name(path))") }
    defer { if former >= 0 { close(former) } }
    try write(bytes, to: path, by: temporary)
    if former >= 0 { try overwrite(former, path) }
  }

  /// Opens what lies under a name, and not what a link leads to, and waits for nobody.
  private static let toOverwrite = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC

  /// Writes zeros over an open file of bytes, and syncs them.
  private static func overwrite(_ descriptor: Int32, _ path: String) throws(EventLogError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure("stat \(name(path))") }
    guard status.st_mode & S_IFMT == S_IFREG else { return }
    try write([UInt8](repeating: 0, count: Int(status.st_size)), to: descriptor, path)
  }

  /// Removes a file if it is there, and syncs the folder.
  static func remove(_ path: String) throws(EventLogError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("remove \(name(path))") }
    try sync(folderOf: path)
  }

  /// Makes a folder of mode 0700 unless it is there.
  static func makeFolder(_ path: String) throws(EventLogError) {
    guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
      let place = path.split(separator: "/").suffix(2).joined(separator: "/")
      throw failure("make the folder \(place)")
    }
  }

  /// Makes a folder of mode 0700 that somebody has named, unless it is there.
  ///
  /// - Throws: `.invalid` where none can be made there, as where the folder is missing in which it is to lie, or another
  ///   file lies there.
  static func makeNamedFolder(_ path: String) throws(EventLogError) {
    guard unsafe mkdir(path, 0o700) != 0 else { return }
    let code = errno
    switch code {
    case EEXIST: try requireFolder(path)
    case ENOENT, ENOTDIR, EACCES, EPERM, EROFS, ENAMETOOLONG, ELOOP:
      throw .invalid(
        "The folder '\(path)' cannot be made (\(unsafe String(cString: strerror(code)))). Give one that lies in a folder "
          + "which is there, and which this program may write to.")
    default: throw failure("make the folder \(name(path))")
    }
  }

  /// Refuses what lies there and is no folder, nor leads to one.
  static func requireFolder(_ path: String) throws(EventLogError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .invalid("'\(path)' is no folder. Give one, or a path where there is nothing yet.")
    }
  }

  /// Makes the folders that a file is to lie in.
  static func makeFolders(of path: String) throws(EventLogError) {
    var prefix = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      prefix += part + "/"
      if !part.isEmpty, part != ".", part != ".." { try makeFolder(String(prefix.dropLast())) }
    }
  }

  /// Syncs the folder that a file lies in, so that its name is there after a power cut.
  static func sync(folderOf path: String) throws(EventLogError) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open \(name(folder))") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("sync \(name(folder))") }
  }

  /// Writes bytes to an open file.
  static func write(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String, syncing: Bool = true
  ) throws(EventLogError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write \(name(path))") }
      done += count
    }
    guard !syncing || fsync(descriptor) == 0 else { throw failure("sync \(name(path))") }
  }

  static func name(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  static func failure(_ operation: String) -> EventLogError {
    let code = errno
    if code == ENOSPC || code == EDQUOT { return .diskFull }
    let remedy =
      switch code {
      case ENOTDIR: ": move away the file that lies in the place of a folder"
      case EISDIR: ": move away the folder that lies in the place of a file"
      default: ""
      }
    return .storage(operation: operation, reason: unsafe String(cString: strerror(code)) + remedy)
  }
}
