"""Previews: pixels from another process; a hostile file costs one preview and a sentence."""

from __future__ import annotations

import io
import os
import socket
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from PIL import Image

from app.console.errors import FileProblem
from app.console.viewer import preview, viewing
from app.console.viewer.kinds import Kind, kind_of
from app.console.viewer.machine import Machine, look
from app.console.viewer.preview import BLURRED_SIDE, Running, Sheet, Wanted
from app.console.viewer.viewing import Viewing
from tests.console import samples
from tests.onion.process import until

NOWHERE = Path("/nowhere")
BARE = Machine(None, seccomp=False)
"""A machine on which nothing is installed."""


@pytest.fixture(scope="module")
def machine() -> Machine:
    found = look()
    assert found.bwrap, "bubblewrap is not installed, or may not work here"
    assert found.seccomp
    return found


def _sheets(
    machine: Machine, kind: Kind, data: bytes, side: int = 200, first: int = 0, count: int = 1
) -> tuple[int, list[Sheet]]:
    wanted = Wanted(kind, side=side, first=first, count=count)
    return preview.sheets(machine, wanted, [data], Running(), NOWHERE)


def _one(machine: Machine, kind: Kind, data: bytes, side: int = 200) -> Sheet:
    _, (sheet,) = _sheets(machine, kind, data, side)
    return sheet


def _seen(sheet: Sheet) -> Image.Image:
    with Image.open(io.BytesIO(sheet.png())) as shown:
        shown.load()
        assert shown.info == {}, "nothing of the original but pixels"
        return shown.copy()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_becomes_pixels(machine: Machine, form: str) -> None:
    sheet = _one(machine, Kind.PICTURE, samples.picture(form))
    assert _seen(sheet).size == (sheet.width, sheet.height) == (200, 150)
    assert sheet.original == (640, 480)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.PICTURE, samples.picture()),
        (Kind.DOCUMENT, samples.pdf("a")),
        (Kind.TEXT, b"Kitchen"),
    ],
)
def test_without_bubblewrap_what_needs_no_converter_is_shown_all_the_same(
    kind: Kind, data: bytes
) -> None:
    assert _one(BARE, kind, data).width > 0


@pytest.mark.parametrize("kind", [Kind.OFFICE, Kind.SOUND, Kind.FILM])
def test_without_a_converter_or_walls_for_it_nothing_is_run(machine: Machine, kind: Kind) -> None:
    for lacking in (
        BARE,
        Machine(machine.bwrap, seccomp=True, proc=True),
        Machine(None, seccomp=True, proc=True, converters={kind: "/usr/bin/true"}),
    ):
        with pytest.raises(FileProblem, match="nothing that shows"):
            _sheets(lacking, kind, samples.docx("x"))


def test_the_turn_of_a_phone_is_followed_and_the_place_is_left_out(machine: Machine) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "14 Example Lane"
    sheet = _one(machine, Kind.PICTURE, samples.picture(exif=exif))
    assert (sheet.width, sheet.height) == (150, 200)
    assert sheet.original == (480, 640)
    assert b"Example" not in sheet.png()


def test_a_blurred_picture_has_too_few_pixels_to_hurt(machine: Machine) -> None:
    sheet = _one(machine, Kind.PICTURE, samples.picture(size=(3000, 2000)), BLURRED_SIDE)
    assert sheet.width * sheet.height <= BLURRED_SIDE**2


def test_a_pdf_is_paged_through(machine: Machine) -> None:
    data = samples.pdf("one", "two", "three", "four", "five", "six")
    total, sheets = _sheets(machine, Kind.DOCUMENT, data, first=4, count=4)
    assert (total, len(sheets)) == (6, 2)
    page = _seen(sheets[0])
    assert page.size == (142, 200)
    assert page.getpixel((10, 190)) == (0, 0, 0), "the square at the foot of the page"
    assert page.getpixel((70, 100)) == (255, 255, 255)
    with pytest.raises(FileProblem, match="no such page"):
        _sheets(machine, Kind.DOCUMENT, data, first=6)


@pytest.mark.parametrize("text", ["أعمل في بيت عائلة", "עבודה בבית"])
def test_text_that_runs_to_the_left_begins_at_the_right(machine: Machine, text: str) -> None:
    page = _seen(_one(machine, Kind.TEXT, text.encode(), 1_600)).convert("L").point(_ink)
    left, _, right, _ = page.getbbox() or (0, 0, 0, 0)
    assert right > 1_000
    assert left > 500


@pytest.mark.parametrize("text", ["ยห", "Пж", "حم", "אב"])
def test_letters_of_other_scripts_are_no_boxes(machine: Machine, text: str) -> None:
    # A letter that no font has is the same box each time.
    drawn = [_one(machine, Kind.TEXT, f"{letter * 6}".encode(), 1_600).png() for letter in text]
    assert drawn[0] != drawn[1]


def test_a_long_text_has_pages(machine: Machine) -> None:
    total, sheets = _sheets(machine, Kind.TEXT, b"a line\n" * 100, first=1, count=4)
    assert total == 4
    assert len(sheets) == 3


@pytest.mark.parametrize("kind", [Kind.PICTURE, Kind.DOCUMENT, Kind.TEXT])
@pytest.mark.parametrize("data", [b"\0\1\2", b"\x7fELF\0\0\0", b"PK\3\4\0\0"])
def test_what_is_something_else_is_said_to_be(machine: Machine, kind: Kind, data: bytes) -> None:
    with pytest.raises(FileProblem, match="whatever its name says"):
        _sheets(machine, kind, data)


def test_a_broken_picture_costs_a_sentence(machine: Machine) -> None:
    with pytest.raises(FileProblem, match="could not be shown"):
        _sheets(machine, Kind.PICTURE, samples.picture()[:2000])
    with pytest.raises(FileProblem, match="could not be shown"):
        _sheets(machine, Kind.DOCUMENT, samples.pdf("a")[:300])


@pytest.mark.parametrize("size", [(60_000, 60_000), (15_000, 10_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(machine: Machine, size: tuple[int, int]) -> None:
    head = struct.pack(">2I5B", *size, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 10_000)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    with pytest.raises(FileProblem, match="too large"):
        _sheets(machine, Kind.PICTURE, b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def _words(machine: Machine, kind: Kind, data: bytes) -> str:
    return preview.words(machine, kind, [data], Running(), NOWHERE)


@pytest.mark.parametrize("text", ["São Paulo 555", "أعمل في بيت", "人口贩运", "หนังสือเดินทาง"])
def test_the_text_of_a_file_is_read(machine: Machine, text: str) -> None:
    assert _words(machine, Kind.DOCUMENT, samples.pdf("first", text)).split("\n")[1] == text
    assert _words(machine, Kind.OFFICE, samples.docx("first", text)).strip().split("\n") == [
        "first",
        text,
    ]
    assert _words(machine, Kind.TEXT, text.encode("utf-16")) == text


LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 20}">'
    for inner, name in zip("abcdef", "bcdefg", strict=True)
)
BOMBS = {
    "a part that unpacks to 70 MB": (samples.zipped(word__document="0" * 70_000_000), "too large"),
    "entities that grow": (
        samples.zipped(
            word__document=f'<!DOCTYPE x [<!ENTITY a "{"a" * 999}">{LAUGHS}]><x>&g;</x>'
        ),
        "too large|damaged",
    ),
}


@pytest.mark.parametrize(("bomb", "said"), BOMBS.values(), ids=BOMBS.keys())
def test_a_text_that_grows_without_end_is_refused(machine: Machine, bomb: bytes, said: str) -> None:
    with pytest.raises(FileProblem, match=said):
        _words(machine, Kind.OFFICE, bomb)


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
    with pytest.raises(FileProblem, match="harmed nothing"):
        _sheets(machine, Kind.PICTURE, samples.picture("PNG"))


@pytest.mark.parametrize("walls", [True, False])
def test_a_decoder_that_hangs_is_ended(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, walls: bool
) -> None:
    monkeypatch.setattr(preview, "CHILD", ("-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(preview, "WALL_SECONDS", 1)
    with pytest.raises(FileProblem, match="took too long"):
        _sheets(machine if walls else BARE, Kind.PICTURE, samples.picture("PNG"))


def test_locking_ends_what_is_at_work(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "CHILD", ("-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(preview, "WALL_SECONDS", 5)
    running = Running()
    begun = threading.Event()
    told = running.begun
    monkeypatch.setattr(Running, "begun", lambda self, pid: (told(pid), begun.set()), raising=True)
    stopper = threading.Thread(target=lambda: (begun.wait(), running.stop_all()))
    stopper.start()
    with pytest.raises(FileProblem, match="locked"):
        preview.sheets(machine, Wanted(Kind.PICTURE), [b"x"], running, NOWHERE)
    stopper.join()


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
    "looks into another process": "libc.ptrace(16, os.getppid(), 0, 0) == 0 or fail()",
}
PRELUDE = (
    "import ctypes, os, socket, subprocess, sys\n"
    "from app.console.viewer.child import rights\n"
    "libc = ctypes.CDLL(None)\n"
    "def fail(): raise OSError\n"
)


HELD_BY = ["limits and filter", "filter alone", "filter, reading"]
# Memory is held by the limit alone; what may be read, where reading is allowed, by the walls.
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
        f"{PRELUDE}{alone}rights.bound(converter=False)\nassert rights.only_compute({reading=})\n"
        f"try:\n    {attack}\nexcept (OSError, MemoryError):\n    os._exit(7)\nos._exit(0)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], check=False, capture_output=True)
    assert done.returncode == 7, done.stderr


@pytest.fixture
def listening() -> Iterator[tuple[int, list[object]]]:
    """A service on this machine's loopback, and who has connected to it."""
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


def _stand_in(tmp_path: Path, code: str, *, kind: Kind = Kind.OFFICE) -> Machine:
    """This machine with a converter that runs `code` and, if it ends well, makes a PDF."""
    found = look()
    folder = tmp_path / "converter"
    folder.mkdir()
    (folder / "made.pdf").write_bytes(samples.pdf("made"))
    program = folder / "convert"
    program.write_text(
        f"#!{sys.executable} -I\n{PRELUDE}import shutil, time\nfrom pathlib import Path\n"
        f"here = Path(__file__).parent\n{code}\n"
        "shutil.copy(here / 'made.pdf', '/tmp/file.pdf')\n"
    )
    program.chmod(0o755)
    return Machine(found.bwrap, seccomp=True, proc=True, converters={kind: str(program)})


def test_an_office_file_is_converted_and_drawn_inside_the_walls(tmp_path: Path) -> None:
    ours = _stand_in(
        tmp_path, "assert Path(sys.argv[-1]).read_bytes()[:2] == b'PK', 'the file is there'"
    )
    total, sheets = _sheets(ours, Kind.OFFICE, samples.docx("x"), count=4)
    assert total == len(sheets) == 1
    assert _seen(sheets[0]).getpixel((10, 190)) == (0, 0, 0)


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
    ours = _stand_in(tmp_path, attack.format(vault=str(secret), port=port, home=str(Path.home())))
    with pytest.raises(FileProblem, match="not an Office file"):
        _sheets(ours, Kind.OFFICE, samples.docx("x"))
    assert not came
    assert sorted(path.name for path in (tmp_path / "converter").iterdir()) == [
        "convert",
        "made.pdf",
    ]


def test_a_vault_inside_what_is_seen_is_covered(machine: Machine) -> None:
    inside = Path(sys.prefix) / "lib"
    walls = machine.walls(hide=inside)
    seen = subprocess.run([*walls, "/usr/bin/ls", str(inside)], capture_output=True, check=True)
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
        _sheets(_stand_in(tmp_path, forks), Kind.OFFICE, samples.docx("x"))
    # The kernel ends what is within the walls after bubblewrap itself is gone.
    until(120, "what the converter started goes on", lambda: not _running(mark))


def _running(mark: str) -> list[Path]:
    everything = Path("/proc").glob("[0-9]*/cmdline")
    return [path for path in everything if mark.encode() in _cmdline(path)]


def _cmdline(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


FRAME = "sys.stdout.buffer.write(b'P6 64 48 255\\n' + b'\\x20\\x40\\x80' * 64 * 48)"
FILM = (
    "told = '  Duration: 00:00:08.00, start\\n  Stream #0: Video: h264, yuv420p, 64x48, 25\\n'\n"
    f"{FRAME} if '-frames:v' in sys.argv else sys.stderr.write(told)\n"
    "sys.exit(0 if '-frames:v' in sys.argv else 1)"
)


def test_a_film_is_frames_spread_over_its_time(tmp_path: Path) -> None:
    ours = _stand_in(tmp_path, FILM, kind=Kind.FILM)
    total, sheets = _sheets(ours, Kind.FILM, b"film", first=11)
    assert total == 12
    assert _seen(sheets[0]).getpixel((5, 5)) == (0x20, 0x40, 0x80)
    assert sheets[0].original == (64, 48)


def test_a_recording_is_its_loudness_over_time(tmp_path: Path) -> None:
    # Two seconds of silence, then two of noise.
    loud = "sys.stdout.buffer.write(bytes(16000) + b'\\xff\\x7f\\x01\\x80' * 4000)\nsys.exit(0)"
    ours = _stand_in(tmp_path, loud, kind=Kind.SOUND)
    image = _seen(_one(ours, Kind.SOUND, samples.sound(), 1_600)).convert("L").point(_ink)
    heights = [(image.crop((x, 0, x + 1, 300)).getbbox() or (0, 0, 0, 0))[3] for x in (400, 1_200)]
    assert heights[0] < 170
    assert heights[1] > 280


@pytest.mark.anyio
async def test_previews_wait_in_a_queue_that_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, full = threading.Event(), threading.Barrier(viewing.AT_WORK + 1)
    at_work: list[int] = []
    most = 0

    def slow(*_: object) -> tuple[int, list[Sheet]]:
        nonlocal most
        at_work.append(1)
        most = max(most, len(at_work))
        if not gate.is_set():
            full.wait()
            gate.wait()
        at_work.pop()
        return 1, [Sheet(memoryview(b"abc"), 1, 1, (1, 1))]

    monkeypatch.setattr(preview, "sheets", slow)
    ours = Viewing(lambda: BARE)
    refused: list[str] = []
    room = viewing.AT_WORK + viewing.WAITING

    async def ask(number: int) -> None:
        try:
            await ours.sheet(str(number), Kind.PICTURE, list, side=9, number=0, hide=NOWHERE)
        except FileProblem as problem:
            refused.append(str(problem))
            await anyio.to_thread.run_sync(full.wait)
            gate.set()

    async with anyio.create_task_group() as group:
        for number in range(room + 1):
            group.start_soon(ask, number)
    assert len(refused) == 1
    assert "in a moment" in refused[0]
    assert most == viewing.AT_WORK


@pytest.mark.anyio
async def test_what_was_shown_is_forgotten_with_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    ours = Viewing(lambda: BARE)

    def sheets(*_: object) -> tuple[int, list[Sheet]]:
        made.append(1)
        if len(made) == 2:
            ours.forget()
        return 1, [Sheet(memoryview(b"abc"), 1, 1, (1, 1))]

    monkeypatch.setattr(preview, "sheets", sheets)
    for made_by_then in (1, 1):
        await ours.sheet("one", Kind.PICTURE, list, side=9, number=0, hide=NOWHERE)
        assert len(made) == made_by_then
    ours.forget()
    # The second is made while the console locks, so it is not kept either.
    for made_by_then in (2, 3):
        await ours.sheet("one", Kind.PICTURE, list, side=9, number=0, hide=NOWHERE)
        assert len(made) == made_by_then


def test_only_what_has_a_preview_and_a_bearable_size_is_tried() -> None:
    assert kind_of("image/jpeg", "a", 5_000_000) is Kind.PICTURE
    assert kind_of("image/svg+xml", "a.svg", 500) is None
    assert kind_of("application/pdf", "a", 500) is Kind.DOCUMENT
    assert kind_of("application/octet-stream", "a.DOCX", 500) is Kind.OFFICE
    assert kind_of("application/zip", "a.docx", 500) is None
    assert kind_of("image/jpeg", "a", 2 * 1024**3) is None


def _ink(level: int) -> int:
    return 255 if level < 128 else 0
