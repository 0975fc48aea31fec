"""What the process takes away from itself. What a kernel refuses to take stays with the sandbox.

    set_limits     before a byte is read: limits, no network, no new rights; dies with the console
    apply_seccomp  before bytes are decoded in this process: no system call but for memory, time and
                   the open pipes; reading system files where the sandbox leaves only system files
    deny_network   before a converter is started: no call by which a process reaches out of itself

System calls are held by libseccomp, through ctypes: it knows the numbers of every architecture.
"""

import ctypes
import errno
import resource
import signal
import sys
from contextlib import suppress

CPU_SECONDS = 20
MEMORY_BYTES = 2 * 1024**3
SMALL_CPU_SECONDS = 3
SMALL_MEMORY_BYTES = 512 * 1024**2
"""For what is opened before the investigator asks, to be a few blurred pixels."""

CONVERTER_CPU_SECONDS = 60
CONVERTER_MEMORY_BYTES = 4 * 1024**3
CONVERTER_FILE_BYTES = 256 * 1024**2
CONVERTER_PROCESSES = 128
CONVERTER_OPEN_FILES = 256

CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x8000000, 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38

AF_UNIX = 1
O_ACCMODE, O_CREAT = 0o3, 0o100
SCMP_ACT_ALLOW, SCMP_ACT_ERRNO = 0x7FFF0000, 0x00050000
SCMP_CMP_NE, SCMP_CMP_EQ, SCMP_CMP_MASKED_EQ = 1, 4, 7
F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC = 1, 2, 3, 1030

COMPUTING = (
    *("read", "write", "readv", "writev", "close", "lseek", "fstat"),
    *("mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "membarrier"),
    *("futex", "set_robust_list", "rseq", "sched_yield"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time"),
    *("getrandom", "getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "uname"),
    *("exit", "exit_group", "sysinfo"),
)
"""No call that signals: without the sandbox, the console is a process of the same user."""

READING = ("newfstatat", "fstatat64", "stat", "lstat", "statx", "readlink", "readlinkat",
           "getdents64", "access", "faccessat", "faccessat2", "pread64")  # fmt: skip
DESCRIPTORS = (F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC)
"""What fcntl may be asked: by F_SETOWN and F_SETSIG a pipe signals whomever it is told to."""

REACHING_OUT = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease"),
    *("pidfd_getfd", "pidfd_send_signal", "kcmp", "perf_event_open"),
    *("mount", "umount2", "pivot_root", "chroot", "fsopen", "fsmount", "fsconfig", "move_mount"),
    *("open_tree", "mount_setattr", "open_by_handle_at", "name_to_handle_at", "unshare", "setns"),
    *("bpf", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("add_key", "request_key", "keyctl", "init_module", "finit_module", "delete_module"),
    *("kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "syslog", "quotactl"),
    *("iopl", "ioperm", "modify_ldt", "personality", "settimeofday", "clock_settime", "adjtimex"),
    *("fanotify_init", "move_pages", "migrate_pages", "mbind", "set_mempolicy", "vhangup"),
)


class _Compared(ctypes.Structure):
    """struct scmp_arg_cmp (seccomp.h)."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


def set_limits(*, converter: bool, small: bool = False) -> None:
    """Limit memory, processor time, files and processes; no network.

    Less of all for a ``small`` picture that was not asked for. No limit of processes binds root:
    that is the filter's part.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        # A network namespace without any interface: no address can be reached from here.
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) != 0:
            libc.unshare(CLONE_NEWNET)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    _limit(resource.RLIMIT_CORE, 0)
    seconds, memory = CPU_SECONDS, MEMORY_BYTES
    if converter:
        seconds, memory = CONVERTER_CPU_SECONDS, CONVERTER_MEMORY_BYTES
    elif small:
        seconds, memory = SMALL_CPU_SECONDS, SMALL_MEMORY_BYTES
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, CONVERTER_FILE_BYTES if converter else 0)
    _limit(resource.RLIMIT_NPROC, CONVERTER_PROCESSES if converter else 0)
    if converter:
        _limit(resource.RLIMIT_NOFILE, CONVERTER_OPEN_FILES)


def apply_seccomp(*, reading: bool) -> bool:
    """Allow no call but COMPUTING, and with ``reading`` opening what is there to read.

    Returns whether the kernel holds it. Without, no further file or socket can be opened all the
    same.
    """
    with _Filter(SCMP_ACT_ERRNO | errno.EPERM) as rules:
        _limit(resource.RLIMIT_FSIZE, 0)
        _limit(resource.RLIMIT_NPROC, 0)
        if not reading:
            # From here on no file or socket can be opened, nor a library loaded.
            _limit(resource.RLIMIT_NOFILE, 3)
        for name in COMPUTING + (READING if reading else ()):
            rules.add(SCMP_ACT_ALLOW, name)
        rules.add(SCMP_ACT_ALLOW, "sched_getaffinity", _Compared(0, SCMP_CMP_EQ, 0, 0))
        if reading:
            for command in DESCRIPTORS:
                rules.add(SCMP_ACT_ALLOW, "fcntl", _Compared(1, SCMP_CMP_EQ, command, 0))
            only_to_read = _Compared(2, SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT, 0)
            rules.add(SCMP_ACT_ALLOW, "openat", only_to_read)
        return rules.load()


def deny_network() -> bool:
    """Deny this process and all that it starts REACHING_OUT, and sockets but between them."""
    with _Filter(SCMP_ACT_ALLOW) as rules:
        for name in REACHING_OUT:
            rules.add(SCMP_ACT_ERRNO | errno.EPERM, name)
        rules.add(SCMP_ACT_ERRNO | errno.EPERM, "socket", _Compared(0, SCMP_CMP_NE, AF_UNIX, 0))
        inside = _Compared(0, SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER)
        rules.add(SCMP_ACT_ERRNO | errno.EPERM, "clone", inside)
        # Its flags lie in memory, where no filter looks; the C library then takes clone.
        rules.add(SCMP_ACT_ERRNO | errno.ENOSYS, "clone3")
        return rules.load()


def _limit(which: int, value: int) -> None:
    with suppress(OSError, ValueError):
        resource.setrlimit(which, (value, value))


class _Filter:
    """A libseccomp filter; where there is no libseccomp, one that holds nothing."""

    def __init__(self, otherwise: int) -> None:
        try:
            self._lib = ctypes.CDLL("libseccomp.so.2")
        except OSError:
            self._context = None
            return
        self._lib.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._lib.seccomp_init(ctypes.c_uint32(otherwise)))

    def __enter__(self) -> "_Filter":
        return self

    def __exit__(self, *_: object) -> None:
        if self._context is not None:
            self._lib.seccomp_release(self._context)

    def add(self, action: int, name: str, *compared: _Compared) -> None:
        if self._context is None:
            return
        number = self._lib.seccomp_syscall_resolve_name(name.encode())
        # Below zero: a call that this architecture does not have.
        if number >= 0:
            rules = (_Compared * len(compared))(*compared)
            self._lib.seccomp_rule_add_array(
                self._context, ctypes.c_uint32(action), number, len(compared), rules
            )

    def load(self) -> bool:
        return self._context is not None and self._lib.seccomp_load(self._context) == 0
