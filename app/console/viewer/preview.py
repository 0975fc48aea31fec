"""Starts the process that reads a hostile file, bounds it, takes what it gives back.

Only two forms are taken: numbers and raw pixels, or a length and text; anything else is thrown
away. Not even the PNG is made by the process that read the file.
"""

import os
import signal
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.console.errors import FileProblem
from app.console.viewer.kinds import Kind
from app.console.viewer.machine import Machine

CHILD = ("-m", "app.console.viewer.child")
FULL_SIDE = 1_600
ZOOMED_SIDE = 3_200
BLURRED_SIDE = 20
"""A blurred sheet has so few pixels that nothing graphic is in it, whatever a style does."""

SHEETS_AT_ONCE = 4

WALL_SECONDS = 30
CONVERTER_WALL_SECONDS = 90
TEXT_BYTES = 4 * 200_000

_HEAD = struct.Struct(">4s2I")
_SHEET = struct.Struct(">4I")
_PIXELS, _WORDS = b"QLPX", b"QLTX"

_SENTENCES = {
    3: "This file is not {kind} that can be shown here, whatever its name says.",
    4: "This file is too large to be shown here: unpacked, it would fill this computer's memory.",
    6: "This computer has nothing that shows {kind}: the page Machine says what is missing.",
    7: "This file is under a password, so it cannot be shown here.",
    8: "This file has no such page.",
}
_FAILED = (
    "This file could not be shown. It is damaged or may be malicious. It was opened in a process "
    "of its own, which was stopped. Do not open it elsewhere."
)
_TOOK_TOO_LONG = (
    "This file took too long to be shown, so it was stopped. It is very large or may be malicious. "
    "Do not open it elsewhere."
)
_STOPPED = "The console was locked while this file was being opened."
_KINDS = {
    Kind.PICTURE: "a picture",
    Kind.DOCUMENT: "a PDF",
    Kind.TEXT: "a text",
    Kind.OFFICE: "an Office file",
    Kind.SOUND: "a recording",
    Kind.FILM: "a film",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, frame or picture as RGB, its size, and the original's size."""

    rgb: memoryview
    width: int
    height: int
    original: tuple[int, int]

    def png(self) -> bytes:
        """A PNG of these pixels, 8 bits each (PNG specification, 11.2), and nothing else in it."""
        stride = self.width * 3
        packed = zlib.compressobj(3)
        rows = [
            packed.compress(b"\0" + self.rgb[at : at + stride])
            for at in range(0, len(self.rgb), stride)
        ]
        head = struct.pack(">2I5B", self.width, self.height, 8, 2, 0, 0, 0)
        data = b"".join((*rows, packed.flush()))
        chunks = (
            struct.pack(">I", len(each)) + name + each + struct.pack(">I", zlib.crc32(name + each))
            for name, each in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a file: sheets, counted from 0, at most `side` pixels wide and high; or its
    words (`action` "read").
    """

    kind: Kind
    action: str = "show"
    side: int = FULL_SIDE
    first: int = 0
    count: int = 1


@dataclass(slots=True)
class Running:
    """The processes at work, so that all can be ended at once when the console locks."""

    _now: set[int] = field(default_factory=set)
    _stopped: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begun(self, pid: int) -> None:
        with self._lock:
            self._now.add(pid)

    def ended(self, pid: int) -> bool:
        """Whether it had been stopped from here."""
        with self._lock:
            self._now.discard(pid)
            stopped = pid in self._stopped
            self._stopped.discard(pid)
            return stopped

    def stop_all(self) -> None:
        with self._lock:
            for pid in self._now:
                _kill(pid)
            self._stopped |= self._now


def sheets(
    machine: Machine, wanted: Wanted, file: Iterable[bytes], running: Running, hide: Path
) -> tuple[int, list[Sheet]]:
    """How many sheets the file has, and those wanted, made elsewhere.

    `hide` is a folder that the process must not see (the vault's). Takes 0.2 to 90 s; raises
    FileProblem with a sentence for whoever asked to see it.
    """
    most = _HEAD.size + wanted.count * (_SHEET.size + wanted.side * wanted.side * 3)
    answer = memoryview(_answer(machine, wanted, file, running, hide, most))
    if len(answer) < _HEAD.size:
        raise FileProblem(_FAILED)
    magic, total, follow = _HEAD.unpack_from(answer)
    if magic != _PIXELS or not 0 < follow <= wanted.count or not 0 < total < 2**31:
        raise FileProblem(_FAILED)
    found, at = [], _HEAD.size
    for _ in range(follow):
        if len(answer) < at + _SHEET.size:
            raise FileProblem(_FAILED)
        width, height, *original = _SHEET.unpack_from(answer, at)
        at += _SHEET.size
        end = at + width * height * 3
        honest = 0 < width <= wanted.side and 0 < height <= wanted.side
        if not honest or len(answer) < end:
            raise FileProblem(_FAILED)
        found.append(Sheet(answer[at:end], width, height, (original[0], original[1])))
        at = end
    if at != len(answer):
        raise FileProblem(_FAILED)
    return total, found


def words(
    machine: Machine, kind: Kind, file: Iterable[bytes], running: Running, hide: Path
) -> str:  # fmt: skip
    """The text of a file, at most 200,000 characters, read elsewhere. Raises FileProblem."""
    answer = _answer(machine, Wanted(kind, "read"), file, running, hide, 8 + TEXT_BYTES)
    if answer[:4] != _WORDS or len(answer) < 8:
        raise FileProblem(_FAILED)
    (length,) = struct.unpack_from(">I", answer, 4)
    if length != len(answer) - 8:
        raise FileProblem(_FAILED)
    return answer[8:].decode("utf-8", "replace").replace("\0", "")


def _answer(
    machine: Machine,
    wanted: Wanted,
    file: Iterable[bytes],
    running: Running,
    hide: Path,
    most: int,
) -> bytes:
    """What the process says, if it ends well and says at most so many bytes."""
    converter = machine.converter(wanted.action, wanted.kind) or ""
    needed = wanted.kind in (Kind.OFFICE, Kind.SOUND, Kind.FILM) or wanted.action == "read"
    needed = needed and not (wanted.action == "read" and wanted.kind is not Kind.PICTURE)
    if needed and (not converter or machine.bwrap is None):
        raise FileProblem(_SENTENCES[6].format(kind=_KINDS[wanted.kind]))
    extra = [Path(converter).resolve().parent] if converter else []
    extra = [one for one in extra if not one.is_relative_to("/usr")]
    process = subprocess.Popen(
        [
            *machine.walls(*extra, hide=hide, proc=bool(converter) and wanted.kind is Kind.OFFICE),
            sys.executable,
            "-I",
            "-B",
            *CHILD,
            wanted.action,
            wanted.kind.value,
            str(wanted.side),
            str(wanted.first),
            str(wanted.count),
            converter,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
        cwd="/",
        close_fds=True,
        start_new_session=True,
    )
    late = threading.Event()

    def end_it() -> None:
        late.set()
        _kill(process.pid)

    with process:
        running.begun(process.pid)
        _first_to_go(process.pid)
        timer = threading.Timer(CONVERTER_WALL_SECONDS if needed else WALL_SECONDS, end_it)
        timer.start()
        feeder = threading.Thread(target=_feed, args=(process, iter(file)), daemon=True)
        feeder.start()
        try:
            answer = process.stdout.read(most + 1) if process.stdout else b""
            if len(answer) <= most:
                # Ended, but not yet taken away: its number is still its own, and its group's.
                _await_end(process)
        finally:
            timer.cancel()
            stopped = running.ended(process.pid)
            _kill(process.pid)
            feeder.join()
        code = process.wait()
    if code == 0 and len(answer) <= most:
        return answer
    if late.is_set():
        raise FileProblem(_TOOK_TOO_LONG)
    if stopped:
        raise FileProblem(_STOPPED)
    raise FileProblem(_SENTENCES.get(code, _FAILED).format(kind=_KINDS[wanted.kind]))


def _await_end(process: "subprocess.Popen[bytes]") -> None:
    if hasattr(os, "waitid"):
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    else:
        process.wait()  # macOS before Python 3.13


def _kill(pid: int) -> None:
    """Ends the process and all that it started: within walls they die with bubblewrap."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _first_to_go(pid: int) -> None:
    """Where memory runs out for all, the kernel ends this process before anybody's browser."""
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text("1000")


def _feed(process: "subprocess.Popen[bytes]", pieces: Iterator[bytes]) -> None:
    # A process that has seen enough closes its end; that is not an error here.
    if process.stdin is None:
        return
    with suppress(BrokenPipeError, FileProblem), process.stdin:
        for piece in pieces:
            process.stdin.write(piece)
