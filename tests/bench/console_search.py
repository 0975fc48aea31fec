"""Search in the console over 1,000, 10,000 and 100,000 messages."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from app.console.search import query
from app.console.vault import Vault
from app.console.vault.search import finding
from tests.bench import desk, growing
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size
from tests.console.running_line import Line

TITLE = "Search over many messages"
_MESSAGES = (1_000, 10_000, 100_000)
_TIMES = 15
_MOST = 200
_MS, _MB = 50, 300


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare each number of messages with the fewest, question by question."""
    page = Page(TITLE, "over so many messages", f"over {_MESSAGES[0]:,}")
    levels = list(_MESSAGES) if size.is_full else [60, 120]
    line = desk.line_at(folder)
    bar.begin(len(levels))
    found: list[dict[str, float]] = []
    for before, count in pairwise([0, *levels]):
        for _ in desk.apart(_filled, line.folder, line.line_id, before, count):
            pass
        found += desk.apart(_asked, line.folder, line.line_id)
        bar.step()
    series = {
        name: [(n, one[name]) for n, one in zip(levels, found, strict=True)]
        for name in found[0]
        if name != "memory"
    }
    page.growth = growing.lines(TITLE, "ms by the number of messages", _MS, series)
    for name in found[0]:
        for count, one in list(zip(levels, found, strict=True))[1:]:
            most, unit = (_MB, "MB") if name == "memory" else (_MS, "ms")
            page.within(most, f"{name}, {count:,} messages", unit, one[name], found[0][name])
    page.notes += [
        f"Messages of 60 words and a phone number, from 20,000 words of which the frequent are as "
        "frequent as in a language, each in a case of its own. Until the latest "
        f"{_MOST} finds are read out of the vault; processor time, the median of {_TIMES}.",
        "Memory is the most that the searching process ever had: interpreter, libraries and all.",
    ]
    return page


def _filled(folder: Path, line_id: bytes, before: int, count: int) -> Iterator[None]:
    with Line(folder, line_id).vault() as vault:
        desk.fill(vault, range(before, count), searchable=True)
    yield None


def _asked(folder: Path, line_id: bytes) -> Iterator[dict[str, float]]:
    known = desk.words(random.Random(1))
    questions = {
        "the most frequent word": known[0],
        "a rare word": known[9_000],
        "two words": f"{known[3]} {known[50]}",
        "the beginning of a word": known[20][:3],
        "a part of a phone number": "2024567",
        "what nobody wrote": "zzzzzzzzzz",
    }
    with Line(folder, line_id).vault() as vault:
        times = {name: _once(vault, asked) for name, asked in questions.items()}
    yield times | {"memory": desk.memory()}


def _once(vault: Vault, asked: str) -> float:
    taken = []
    for _ in range(_TIMES):
        began = time.process_time()
        with vault.read() as tx:
            finding.find(tx, query.expression(asked), _MOST)
        taken.append((time.process_time() - began) * 1_000)
    return median(taken)
