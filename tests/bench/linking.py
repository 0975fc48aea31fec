"""How much of what identifies somebody is found in sentences as reporters write them."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from app.console.occurrences.finding_occurrences import find
from app.console.occurrences.link_kinds import Kind
from app.console.search.terms import fold
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size

TITLE = "Finding what can link two reports"
SENTENCES = Path(__file__).with_name("linking_sentences.txt")
_MARKED = re.compile(r"\{(\w+)\|([^|{}]+)(?:\|([^{}]+))?\}")
_RECALL, _PRECISION = 85, 95
"""Of all kinds together, in the half that finding was not tuned with, in percent."""

Found = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Sentence:
    """What was written, the country of its numbers, and what of it is to be found."""

    text: str
    region: str
    wanted: Found


@dataclass
class Count:
    """Of one kind: how many are there, were found, and were found rightly."""

    there: int = 0
    found: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        """Percent of those there that were found."""
        return 100 * self.right / self.there if self.there else 100

    @property
    def precision(self) -> float:
        """Percent of those found that are there."""
        return 100 * self.right / self.found if self.found else 100


def sentences() -> tuple[list[Sentence], list[Sentence]]:
    """Return the half that finding was tuned with, and the half that was only counted."""
    lines = SENTENCES.read_text("utf-8").splitlines()
    every = [_read(line) for line in lines if line and not line.startswith("#")]
    return every[::2], every[1::2]


def found(one: Sentence) -> Found:
    """Return kind and value of what is found in a sentence."""
    return frozenset(
        (each.kind.value, each.value) for each in find(one.text, regions=(one.region,))
    )


def counted(some: list[Sentence]) -> dict[str, Count]:
    """Compare what is found with what is there, by kind."""
    counts = {kind.value: Count() for kind in Kind}
    for one in some:
        here = found(one)
        for of, many in (
            ("there", one.wanted),
            ("found", here),
            ("right", here & one.wanted),
        ):
            for kind, times in Counter(kind for kind, _ in many).items():
                setattr(counts[kind], of, getattr(counts[kind], of) + times)
    return counts


def together(counts: dict[str, Count]) -> Count:
    """Add up all kinds."""
    every = counts.values()
    return Count(*(sum(getattr(one, of) for one in every) for of in ("there", "found", "right")))


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Count both halves; ``folder`` and ``size``, which every bench has, change nothing of it."""
    page = Page(TITLE, "held out", "tuned with")
    tuned, held = sentences()
    bar.begin(2)
    with_them = counted(tuned)
    bar.step()
    without = counted(held)
    began = time.process_time()
    counted([*tuned, *held])  # once more: the first time loads the countries' plans of numbers
    took = time.process_time() - began
    bar.step()
    for kind, count in without.items():
        if not count.there and not with_them[kind].there:
            continue  # nothing was measured: a picture is no text
        for what in ("recall", "precision"):
            name = f"{kind}: {what} ({count.there} held out, {with_them[kind].there} tuned with)"
            page.add(name, "%", getattr(count, what), getattr(with_them[kind], what))
    ours, base = together(without), together(with_them)
    page.promise(_RECALL, "all kinds: recall", "%", ours.recall, base.recall)
    page.promise(_PRECISION, "all kinds: precision", "%", ours.precision, base.precision)
    nothing = sum(not one.wanted for one in (*tuned, *held))
    page.notes += [
        f"{len(tuned) + len(held)} sentences as reporters write them, in "
        "`tests/bench/linking_sentences.txt`: made up, in eighteen languages and six scripts, "
        f"with slips, small letters and missing commas; {nothing} of them have nothing to be "
        "found, but flights, prices, days, rooms and other things that look like it. They were "
        "written before finding was changed, by the same hand that changed it: so they show what "
        "was thought of, and no line's real reports. Before, it found 67 % of the half that was "
        "held out, with a precision of 88 %.",
        "The first, third, … sentence is what finding was tuned with, the others were only "
        "counted. Right is what has the kind and the value as it is compared; a half of an "
        "address is wrong.",
        f"Reading all of them takes {1_000 * took:.0f} ms of processor time.",
    ]
    return page


def _read(line: str) -> Sentence:
    region, _, marked = line.partition("\t")
    wanted = set()
    for kind, said, value in _MARKED.findall(marked):
        other, colon, rest = value.partition(":")
        if colon and other in set(Kind):
            kind, value = other, rest
        wanted.add((kind, value or _compared(kind, said)))
    return Sentence(_MARKED.sub(lambda met: met[2], marked), region, frozenset(wanted))


def _compared(kind: str, said: str) -> str:
    if kind == Kind.PLATE:
        return "".join(char for char in said if char.isalnum()).upper()
    if kind == Kind.NAME:
        return " ".join(sorted(fold(said).split()))
    return said if kind in (Kind.WALLET, Kind.ACCOUNT) else said.casefold()
