"""Small files that would fill a phone's memory, and end the page with what was written in it."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reporter.films import box
from tests.reporter.office.office_parts import SPACES, package
from tests.reporter.office.word_parts import DOCX
from tests.reporter.weighing import MEMORY, weighed


def _docx(body: str) -> bytes:
    document = f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"
    return package("word/document.xml", DOCX | {"word/document.xml": document})


def _heic() -> bytes:
    """Return a phone's picture with 60 MB among its lists, which stand behind it."""
    data = (Path(__file__).parent / "files" / "phone.heic").read_bytes()
    at = data.index(b"meta") - 4
    end = at + int.from_bytes(data[at : at + 4], "big")
    meta = box(b"meta", data[at + 8 : end], box(b"idat", bytes([1]) * 60_000_000))
    return data[:at] + box(b"free", bytes(end - at - 8)) + data[end:] + meta


SWOLLEN: dict[str, Callable[[], bytes]] = {
    "marks": lambda: _docx("<w:p/>" * 20_000_000),
    "words": lambda: _docx(f"<w:p><w:r><w:t>{'x' * 180_000_000}</w:t></w:r></w:p>"),
    "attributes": lambda: _docx("<w:p " + "a='1' " * 9_000_000 + "/>"),
    "segments": lambda: b"\xff\xd8" + b"\xff\xdd\0\4\0\0" * 20_000_000 + b"\xff\xd9",
    "empty segments": lambda: b"\xff\xd8" + b"\xff\xfe\0\2" * 40_000_000 + b"\xff\xd9",
    "chunks": lambda: (
        b"RIFF" + struct.pack("<I", 120_000_004) + b"WEBP" + b"ALPH\0\0\0\0" * 15_000_000
    ),
    "pictures": lambda: b"GIF89a\1\0\1\0\0\0\0" + (b"," + bytes(8) + b"\0\2\0") * 10_000_000 + b";",
    "lists": _heic,
    "no sound": lambda: b"ID3\4\0\0\0\0\0\0" + b"\xff\xfb" * 80_000_000,
}
SECONDS = 30
"""On a machine that does other work meanwhile."""


@pytest.mark.parametrize("name", SWOLLEN)
def test_the_page_stays_whatever_file_is_chosen(name: str, tmp_path: Path) -> None:
    data = SWOLLEN[name]()
    began = time.monotonic()
    found, most = weighed(data, tmp_path)
    assert not found["cleaned"]
    assert most < MEMORY, "the page would be gone, with what was written"
    assert time.monotonic() - began < SECONDS
