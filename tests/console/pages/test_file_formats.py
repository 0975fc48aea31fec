"""What a format is called under a file: by the name people use, and never in a sender's words."""

from __future__ import annotations

import re

import pytest

from app.protocol import bodies
from app.protocol.encoding import b64u
from tests.console.browser import opened
from tests.console.cases.test_danger import somebody, tell
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio

UNKNOWN = "Unknown format"
WAITS = " · 9 bytes · Being fetched, 0 of 1 parts"
CALLED = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word (DOCX)",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel (XLSX)",
    "image/jpeg": "JPEG",
    "IMAGE/JPEG": "JPEG",
    "audio/ogg": "OGG",
    "audio/ogg; codecs=opus": "OGG",
    "audio/mpeg": "MP3",
    "video/mp4": "MP4",
    "text/plain": "TXT",
    "application/x-blender": "application/x-blender",
    "application/octet-stream": UNKNOWN,
    # What the line goes on to say is the console's word: a sender neither turns it round nor says
    # it first.
    "\u202eFDP x": UNKNOWN,
    "PDF · 2 MB · Here, unchanged since the reporter chose it": UNKNOWN,
    "application/pdf\u202e": UNKNOWN,
    "\u0645\u0633\u062a\u0646\u062f": UNKNOWN,
}


def _described(type_: str) -> dict[str, object]:
    said: dict[str, object] = {"name": "a", "type": type_, "size": 9, "chunks": 1}
    return said | {"key": b64u(bytes(32)), "tree": "0" * 64, "metadata": "clean"}


async def test_formats_have_the_names_that_people_use_and_no_sender_writes_the_console_s_words(
    still: Line,
) -> None:
    fields = {"text": "See.", "lang": "en", "desks": ["support"], "answers": {}}
    files = [_described(one) for one in CALLED]
    raw = bodies.write_body("report", "1" * 32, fields | {"files": files})
    async with opened(still) as browser:
        case = tell(browser.console.vault, somebody(), still.now, raw)
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
    lines = re.findall(r'<div class="file-text">.*?<p class="quiet">(.*?)</p>', page, re.DOTALL)
    found = [re.sub("<[^>]+>", "", one).removesuffix(WAITS) for one in lines]
    assert dict(zip(CALLED, found, strict=True)) == CALLED
    assert "\u202e" not in page
