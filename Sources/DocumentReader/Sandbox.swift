import CSeccomp
import Glibc

/// What a worker gives up before it touches the first document.
enum Sandbox {
  /// Lowers the limits of this process, and keeps it to the folders and the system calls that reading needs.
  ///
  /// - Parameter opensFiles: whether it goes on reading files that it has not opened yet.
  /// - Returns: whether the kernel took the filter; the other limits hold in any case.
  static func enter(_ limits: Limits, opensFiles: Bool = true) -> Bool {
    // A worker that may read nothing must live to say that it is ready.
    let documents = UInt64(max(limits.documentsPerWorker, 1))
    let seconds = UInt64(limits.processorMilliseconds) / 1000 + 1
    limit(RLIMIT_CPU, to: UInt64(clock() / CLOCKS_PER_SEC) + documents * seconds)
    limit(RLIMIT_AS, to: addressSpace() + UInt64(limits.memoryBytes))
    limit(RLIMIT_FSIZE, to: 0)
    limit(RLIMIT_CORE, to: 0)
    limit(RLIMIT_NOFILE, to: 32)
    limit(__RLIMIT_NPROC, to: 0)
    gainNoPrivileges()
    ReadableFolders.keep()
    return filterSystemCalls(opensFiles)
  }

  /// Lets no program that this process might start have more privileges than it has.
  ///
  /// The filter's library would do so as well, but only with the filter, which a kernel may refuse.
  private static func gainNoPrivileges() {
    let setNoNewPrivileges: CInt = 38
    // prctl takes a variable number of arguments, which Swift does not import; it reads five words.
    typealias Control =
      @convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
    guard let symbol = unsafe dlsym(nil, "prctl") else { return }
    _ = unsafe unsafeBitCast(symbol, to: Control.self)(setNoNewPrivileges, 1, 0, 0, 0)
  }

  private static func limit(_ resource: __rlimit_resource, to value: UInt64) {
    var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
    _ = unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
  }

  /// The address space in use, so that the limit is what documents may add to it.
  private static func addressSpace() -> UInt64 {
    guard let text = FileDigest.contents("/proc/self/statm", atMost: 256),
      let pages = String(decoding: text, as: UTF8.self).split(separator: " ").first,
      let count = UInt64(pages)
    else { return 1 << 30 }
    return count * UInt64(getpagesize())
  }

  /// Restarts the clock of processor time; when it runs out, the process ends by `SIGPROF`.
  static func allowProcessorTime(milliseconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = milliseconds / 1000
    timer.it_value.tv_usec = milliseconds % 1000 * 1000
    _ = unsafe setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
  }

  private static func filterSystemCalls(_ opensFiles: Bool) -> Bool {
    guard let filter = unsafe seccomp_init(SCMP_ACT_KILL_PROCESS) else { return false }
    defer { unsafe seccomp_release(filter) }
    guard unsafe seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 else { return false }
    for name in allowed {
      guard unsafe allow(name, if: nil, in: filter) else { return false }
    }
    // Poppler opens the tables of an encoding when a document first asks for it: reading stays allowed.
    let writing = UInt64(O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)
    let readOnly = scmp_arg_cmp(arg: 2, op: SCMP_CMP_MASKED_EQ, datum_a: writing, datum_b: 0)
    let terminal = scmp_arg_cmp(
      arg: 1, op: SCMP_CMP_EQ, datum_a: UInt64(TCGETS), datum_b: 0)
    for output: UInt64 in [1, 2] {
      let toOutput = scmp_arg_cmp(arg: 0, op: SCMP_CMP_EQ, datum_a: output, datum_b: 0)
      guard unsafe allow("write", if: toOutput, in: filter) else { return false }
    }
    if opensFiles {
      // Drawing has FreeType mark the files of fonts as its own.
      let marking = scmp_arg_cmp(
        arg: 1, op: SCMP_CMP_EQ, datum_a: UInt64(F_SETFD), datum_b: 0)
      guard unsafe allow("openat", if: readOnly, in: filter),
        unsafe allow("fcntl", if: marking, in: filter)
      else { return false }
    }
    guard unsafe allow("ioctl", if: terminal, in: filter) else { return false }
    // By it the C library ends a process that finds itself broken; no other process may have a signal.
    let toItself = scmp_arg_cmp(
      arg: 0, op: SCMP_CMP_EQ, datum_a: UInt64(getpid()), datum_b: 0)
    guard unsafe allow("tgkill", if: toItself, in: filter) else { return false }
    return unsafe seccomp_load(filter) == 0
  }

  @unsafe private static func allow(
    _ name: String, if condition: scmp_arg_cmp?, in filter: scmp_filter_ctx
  ) -> Bool {
    let number = unsafe seccomp_syscall_resolve_name(name)
    // A call that this machine's architecture does not have needs no permission.
    guard number >= 0 else { return true }
    guard let condition else {
      return unsafe seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 0, nil) == 0
    }
    var conditions = [condition]
    return unsafe seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &conditions) == 0
  }

  /// What poppler, MeCab, GLib and Swift's runtime call while they read.
  private static let allowed = [
    "read", "pread64", "lseek", "close", "fstat", "newfstatat", "statx", "mmap", "munmap",
    "mprotect", "mremap", "brk", "madvise", "futex", "getdents64", "exit", "exit_group",
    "rt_sigreturn", "rt_sigprocmask", "rt_sigaction", "getrandom", "clock_gettime", "gettid",
    "getpid", "readlink", "readlinkat", "access", "faccessat", "faccessat2",
    "sched_yield", "setitimer", "getrusage", "sysinfo", "sched_getaffinity", "getcwd", "uname",
    "fstatfs", "fadvise64",
  ]
}
