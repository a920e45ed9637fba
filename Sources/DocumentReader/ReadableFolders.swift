import Glibc

/// The folders that a worker goes on reading in.
///
/// They hold tables of encodings, fonts and libraries, and what the kernel says of the worker itself: a document that took
/// it over finds no store there.
enum ReadableFolders {
  private static let paths = [
    "/usr/share", "/usr/local/share", "/usr/lib", "/usr/local/lib", "/lib", "/lib64", "/etc/fonts",
    "/var/cache/fontconfig", "/proc/self",
  ]

  /// The rights over files that the first version of Landlock knows, and those to read files and folders.
  private static let (all, reading): (UInt64, UInt64) = (0x1FFF, 0xC)
  /// The numbers of its system calls, which are those of every architecture.
  private static let (create, add, restrict) = (444, 445, 446)

  /// Whether the kernel can keep a process to folders: since 5.13 if Landlock is switched on (landlock(7)).
  static var areKept: Bool { unsafe call(create, 0, 0, 1) > 0 }

  /// Keeps this thread, and those that it starts, to the folders for good; without Landlock it changes nothing.
  static func keep() {
    var handled = all
    let rules = unsafe withUnsafePointer(to: &handled) {
      unsafe call(create, Int(bitPattern: $0), MemoryLayout<UInt64>.size, 0)
    }
    guard rules >= 0 else { return }
    defer { close(Int32(rules)) }
    for path in paths {
      let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard folder >= 0 else { continue }
      defer { close(folder) }
      // A structure without gaps: the rights, and the folder's descriptor.
      let rule =
        (0..<8).map { UInt8(truncatingIfNeeded: reading >> ($0 * 8)) } + Frame.header(Int(folder))
      _ = unsafe rule.withUnsafeBufferPointer {
        unsafe call(add, rules, 1, Int(bitPattern: $0.baseAddress))
      }
    }
    _ = unsafe call(restrict, rules, 0, 0)
  }

  /// Calls the kernel; the C library has no functions for this.
  @unsafe private static func call(_ number: Int, _ first: Int, _ second: Int, _ third: Int) -> Int
  {
    // syscall takes a variable number of arguments, which Swift does not import; it reads seven words.
    typealias Call = @convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int
    guard let symbol = unsafe dlsym(nil, "syscall") else { return -1 }
    return unsafe unsafeBitCast(symbol, to: Call.self)(number, first, second, third, 0, 0, 0)
  }
}
