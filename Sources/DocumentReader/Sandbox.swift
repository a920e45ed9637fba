import CSeccomp
import Glibc

/// What a worker may use up, and do, once documents of strangers come in.
enum Sandbox {
  /// Processor time for one document, in seconds.
  static let secondsPerDocument = 5
  /// Address space, in bytes.
  static let addressSpace: UInt = 1 << 30

  /// Takes away everything that reading documents does not need.
  ///
  /// - Returns: whether the kernel has taken the system-call filter; the other limits hold anyway.
  static func enter() -> Bool {
    limit(__rlimit_resource_t(RLIMIT_AS.rawValue), addressSpace)
    limit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), 0)
    limit(__rlimit_resource_t(RLIMIT_CORE.rawValue), 0)
    limit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), 64)
    limit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), 0)
    return filter()
  }

  /// Allows `secondsPerDocument` more of processor time than is used up by now.
  static func allowNextDocument() {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let used = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1
    var limits = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limits)
    limits.rlim_cur = rlim_t(used + secondsPerDocument)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limits)
  }

  private static func limit(_ resource: __rlimit_resource_t, _ value: UInt) {
    var limits = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
    unsafe setrlimit(resource, &limits)
  }

  /// Installs the allow-list: memory, reading files (poppler opens its tables lazily), the two pipes.
  private static func filter() -> Bool {
    // SCMP_ACT_KILL_PROCESS, a macro that Swift does not see.
    guard let context = unsafe seccomp_init(0x8000_0000) else { return false }
    defer { unsafe seccomp_release(context) }
    // Without this only the calling thread would be filtered.
    guard unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, 1) == 0 else { return false }
    for name in allowed {
      let number = unsafe seccomp_syscall_resolve_name(name)
      guard number >= 0, unsafe seccomp_rule_add_array(context, allow, number, 0, nil) == 0 else {
        continue
      }
    }
    var readOnly = scmp_arg_cmp(
      arg: 2, op: SCMP_CMP_MASKED_EQ, datum_a: UInt64(O_WRONLY | O_RDWR | O_CREAT | O_TRUNC),
      datum_b: 0)
    guard
      unsafe seccomp_rule_add_array(
        context, allow, seccomp_syscall_resolve_name("openat"), 1, &readOnly) == 0
    else { return false }
    return unsafe seccomp_load(context) == 0
  }

  private static let allow: UInt32 = 0x7FFF_0000

  private static let allowed = [
    "read", "write", "pread64", "lseek", "close", "fstat", "newfstatat", "stat", "mmap", "munmap",
    "mprotect", "mremap", "brk", "futex", "getdents64", "exit", "exit_group", "rt_sigreturn",
    "rt_sigprocmask", "rt_sigaction", "madvise", "getrandom", "clock_gettime", "gettid", "getpid",
    "tgkill", "readlink", "access", "sched_yield", "getrusage", "prlimit64", "getrlimit",
    "setrlimit", "sysinfo", "uname", "fcntl", "sigaltstack",
  ]
}
