import Glibc
import LMDB

/// What a program does first that holds keys in its memory.
public enum Hardening {
  /// Forbids this process's core dumps, and reading its memory to other processes of the same user.
  ///
  /// A key in a core file would outlive the erasure that destroyed it.
  ///
  /// - Returns: whether both could be set.
  @discardableResult
  public static func apply() -> Bool {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    let limited = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
    let setDumpable: CInt = 4
    // prctl takes a variable number of arguments, which Swift does not import; it reads five words.
    typealias Control =
      @convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
    guard let symbol = unsafe dlsym(nil, "prctl") else { return false }
    let control = unsafe unsafeBitCast(symbol, to: Control.self)
    return control(setDumpable, 0, 0, 0, 0) == 0 && limited
  }

  /// Makes a page that is damaged beyond reading, of a log or of what is derived from it, end this process with
  /// `code` and one line on standard error: `prefix`, which file it is, and what to do.
  ///
  /// Without this such a page ends it by a signal, which is how a check's or a repair's own process tells of it.
  public static func endOnDamage(code: Int32, prefix: String) {
    DamagedMaps.endProcess(code: code, prefix: prefix)
  }
}
