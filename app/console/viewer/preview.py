"""Has a process read a hostile file, within its bounds, and takes what it gives back.

Only three forms are taken: numbers and raw pixels, a length and text, or numbers and raw samples of
sound; anything else is thrown away. Not even the PNG is made by the process that read the file.
"""

import signal
import struct
import sys
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.console.errors import FileProblem, UnshownFile
from app.console.viewer import process
from app.console.viewer.child import rights
from app.console.viewer.host import Machine
from app.console.viewer.previewable import CONVERTED, Kind
from app.console.viewer.process import Ended, Running
from app.sentences.translatable import say

CHILD = ("-m", "app.console.viewer.child")
FULL_SIDE = 1_600
ZOOMED_SIDE = 3_200
BLURRED_SIDE = 20
"""A blurred sheet has so few pixels that nothing graphic is in it, whatever a style does."""

SHEETS_AT_ONCE = 4

SMALL_WALL_SECONDS = 10
WALL_SECONDS = 30
CONVERTER_WALL_SECONDS = 90
TEXT_BYTES = 4 * 200_000
PLAY_RATE = 16_000
PLAY_SECONDS = 240

_HEAD = struct.Struct(">4s2I")
_SHEET = struct.Struct(">4I")
_SAMPLES = struct.Struct(">4s4I")
_PIXELS, _WORDS, _SOUND = b"QLPX", b"QLTX", b"QLPM"

_NO_CONVERTER, _NO_SUCH_SHEET, _NO_SOUND = 6, 8, 9
_KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)
"""Without bubblewrap, and within."""

_NOT_ITS_FAULT = (_NO_CONVERTER, _NO_SUCH_SHEET, _NO_SOUND)
_SENTENCES = {
    3: say("This file is not what its name says, so it cannot be shown here."),
    4: say(
        "This file is too large to be shown here: unpacked, it would fill this computer's memory."
    ),
    _NO_CONVERTER: say(
        "Nothing here shows files of this kind: the page “This computer” says what is missing."
    ),
    7: say("This file is under a password, so it cannot be shown here."),
    _NO_SUCH_SHEET: say("This file has no such page."),
    _NO_SOUND: say("This film has no sound."),
}
_FAILED = say(
    "This file could not be shown. It is damaged or may be malicious. It was opened in a process "
    "of its own, which was stopped. Do not open it elsewhere."
)
_TOOK_TOO_LONG = say(
    "This file took too long to be shown, so it was stopped. It is very large or may be malicious. "
    "Do not open it elsewhere."
)
_STOPPED = say("The console was locked while this file was being opened.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, frame or picture as RGB, its size, and the original's size."""

    rgb: memoryview
    width: int
    height: int
    original: tuple[int, int]

    def png(self) -> bytes:
        """Return a PNG of these pixels, 8 bits each (PNG specification, 11.2), no more in it."""
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
class PreviewRequest:
    """What is wanted of a file.

    Sheets, counted from 0, at most ``side`` pixels wide and high; or its words (``action`` "read"),
    or a part of its sound ("play"), counted like sheets; of a text also what it says in another
    language ("translate"), and in which it is ("guess").
    """

    kind: Kind
    action: str = "show"
    side: int = FULL_SIDE
    first: int = 0
    count: int = 1

    @property
    def small(self) -> bool:
        """Whether it is a blurred sheet: it gets less time and memory."""
        return self.action == "show" and self.side <= BLURRED_SIDE


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many sheets the file has, those wanted, and how many seconds it took."""

    total: int
    sheets: list[Sheet]
    seconds: float


@dataclass(frozen=True, slots=True)
class Said:
    """A file's text, and how many seconds it took."""

    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A part of a recording: 16-bit samples, one channel, little-endian, PLAY_RATE a second.

    ``whole`` is how many seconds all of it has, 0.0 if it does not say; ``more`` whether another
    part follows.
    """

    pcm: bytes
    whole: float
    more: bool

    def wav(self) -> bytes:
        """Return a WAV file of these samples (RIFF, format 1), no more in it."""
        form = struct.pack("<4sI2H2I2H", b"fmt ", 16, 1, 1, PLAY_RATE, 2 * PLAY_RATE, 2, 16)
        data = struct.pack("<4sI", b"data", len(self.pcm))
        size = 4 + len(form) + len(data) + len(self.pcm)
        return struct.pack("<4sI4s", b"RIFF", size, b"WAVE") + form + data + self.pcm


def sheets(
    machine: Machine, wanted: PreviewRequest, file: Iterable[bytes], running: Running, hide: Path
) -> Drawn:
    """Return how many sheets the file has, and those wanted, made elsewhere.

    ``hide`` is a folder that the process must not see (the vault's). Takes 0.2 to 90 s; raises
    FileProblem with a sentence for whoever asked to see it, UnshownFile where the file is at fault.
    """
    most = _HEAD.size + wanted.count * (_SHEET.size + wanted.side * wanted.side * 3)
    ended = answer(machine, wanted, file, running, hide, most)
    try:
        total, found = _unpacked(memoryview(ended.said), wanted)
    except ValueError:
        raise UnshownFile(_FAILED, ended.seconds) from None
    return Drawn(total, found, ended.seconds)


def words(
    machine: Machine, kind: Kind, file: Iterable[bytes], running: Running, hide: Path
) -> Said:  # fmt: skip
    """Return the text of a file, at most 200,000 characters, read elsewhere.

    Raises FileProblem, UnshownFile where the file is at fault.
    """
    ended = answer(machine, PreviewRequest(kind, "read"), file, running, hide, 8 + TEXT_BYTES)
    said = ended.said
    if said[:4] != _WORDS or len(said) < 8 or int.from_bytes(said[4:8]) != len(said) - 8:
        raise UnshownFile(_FAILED, ended.seconds)
    return Said(said[8:].decode("utf-8", "replace").replace("\0", ""), ended.seconds)


def heard(
    machine: Machine,
    kind: Kind,
    part: int,
    file: Iterable[bytes],
    running: Running,
    hide: Path,
) -> Heard:
    """Return a part of a recording, or of a film's sound, counted from 0, decoded elsewhere.

    A part has PLAY_SECONDS.

    Raises FileProblem, UnshownFile where the file is at fault.
    """
    wanted = PreviewRequest(kind, "play", first=part)
    most = _SAMPLES.size + 2 * PLAY_RATE * PLAY_SECONDS
    ended = answer(machine, wanted, file, running, hide, most)
    said = ended.said
    try:
        magic, rate, whole, more, size = _SAMPLES.unpack_from(said)
    except struct.error:
        raise UnshownFile(_FAILED, ended.seconds) from None
    honest = magic == _SOUND and rate == PLAY_RATE and more in (0, 1) and size % 2 == 0
    if not honest or size != len(said) - _SAMPLES.size:
        raise UnshownFile(_FAILED, ended.seconds)
    return Heard(said[_SAMPLES.size :], whole / 1_000, bool(more))


def _unpacked(answer: memoryview, wanted: PreviewRequest) -> tuple[int, list[Sheet]]:
    """Read the answer's sheets. Raises ValueError for any other form."""
    if len(answer) < _HEAD.size:
        raise ValueError
    magic, total, follow = _HEAD.unpack_from(answer)
    if magic != _PIXELS or not 0 < follow <= wanted.count or not 0 < total < 2**31:
        raise ValueError
    found, at = [], _HEAD.size
    for _ in range(follow):
        if len(answer) < at + _SHEET.size:
            raise ValueError
        width, height, *original = _SHEET.unpack_from(answer, at)
        at += _SHEET.size
        end = at + width * height * 3
        honest = 0 < width <= wanted.side and 0 < height <= wanted.side
        if not honest or len(answer) < end:
            raise ValueError
        found.append(Sheet(answer[at:end], width, height, (original[0], original[1])))
        at = end
    if at != len(answer):
        raise ValueError
    return total, found


def answer(
    machine: Machine,
    wanted: PreviewRequest,
    file: Iterable[bytes],
    running: Running,
    hide: Path,
    most: int,
) -> Ended:
    """Return how the process ended that ended well, and said something, in so many bytes."""
    converter = machine.converter(wanted.action, wanted.kind) or ""
    needed = wanted.kind in CONVERTED or wanted.action == "read"
    needed = needed and not (wanted.action == "read" and wanted.kind is not Kind.PICTURE)
    if needed and (not converter or machine.bwrap is None):
        raise FileProblem(_SENTENCES[_NO_CONVERTER])
    extra = [Path(converter).resolve().parent] if converter else []
    extra = [one for one in extra if not one.is_relative_to("/usr")]
    arguments = (
        wanted.action,
        wanted.kind.value,
        wanted.side,
        wanted.first,
        wanted.count,
        converter,
    )
    ended = process.run(
        [
            *machine.sandbox(
                *extra, hide=hide, proc=bool(converter) and wanted.kind is Kind.OFFICE
            ),
            *(sys.executable, "-I", "-B", *CHILD),
            *map(str, arguments),
        ],
        file,
        most=most,
        patience=_patience(wanted, needed),
        running=running,
    )
    if ended.code == 0 and len(ended.said) <= most:
        return ended
    if ended.stopped:
        raise FileProblem(_STOPPED)
    killed = ended.code in _KILLED and ended.seconds >= _processor_seconds(wanted, needed)
    if ended.late or killed:
        raise UnshownFile(_TOOK_TOO_LONG, ended.seconds)
    said = _SENTENCES.get(ended.code, _FAILED)
    if ended.code in _NOT_ITS_FAULT:
        raise FileProblem(said)
    raise UnshownFile(said, ended.seconds)


def _patience(wanted: PreviewRequest, converter: bool) -> float:
    if converter:
        return CONVERTER_WALL_SECONDS
    return SMALL_WALL_SECONDS if wanted.small else WALL_SECONDS


def _processor_seconds(wanted: PreviewRequest, converter: bool) -> float:
    """Return how long a process may compute that the kernel ends for it."""
    if converter:
        return rights.CONVERTER_CPU_SECONDS
    return rights.SMALL_CPU_SECONDS if wanted.small else rights.CPU_SECONDS
