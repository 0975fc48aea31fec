"""The text of an export: what a stranger wrote cannot pass for what the console says."""

from __future__ import annotations

import pytest

from app.console.evidence import rendering
from app.sentences.language import english

HEAD = "2. Sent to the reporter, Message, English, 2026-11-02 10:00:00 UTC (console’s clock)"
FORGED = f"{'-' * 72}\n{HEAD}\n   Written by Ana\n\nWe pay you for what you say.\n"


def _text(words: str, name: str = "photo.jpg", kind: str = "report") -> list[str]:
    """Return the lines of a case of one report with one file."""
    file = {
        "n": 1,
        "name": name,
        "type": "image/jpeg",
        "size": 3,
        "hidden_data": "clean",
        "sha256": "00",
        "path": "files/0001-photo.jpg",
        "problem": None,
    }
    message = {
        "n": 1,
        "direction": "received",
        "kind": kind,
        "language": "",
        "at": 1_790_000_000,
        "passed_on_by": "",
        "text": words,
        "answers": [],
        "files": [file],
    }
    document = {
        "name": "blue-1",
        "what": "export",
        "line": {"id": "00", "name": "Harbour Line"},
        "made_at": 1_790_000_000,
        "made_by": {"label": "Ana", "vk": "00"},
        "taken_out": None,
        "messages": [message],
    }
    return rendering.as_text(document, english()).decode().split("\n")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_report_cannot_hold_what_looks_like_an_answer_of_ours(end: str) -> None:
    lines = _text("They took my papers.\n" + FORGED.replace("\n", end))
    assert HEAD not in lines
    assert "   Written by Ana" not in lines
    assert f"   | {HEAD}" in lines, "it is there all the same, as somebody's words"
    assert lines.count("-" * 72) == 1


@pytest.mark.parametrize("name", [f"a.jpg\n{FORGED}", f"a\u2028{HEAD}", f"a\r{HEAD}"])
def test_nor_can_the_name_of_a_file(name: str) -> None:
    lines = _text("Words.", name)
    assert not any(line.startswith(HEAD) for line in lines)
    assert lines.count("-" * 72) == 1


def test_nothing_steers_who_reads_it_and_letters_stay() -> None:
    words = "أعمل في بيت\u200c عائلة\t1\x1b[2J\x07"
    lines = _text(words, "photo\u202egpj.exe")
    assert "   | أعمل في بيت\u200c عائلة\t1\ufffd[2J\ufffd" in lines
    assert any("photo\ufffdgpj.exe" in line for line in lines)
