"""A case with everything that an export can hold, exported, and verified as a stranger does."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from app.client.parcel import Upload
from app.console.evidence import bundle, export_writer
from app.console.evidence.redaction import Redaction
from app.console.line import trusted_line
from app.console.vault import Vault
from app.console.web.case_views import case_name
from tests.console.running_line import Line, read

EVIL = "<script>alert('x')</script>\u2028</pre> \u202egpj.exe"


NAMES = (
    "../../../etc/passwd",
    "..\\..\\boot.exe",
    "C:\\CON",
    ".bashrc",
    "\u0635\u0648\u0631\u0629.jpg",
)


FILES = tuple(
    Upload(name, "image/jpeg", f"{place} Yusuf Aydin, plain".encode() * 900)
    for place, name in enumerate(NAMES)
)


async def a_case(line: Line, vault: Vault) -> str:
    await line.ready(vault)
    said = {
        "where": "Behind Kara\u0301n\u0303 mill",
        "danger_now": "yes",
        "signs": ["debt_bondage"],
    }
    reporter = await line.send(EVIL, files=FILES, answers=said)
    await line.send(
        "Yusuf  AYDIN took our papers. Call +44 7700-900 123.", reporter=reporter, kind="message"
    )
    await line.sync(vault)
    return read(vault)[0].case


def made(vault: Vault, case: str, out: Path, taking_out: Redaction | None = None) -> Path:
    known = trusted_line.load(vault)
    export_writer.to_folder(
        bundle.prepare(vault, known, case, case_name(case), 1_790_000_000, taking_out), out
    )
    return out


def made_names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith("never")]


def verified(folder: Path, line: Path | None = None) -> tuple[int, str]:
    """As a court's expert would: that file alone, without this program, in isolation."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder)]
        + (["--line", str(line)] if line else []),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def words_of(data: bytes) -> str:
    """Return what is written, in small letters, without what is random.

    That is keys, hashes and names in hex and base64: in so many random letters any short word turns
    up by chance.
    """
    low = data.decode("utf-8", "replace").lower()
    return re.sub(r"[0-9a-f]{16,}|[0-9a-z+/_-]{40,}=*", "", low)
