import CLMDB
import Glibc
import Synchronization

/// How a program ends that meets a damaged page: with a sentence and an exit code rather than by a signal.
///
/// LMDB 0.9 has no error for a page that contradicts itself; it ends the process by an assertion, or follows it to
/// an address that is none: in its map where the file has no such page, or outside of it. None of these can be returned
/// from, and none hurts what was committed.
public enum DamagedMaps {
  private struct Ending: Sendable {
    let code: Int32
    let prefix: String
  }

  private static let ending = Mutex<Ending?>(nil)
  /// The newest of the maps, as the bits of a pointer; the others hang on it.
  private static let newest = Atomic<UInt>(0)
  /// What was to be done at each of the two signals before, as the bits of a pointer.
  private static let formerly = Atomic<UInt>(0)
  /// Where LMDB's instructions lie.
  private static let start = Atomic<UInt>(0)
  private static let end = Atomic<UInt>(0)

  /// Makes damage to an environment that is opened from now on end this process with `code`, after one line
  /// on standard error: `prefix`, the file's path, and the environment's remedy.
  ///
  /// A signal for any other reason does what it did before.
  public static func endProcess(code: Int32, prefix: String) {
    ending.withLock { ending in
      let isFirst = ending == nil
      ending = Ending(code: code, prefix: prefix)
      guard isFirst else { return }
      let code = instructions()
      start.store(code.lowerBound, ordering: .relaxed)
      end.store(code.upperBound, ordering: .relaxed)
      newest.store(0, ordering: .relaxed)
      let former = UnsafeMutablePointer<sigaction>.allocate(capacity: 2)
      unsafe former.initialize(repeating: sigaction(), count: 2)
      formerly.store(UInt(bitPattern: former), ordering: .releasing)
      for (index, number) in [SIGBUS, SIGSEGV].enumerated() {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_sigaction = { number, info, context in
          unsafe DamagedMaps.handle(number, info, context)
        }
        action.sa_flags = SA_SIGINFO
        unsafe sigaction(number, &action, former + index)
      }
    }
  }

  /// What runs here may be running anywhere: it takes no lock, allocates nothing, and looks at no table of Swift's.
  @unsafe private static func handle(
    _ number: Int32, _ info: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?
  ) {
    // A positive code is the kernel's: the instruction has failed, and nobody has sent the signal.
    let isFault = unsafe (info?.pointee.si_code ?? 0) > 0
    if isFault {
      let address = unsafe UInt(bitPattern: info?.pointee._sifields._sigfault.si_addr)
      if let map = unsafe map(holding: address) { unsafe map.pointee.endProcess() }
      if let place = unsafe FaultPlace(context),
        isInstruction(place.instruction) || isInstruction(place.caller),
        let map = unsafe map(inUseAt: place)
      {
        unsafe map.pointee.endProcess()
      }
    }
    let former = unsafe UnsafeMutablePointer<sigaction>(
      bitPattern: formerly.load(ordering: .acquiring))
    if let former = unsafe former {
      unsafe sigaction(number, former + (number == SIGBUS ? 0 : 1), nil)
    }
    // The instruction is tried once more as if nobody had looked; what was sent is sent again.
    if !isFault { raise(number) }
  }

  /// Notes an environment that has just been opened on the folder `path`.
  @unsafe static func insert(_ environment: OpaquePointer, _ settings: Settings) {
    ending.withLock { ending in
      guard let ending else { return }
      let file = settings.path + "/data.mdb"
      let range = addresses(of: file) ?? 0..<0
      let text = Array(
        "\(ending.prefix)The file '\(file)' is torn or damaged, and cannot be read on. \(settings.remedy)\n"
          .utf8)
      let map = UnsafeMutablePointer<Map>.allocate(capacity: 1)
      unsafe map.initialize(
        to: Map(
          code: ending.code, text: .allocate(capacity: text.count), lossMark: settings.lossMark,
          start: range.lowerBound, end: Atomic(range.upperBound),
          older: newest.load(ordering: .acquiring)))
      _ = unsafe map.pointee.text.initialize(from: text)
      _ = unsafe mdb_env_set_userctx(environment, map)
      _ = unsafe mdb_env_set_assert(environment) { environment, _ in
        let map = unsafe mdb_env_get_userctx(environment)?.assumingMemoryBound(to: Map.self)
        unsafe map?.pointee.endProcess()
      }
      newest.store(UInt(bitPattern: map), ordering: .releasing)
    }
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

  /// The open map that LMDB was reading: the one that what it had at hand leads into, else the one opened first.
  @unsafe private static func map(inUseAt place: FaultPlace) -> UnsafeMutablePointer<Map>? {
    for index in 0..<FaultPlace.words {
      if let map = unsafe map(holding: place.word(index)) { return unsafe map }
    }
    var first: UnsafeMutablePointer<Map>?
    var next = unsafe UnsafeMutablePointer<Map>(bitPattern: newest.load(ordering: .acquiring))
    while let map = unsafe next {
      if unsafe map.pointee.end.load(ordering: .acquiring) > 0 { unsafe first = unsafe map }
      unsafe next = UnsafeMutablePointer<Map>(bitPattern: map.pointee.older)
    }
    return unsafe first
  }

  private static func isInstruction(_ address: UInt) -> Bool {
    start.load(ordering: .relaxed) <= address && address < end.load(ordering: .relaxed)
  }

  /// Where the code of LMDB's library is mapped; nowhere, where it is part of the program.
  private static func instructions() -> Range<UInt> {
    let (known, own) = unsafe (
      UInt(bitPattern: dlsym(nil, "mdb_env_open")), UInt(bitPattern: dlsym(nil, "main"))
    )
    let code = MappedFile.all.first { $0.isCode && $0.addresses.contains(known) }?.addresses
    guard let code, !code.contains(own) else { return 0..<0 }
    return code
  }

  /// Where a file is mapped: LMDB does not tell.
  private static func addresses(of file: String) -> Range<UInt>? {
    guard let resolved = unsafe realpath(file, nil) else { return nil }
    defer { unsafe free(resolved) }
    let path = unsafe String(cString: resolved)
    return MappedFile.all.first { $0.path == path }?.addresses
  }
}

/// What a signal's handler is to find of an environment: made once, and never freed.
@safe private struct Map: ~Copyable {
  let code: Int32
  let text: UnsafeMutableBufferPointer<UInt8>
  let lossMark: LossMark?
  let start: UInt
  /// Zero once the environment is closed.
  let end: Atomic<UInt>
  /// The map that was opened before, as the bits of a pointer.
  let older: UInt

  func endProcess() -> Never {
    lossMark?.write()
    _ = unsafe write(STDERR_FILENO, text.baseAddress, text.count)
    _exit(code)
  }
}
