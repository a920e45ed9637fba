"""Runs a program, sees every call that it makes upon the files of its folder, and can make one of them fail.

A seccomp filter hands each such system call to this process before the kernel performs it (seccomp_unotify(2)): so the
calls of all threads come in one order, and a fault is done to exactly one of them. Needs libseccomp.
"""
import collections, ctypes, errno, fcntl, os, re, select, socket, struct, subprocess, time

# What the arguments of each call are: d a descriptor, p a path, a the folder that the path behind it begins at.
READING = dict(
    openat="ap", open="p", read="d", pread64="d", getdents64="d", mmap="....d", flock="d", fcntl="d", lseek="d",
    access="p", faccessat="ap", faccessat2="ap", stat="p", lstat="p", newfstatat="ap", fstat="d", statx="ap",
)
CHANGING = dict(
    pwrite64="d", pwritev="d", pwritev2="d", write="d", writev="d", sendfile="d", copy_file_range="..d", fsync="d",
    fdatasync="d", ftruncate="d", fallocate="d", rename="pp", renameat="apap", renameat2="apap", link="pp", linkat="apap",
    unlink="p", unlinkat="ap", rmdir="p", mkdir="p", mkdirat="ap",
)
ARGUMENTS = READING | CHANGING
# The commands of fcntl for locks, of a process and of an open file.
LOCKING = {fcntl.F_GETLK, fcntl.F_SETLK, fcntl.F_SETLKW, 36, 37, 38}

# struct seccomp_notif, struct seccomp_notif_resp, and the two requests of ioctl that take them.
NOTICE, ANSWER = struct.Struct("QIIiIQ6Q"), struct.Struct("QqiI")
RECEIVE, SEND = (3 << 30 | form.size << 16 | ord("!") << 8 | n for n, form in enumerate((NOTICE, ANSWER)))
ALLOW, NOTIFY, GO_ON = 0x7FFF0000, 0x7FC00000, 1

library = ctypes.CDLL("libseccomp.so.2")
library.seccomp_init.restype = ctypes.c_void_p
rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ALLOW)))
NAMES = {}
for name in ARGUMENTS:
    number = library.seccomp_syscall_resolve_name(name.encode())
    # Newer machines lack the older calls.
    if number >= 0 and library.seccomp_rule_add(rules, ctypes.c_uint32(NOTIFY), number, 0) == 0:
        NAMES[number] = name


def path(pid, address):
    found = b""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        while b"\0" not in found:
            memory.seek(address + len(found))
            # Not beyond the page: there need not be a next one.
            found += memory.read(4096 - (address + len(found)) % 4096)
    return os.fsdecode(found[: found.index(b"\0")])


def plain(path):
    """A path without what chance makes of it: sealed files are called by the digests of their ciphertexts."""
    return re.sub(r"documents/[0-9a-f]{2}\b", "documents/…", re.sub(r"\b[0-9a-f]{64}\b", "…", path))


def seen(folder, pid, name, arguments):
    """What a call does to which file, and whether it changes anything; `None` where the folder is not concerned."""
    paths, base = [], folder
    for kind, value in zip(ARGUMENTS[name], arguments):
        descriptor = ctypes.c_int32(value).value
        if kind == "d" and descriptor == 1 and name == "write":
            return "write the answer", True
        if kind in "ad":
            opened = os.readlink(f"/proc/{pid}/fd/{descriptor}") if descriptor >= 0 else folder if kind == "a" else "/"
        if kind == "a":
            base = opened
        elif kind == "d":
            paths.append(opened)
        elif kind == "p":
            # An empty path is the descriptor's own file.
            paths.append(os.path.normpath(os.path.join(base, path(pid, value) if value else "")))
    if not (paths[0] + "/").startswith(folder + "/") or name == "fcntl" and arguments[1] not in LOCKING:
        return None
    creates = name in ("open", "openat") and arguments[ARGUMENTS[name].index("p") + 1] & (os.O_CREAT | os.O_TRUNC)
    shown = " ".join(plain(os.path.relpath(path, folder)) for path in paths)
    return f"{name} {shown}", name in CHANGING or creates != 0


def faults(call, changes):
    """What can go wrong with a call, by name: the number of an error, or `None` for the end of the process."""
    if call.startswith(("flock", "fcntl")):
        return {"enolck": errno.ENOLCK}
    if call.startswith("mmap"):
        return {"enomem": errno.ENOMEM}
    # To be killed ahead of a call that only reads leaves what being killed ahead of the next change leaves.
    return {"kill": None, "eio": errno.EIO, "enospc": errno.ENOSPC} if changes else {"eio": errno.EIO}


class Run:
    """What came of a run: its exit code, `None` where it hung; the lines it wrote; and its calls, up to the fault."""

    def __init__(self, command, folder, at=None, fault=None, seconds=60):
        """Runs `command` in `folder`; `at`, a call and which of its kind, is where the fault is done."""
        self.calls, self.hit = [], False
        self.kinds = collections.Counter()
        self.folder, self.at, self.fault = os.path.realpath(folder), at, fault
        ours, theirs = socket.socketpair()

        def begin():
            library.seccomp_load(rules)
            socket.send_fds(theirs, [b"."], [library.seccomp_notify_fd(rules)])

        with ours, theirs:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, text=True, errors="replace", cwd=folder, preexec_fn=begin, close_fds=False)
            listener = socket.recv_fds(ours, 1, 1)[1][0]
        hangs = not self.supervise(listener, time.monotonic() + seconds)
        os.close(listener)
        output, _ = self.process.communicate()
        self.code, self.lines = (None, ["hangs"]) if hangs else (self.process.returncode, output.splitlines())

    def supervise(self, listener, end):
        """Answers until the program has ended; false when it had to be ended."""
        events = select.poll()
        events.register(listener, select.POLLIN)
        while True:
            ready = events.poll(max(0, end - time.monotonic()) * 1000)
            if not ready:
                self.process.kill()
                return False
            if not ready[0][1] & select.POLLIN:
                return True
            notice = bytearray(NOTICE.size)
            try:
                fcntl.ioctl(listener, RECEIVE, notice)
                identity, pid, _, number, _, _, *arguments = NOTICE.unpack(notice)
                error, flags = 0, GO_ON
                if not self.hit and self.takes(seen(self.folder, pid, NAMES[number], arguments)):
                    if self.fault is None:
                        self.process.kill()
                        continue
                    error, flags = -self.fault, 0
                fcntl.ioctl(listener, SEND, ANSWER.pack(identity, 0, error, flags))
            except (FileNotFoundError, ProcessLookupError):
                # It was killed meanwhile.
                continue

    def takes(self, call):
        """Counts a call, and says whether it is the one that the fault is for."""
        if call is None:
            return False
        self.kinds[call[0]] += 1
        self.calls.append((call[0], self.kinds[call[0]], call[1]))
        self.hit = self.calls[-1][:2] == self.at
        return self.hit
