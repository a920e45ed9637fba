import CLMDB
import Glibc
import Synchronization

/// How a program ends that meets a damaged page: with a sentence and an exit code rather than by a signal.
///
/// LMDB 0.9 has no error for a page that contradicts itself; it ends the process by an assertion. Reading its map
/// where the file has no such page, or writing to it where a damaged page says that it may be written, ends it by
/// SIGBUS or SIGSEGV. Neither can be returned from, and neither hurts what was committed. What leads LMDB to addresses
/// outside of its map still ends the process by the signal.
public enum DamagedMaps {
  private struct Ending: Sendable {
    let code: Int32
    let prefix: String
  }

  private static let ending = Mutex<Ending?>(nil)
  /// The newest of the maps, as the bits of a pointer; the others hang on it.
  private static let newest = Atomic<UInt>(0)

  /// Makes damage to an environment that is opened from now on end this process with `code`, after one line
  /// on standard error: `prefix`, the file's path, and the environment's remedy.
  ///
  /// A signal for any other reason ends the process as it does by default.
  public static func endProcess(code: Int32, prefix: String) {
    ending.withLock { $0 = Ending(code: code, prefix: prefix) }
    for number in [SIGBUS, SIGSEGV] {
      var action = sigaction()
      // What runs here may be running anywhere: it takes no lock, allocates nothing, and looks at no table of Swift's.
      unsafe action.__sigaction_handler.sa_sigaction = { number, info, _ in
        let address = unsafe UInt(bitPattern: info?.pointee._sifields._sigfault.si_addr)
        if let map = unsafe DamagedMaps.map(holding: address) { unsafe map.pointee.endProcess() }
        // Once more, as if nobody had looked.
        signal(number, SIG_DFL)
        raise(number)
      }
      action.sa_flags = SA_SIGINFO
      unsafe sigaction(number, &action, nil)
    }
  }

  /// Notes an environment that has just been opened on the folder `path`.
  @unsafe static func insert(_ environment: OpaquePointer, path: String, remedy: String) {
    guard let ending = ending.withLock({ $0 }) else { return }
    let file = path + "/data.mdb"
    let range = addresses(of: file) ?? 0..<0
    let text = Array(
      "\(ending.prefix)The file '\(file)' is torn or damaged, and cannot be read on. \(remedy)\n"
        .utf8)
    let map = UnsafeMutablePointer<Map>.allocate(capacity: 1)
    unsafe map.initialize(
      to: Map(
        code: ending.code, text: .allocate(capacity: text.count), start: range.lowerBound,
        end: Atomic(range.upperBound), older: newest.load(ordering: .acquiring)))
    _ = unsafe map.pointee.text.initialize(from: text)
    _ = unsafe mdb_env_set_userctx(environment, map)
    _ = unsafe mdb_env_set_assert(environment) { environment, _ in
      let map = unsafe mdb_env_get_userctx(environment)?.assumingMemoryBound(to: Map.self)
      unsafe map?.pointee.endProcess()
    }
    // Environments are opened one after another, and rarely; one that came between would only be told of less.
    newest.store(UInt(bitPattern: map), ordering: .releasing)
  }

  /// Closes an environment, whose addresses may then hold anything else.
  @unsafe static func close(_ environment: OpaquePointer) {
    let map = unsafe mdb_env_get_userctx(environment)?.assumingMemoryBound(to: Map.self)
    unsafe map?.pointee.end.store(0, ordering: .releasing)
    unsafe mdb_env_close(environment)
  }

  /// The open map that an address lies in.
  @unsafe private static func map(holding address: UInt) -> UnsafeMutablePointer<Map>? {
    var next = unsafe UnsafeMutablePointer<Map>(bitPattern: newest.load(ordering: .acquiring))
    while let map = unsafe next {
      if unsafe map.pointee.start <= address,
        unsafe address < map.pointee.end.load(ordering: .acquiring)
      {
        return unsafe map
      }
      unsafe next = UnsafeMutablePointer<Map>(bitPattern: map.pointee.older)
    }
    return nil
  }

  /// Where a file is mapped, as proc(5) tells: LMDB does not.
  private static func addresses(of file: String) -> Range<UInt>? {
    guard let resolved = unsafe realpath(file, nil) else { return nil }
    defer { unsafe free(resolved) }
    let path = unsafe String(cString: resolved)
    for line in lines(of: "/proc/self/maps") where line.hasSuffix(path) {
      let fields = line.split(separator: " ", maxSplits: 5)
      guard fields.count == 6, fields[5].drop(while: { $0 == " " }) == path else { continue }
      let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      if ends.count == 2, ends[0] <= ends[1] { return ends[0]..<ends[1] }
    }
    return nil
  }

  private static func lines(of path: String) -> [Substring] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { Glibc.close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }
}

/// What a signal's handler is to find of an environment: made once, and never freed.
@safe private struct Map: ~Copyable {
  let code: Int32
  let text: UnsafeMutableBufferPointer<UInt8>
  let start: UInt
  /// Zero once the environment is closed.
  let end: Atomic<UInt>
  /// The map that was opened before, as the bits of a pointer.
  let older: UInt

  func endProcess() -> Never {
    _ = unsafe write(STDERR_FILENO, text.baseAddress, text.count)
    _exit(code)
  }
}
