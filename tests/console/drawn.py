"""Previews made for the tests: by this machine, by a bare one, with a stand-in for a converter."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

from app.console.viewer import preview
from app.console.viewer.host import Machine, look
from app.console.viewer.preview import PreviewRequest, Sheet
from app.console.viewer.previewable import Kind
from app.console.viewer.process import Running
from tests.console import samples

NOWHERE = Path("/nowhere")
BARE = Machine(None, seccomp=False)
"""A machine on which nothing is installed."""
PRELUDE = (
    "import ctypes, os, socket, subprocess, sys\n"
    "from app.console.viewer.child import rights\n"
    "libc = ctypes.CDLL(None)\n"
    "def fail(): raise OSError\n"
)
"""What a stand-in's or an attacker's program begins with."""


def pages_of(
    machine: Machine, kind: Kind, data: bytes, side: int = 200, first: int = 0, count: int = 1
) -> tuple[int, list[Sheet]]:
    """How many sheets there are, and those that were asked for."""
    wanted = PreviewRequest(kind, side=side, first=first, count=count)
    drawn = preview.sheets(machine, wanted, [data], Running(), NOWHERE)
    return drawn.total, drawn.sheets


def first_sheet(machine: Machine, kind: Kind, data: bytes, side: int = 200) -> Sheet:
    """Return the first sheet alone."""
    _, (sheet,) = pages_of(machine, kind, data, side)
    return sheet


def seen_on(sheet: Sheet) -> Image.Image:
    """Return a sheet as whoever looks at it gets it."""
    with Image.open(io.BytesIO(sheet.png())) as shown:
        shown.load()
        assert shown.info == {}, "nothing of the original but pixels"
        return shown.copy()


def words_of(machine: Machine, kind: Kind, data: bytes) -> str:
    """Return what a file says."""
    return preview.words(machine, kind, [data], Running(), NOWHERE).text


def stand_in(tmp_path: Path, code: str, *, kind: Kind = Kind.OFFICE) -> Machine:
    """Return a machine with a converter that runs ``code`` and, if it ends well, makes a PDF."""
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


def ink(level: int) -> int:
    """Dark pixels white, all others black: what stands on a page, for its bounding box."""
    return 255 if level < 128 else 0
