import Foundation

/// Writes a program into a folder that runs another one where the kernel refuses seccomp(2).
///
/// It needs `canMount`: only who is root in a user namespace may filter a system call without giving privileges up, which
/// the other program is to do itself.
///
/// - Returns: its path.
public func withoutSeccomp(_ program: String, in folder: String) throws -> String {
  let refusing = """
    #!/usr/bin/python3
    import ctypes, errno, os, sys
    if "inside" not in sys.argv[1:2]:
        os.execv("/usr/bin/unshare", ["unshare", "--map-root-user", sys.argv[0], "inside"] + sys.argv[1:])
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    # SCMP_ACT_ALLOW, SCMP_FLTATR_CTL_NNP, SCMP_ACT_ERRNO.
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(0x7FFF0000)))
    refused = ctypes.c_uint32(0x00050000 | errno.EPERM)
    call = library.seccomp_syscall_resolve_name(b"seccomp")
    assert library.seccomp_attr_set(rules, 3, 0) == 0
    assert library.seccomp_rule_add(rules, refused, call, 0) == 0
    assert library.seccomp_load(rules) == 0
    os.execv("\(program)", ["\(program)"] + sys.argv[2:])
    """
  let path = folder + "/without-seccomp"
  try writeProgram(refusing, to: path)
  return path
}
