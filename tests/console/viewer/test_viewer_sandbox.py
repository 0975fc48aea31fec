"""A hostile file costs one preview and a sentence; who takes a decoder over reaches nothing."""

from __future__ import annotations

import os
import platform
import socket
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.console.errors import FileProblem
from app.console.viewer import preview
from app.console.viewer.host import Machine
from app.console.viewer.preview import PreviewRequest
from app.console.viewer.previewable import Kind
from app.console.viewer.process import Running
from tests.console import samples
from tests.console.drawn import BARE, NOWHERE, PRELUDE, pages_of, stand_in, words_of
from tests.onion.process import until


@pytest.mark.parametrize("size", [(60_000, 60_000), (15_000, 10_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(machine: Machine, size: tuple[int, int]) -> None:
    head = struct.pack(">2I5B", *size, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 10_000)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    with pytest.raises(FileProblem, match="too large"):
        pages_of(machine, Kind.PICTURE, b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 20}">'
    for inner, name in zip("abcdef", "bcdefg", strict=True)
)
BOMBS = {
    "a part that unpacks to 70 MB": (lambda: "0" * 70_000_000, "too large"),
    "entities that grow": (
        lambda: f'<!DOCTYPE x [<!ENTITY a "{"a" * 999}">{LAUGHS}]><x>&g;</x>',
        "too large|damaged",
    ),
}


@pytest.mark.parametrize(("part", "said"), BOMBS.values(), ids=BOMBS.keys())
def test_a_text_that_grows_without_end_is_refused(
    machine: Machine, part: Callable[[], str], said: str
) -> None:
    with pytest.raises(FileProblem, match=said):
        words_of(machine, Kind.OFFICE, samples.zipped(word__document=part()))


IMPOSTORS = {
    "says nothing": "sys.stdout.buffer.write(b'QLPX' + bytes(24))",
    "says too little": "sys.stdout.buffer.write(b'QLPX' + struct.pack('>6I', 1, 1, 9, 9, 9, 9))",
    "says too much": "sys.stdout.buffer.write("
    "b'QLPX' + struct.pack('>6I', 1, 1, 1, 1, 1, 1) + bytes(9))",
    "too wide": "sys.stdout.buffer.write("
    "b'QLPX' + struct.pack('>6I', 1, 1, 300, 1, 1, 1) + bytes(900))",
    "too many": "one = struct.pack('>4I', 1, 1, 1, 1) + bytes(3); sys.stdout.buffer.write("
    "b'QLPX' + struct.pack('>2I', 9, 2) + one + one)",
    "endless": "sys.stdout.buffer.write(b'<html>' * 999999)",
    "crashes": "import ctypes; ctypes.string_at(0)",
}  # fmt: skip


@pytest.mark.parametrize("code", IMPOSTORS.values(), ids=IMPOSTORS.keys())
def test_a_decoder_that_was_taken_over_gets_nothing_through(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(preview, "CHILD", ("-c", f"import sys, struct\n{code}"))
    with pytest.raises(FileProblem, match="Do not open it elsewhere"):
        pages_of(machine, Kind.PICTURE, samples.picture("PNG"))


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_decoder_that_hangs_is_ended(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, sandbox: bool
) -> None:
    monkeypatch.setattr(preview, "CHILD", ("-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(preview, "WALL_SECONDS", 1)
    with pytest.raises(FileProblem, match="took too long"):
        pages_of(machine if sandbox else BARE, Kind.PICTURE, samples.picture("PNG"))


def test_locking_ends_what_is_at_work(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "CHILD", ("-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(preview, "WALL_SECONDS", 600)
    running = Running()
    begun = threading.Event()
    told = running.begun
    monkeypatch.setattr(Running, "begun", lambda self, pid: (told(pid), begun.set()), raising=True)
    stopper = threading.Thread(target=lambda: (begun.wait(), running.stop_all()))
    stopper.start()
    with pytest.raises(FileProblem, match="locked"):
        preview.sheets(machine, PreviewRequest(Kind.PICTURE), [b"x"], running, NOWHERE)
    stopper.join()


# Numbers on x86-64 and on arm64 (asm-generic/unistd.h) of calls that the C library has no name for.
_X86 = platform.machine() == "x86_64"
TGKILL, TKILL, RT_SIGQUEUEINFO = (234, 200, 129) if _X86 else (131, 130, 138)
PIDFD_SEND_SIGNAL = 424

# What code that runs in the decoder may try once the last rights are gone; each must fail.
ATTACKS = {
    "opens a file of the user's": "open('/root/.profile').read()",
    "writes a file": "open('/tmp/quietline-attack', 'w').write('x')",
    "connects": "socket.socket().connect(('127.0.0.1', 1))",
    "talks to a local service": "socket.socket(socket.AF_UNIX).connect('/run/x')",
    "forks": "os.fork() == 0 and os._exit(0)",
    "starts a program": "os.execv('/usr/bin/true', ['true'])",
    "takes all memory": "bytearray(8 * 1024**3)",
    "asks for new rights": "libc.unshare(0x10000000) == 0 or fail()",
    "looks into another process": "libc.ptrace(16, console, 0, 0) == 0 or fail()",
    "reads another process": "libc.process_vm_readv(console, 0, 0, 0, 0, 0) == 0 or fail()",
    "signals the console's thread": f"libc.syscall({TGKILL}, console, console, 0) == 0 or fail()",
    "signals any thread": f"libc.syscall({TKILL}, console, 0) == 0 or fail()",
    "signals the console": "os.kill(console, 0)",
    "signals its own group": "os.killpg(0, 0)",
    "queues a signal": f"libc.syscall({RT_SIGQUEUEINFO}, console, 0, 0) == 0 or fail()",
    "signals by a descriptor": f"libc.syscall({PIDFD_SEND_SIGNAL}, 0, 0, 0, 0) == 0 or fail()",
    "has a pipe signal the console": "fcntl.fcntl(0, fcntl.F_SETOWN, console)",
    "chooses the signal": "fcntl.fcntl(0, 10, 9)",
    "changes another's limits": "resource.prlimit(console, resource.RLIMIT_CPU)",
    "changes another's place": "os.sched_setaffinity(console, {0})",
    "makes another slow": "os.setpriority(os.PRIO_USER, 0, 19)",
    "looks where another runs": "os.sched_getaffinity(console)",
}


HELD_BY = ["limits and filter", "filter alone", "filter, reading"]
# Memory is held by the limit alone; what may be read, where reading is allowed, by the sandbox.
NOT_HELD = {("takes all memory", HELD_BY[1]), ("takes all memory", HELD_BY[2])}
NOT_HELD |= {("opens a file of the user's", HELD_BY[2])}


@pytest.mark.parametrize(
    ("name", "held_by"),
    [(name, held) for name in ATTACKS for held in HELD_BY if (name, held) not in NOT_HELD],
)
def test_code_in_the_decoder_can_do_nothing_useful(name: str, held_by: str) -> None:
    attack = ATTACKS[name]
    alone = "rights._limit = lambda *_: None\n" if held_by != "limits and filter" else ""
    reading = held_by == "filter, reading"
    code = (
        f"{PRELUDE}import fcntl, resource\n{alone}console = os.getppid()\n"
        f"rights.set_limits(converter=False)\n"
        f"assert rights.apply_seccomp({reading=})\n"
        f"try:\n    {attack}\nexcept (OSError, MemoryError):\n    os._exit(7)\nos._exit(0)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], check=False, capture_output=True)
    assert done.returncode == 7, done.stderr


@pytest.fixture
def listening() -> Iterator[tuple[int, list[object]]]:
    """Yield a service on this machine's loopback, and who has connected to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            try:
                came.append(server.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


# What a converter that was taken over may try. It makes a PDF only if it succeeds.
TAKEN_OVER = {
    "reads the vault": "Path({vault!r}).read_text()",
    "reads the home": "assert len(os.listdir({home!r})) > 2",
    "takes all memory": "bytearray(5 * 1024**3)",
    "reads the machine's settings": "Path('/etc/passwd').read_text()",
    "connects to this machine": "socket.create_connection(('127.0.0.1', {port}), 2)",
    "writes beside itself": "(here / 'attack').write_text('x')",
    "writes to the system": "Path('/usr/attack').write_text('x')",
    "writes to the root": "Path('/attack').write_text('x')",
    "fills the disk": "Path('/tmp/big').write_bytes(bytes(300 * 1024**2))",
    "mounts": "libc.mount(b'x', b'/tmp', b'tmpfs', 0, 0) == 0 or fail()",
    "makes walls of its own": "libc.unshare(0x10000000) == 0 or fail()",
    "sees other processes": "assert len([p for p in os.listdir('/proc') if p.isdigit()]) > 9",
    "crashes": "os.abort()",
    "fails": "sys.exit(1)",
}


@pytest.mark.parametrize("attack", TAKEN_OVER.values(), ids=TAKEN_OVER.keys())
def test_a_converter_that_was_taken_over_reaches_nothing(
    tmp_path: Path, listening: tuple[int, list[object]], attack: str
) -> None:
    port, came = listening
    secret = tmp_path / "vault" / "secret.txt"
    secret.parent.mkdir()
    secret.write_text("secret")
    ours = stand_in(tmp_path, attack.format(vault=str(secret), port=port, home=str(Path.home())))
    with pytest.raises(FileProblem, match="not what its name says"):
        pages_of(ours, Kind.OFFICE, samples.docx("x"))
    assert not came
    assert sorted(path.name for path in (tmp_path / "converter").iterdir()) == [
        "convert",
        "made.pdf",
    ]


def test_a_vault_inside_what_is_seen_is_covered(machine: Machine) -> None:
    inside = Path(sys.prefix) / "lib"
    sandbox = machine.sandbox(hide=inside)
    seen = subprocess.run([*sandbox, "/usr/bin/ls", str(inside)], capture_output=True, check=True)
    assert seen.stdout == b""


def test_a_converter_that_forks_and_hangs_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "CONVERTER_WALL_SECONDS", 3)
    mark = f"quietline-{os.getpid()}-{tmp_path.name}"
    forks = (
        "for _ in range(40):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        f"        os.execv('/usr/bin/sleep', ['{mark}', '600'])\n"
        "time.sleep(600)"
    )
    with pytest.raises(FileProblem, match="took too long"):
        pages_of(stand_in(tmp_path, forks), Kind.OFFICE, samples.docx("x"))
    # The kernel ends what is within the sandbox after bubblewrap itself is gone.
    until(120, "what the converter started goes on", lambda: not _running(mark))


def _running(mark: str) -> list[Path]:
    everything = Path("/proc").glob("[0-9]*/cmdline")
    return [path for path in everything if mark.encode() in _cmdline(path)]


def _cmdline(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
