"""Linking a new report, with 1,000, 10,000 and 100,000 stored."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import insert, select, text

from app.console.features.links import linking
from app.console.features.links.link_walk import walk
from app.console.features.links.storage import link_index
from app.console.features.links.storage.occurrence_tables import link_occurrences, link_values
from app.console.line import trusted_line
from app.console.occurrences import names
from app.console.rules.body import read_body
from app.console.vault import Transaction, Vault
from app.console.vault.database.schema import cases_table
from app.console.vault.database.schema import messages as messages_table
from app.console.vault.installation import owner
from app.console.vault.records import adding, cases, messages
from app.protocol.bodies import write_body
from app.protocol.recipients import Recipient
from tests.bench import growing
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size, interleave
from tests.console.running_line import Line

TITLE = "Linking a new report"
_LEVELS = (1_000, 10_000, 100_000)
_NEW, _SLICE = 25, 2_000
_MOST_MS, _FLAT = 100, 2
_WHOLE = "a new report read, compared, kept"
_SYLLABLES = (
    "ma",
    "ri",
    "a",
    "lo",
    "pe",
    "za",
    "ka",
    "te",
    "jo",
    "hu",
    "se",
    "in",
    "mo",
    "ha",
    "med",
    "li",
    "wei",
    "chen",
    "ol",
    "ek",
    "san",
    "dr",
    "iv",
    "an",
    "pet",
    "rov",
)
_PROSE = "They keep our passports and we may not leave the house before the evening. " * 10


@dataclass
class Level:
    """A vault with so many reports in it, and the wheel from which new ones come."""

    vault: Vault
    stored: int
    wheel: random.Random
    known: trusted_line.TrustedLine
    last: str = ""


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Time a new report at each level, side by side."""
    page = Page(TITLE, "quietline", f"with {size.of(_LEVELS[0]):,} reports stored")
    made = Line.make(folder / "made")
    bar.begin(sum(_slices(size.of(count)) for count in _LEVELS))
    with ExitStack() as stack:
        levels = {}
        for count in _LEVELS:
            vault = stack.enter_context(made.copy(folder / str(count)).vault())
            levels[count] = _filled(vault, made, size.of(count), bar)
        calls: dict[str, Callable[[Level], float]] = {
            _WHOLE: lambda one: _new(one, size),
            "what links it": lambda one: _asked(one, 1),
            "a walk of two steps from it": lambda one: _asked(one, 2),
        }
        series: dict[str, list[tuple[int, float]]] = {}
        for name, call in calls.items():
            medians = interleave(
                size.rounds,
                {str(n): partial(call, one) for n, one in levels.items()},
                bar,
            )
            base = medians[str(_LEVELS[0])]
            series[name] = [(one.stored, medians[str(n)]) for n, one in levels.items()]
            for count in _LEVELS[1:]:
                row, ours = f"{name}, {count:,} stored", medians[str(count)]
                page.at_most(_FLAT, row, "ms", ours, base)
            if name == _WHOLE:
                page.within(_MOST_MS, f"{name}: the promise", "ms", ours, base)
    page.growth = growing.lines(TITLE, "ms by the number of reports stored", _MOST_MS, series)
    page.notes += [
        "A report of 900 characters with a number, a plate, an e-mail, a page and a name, all but "
        "the e-mail also in stored ones: kept, read, compared (names by what they share, then by "
        "rapidfuzz), and durable on the disk, in milliseconds a report.",
        "Each level is a vault of its own. What is stored was put there as it is after reading, "
        "without its prose, so that filling takes minutes; the new ones go the whole way.",
        "10 and 100 times as much stored: flat is a ratio near 1; twice is the most.",
    ]
    return page


def _slices(count: int) -> int:
    return -(-(count - 1) // _SLICE)


def _filled(vault: Vault, line: Line, count: int, bar: Bar) -> Level:
    wheel = random.Random(count)
    directory = (line.folder / "directory.json").read_bytes()
    with vault.write() as tx:
        owner.store_directory(tx, 1, directory, line.now)
    with vault.write() as tx:
        first = _store(tx, wheel, "x")
        like = dict(tx.execute(select(cases_table).where(cases_table.c.id == first)).one()._mapping)
        told = dict(tx.execute(select(messages_table)).one()._mapping)
    values: dict[tuple[str, str], int] = {}
    for start in range(1, count, _SLICE):
        with vault.write() as tx:
            _fill(tx, wheel, count, range(start, min(start + _SLICE, count)), like, told, values)
        bar.step()
    return Level(vault, count, wheel, trusted_line.load(vault))


def _fill(
    tx: Transaction,
    wheel: random.Random,
    count: int,
    numbers: range,
    like: dict[str, object],
    told: dict[str, object],
    values: dict[tuple[str, str], int],
) -> None:
    """Rows as storing and reading make them, many at a time."""
    rows = []
    cases_ = {number: wheel.randbytes(32).hex() for number in numbers}
    for number, case in cases_.items():
        phone, plate, page, name = _things(wheel, count)
        sorted_name = " ".join(sorted(name.lower().split()))
        for kind, value in (
            ("phone", phone),
            ("plate", plate),
            ("url", page),
            ("name", sorted_name),
        ):
            rows.append((kind, value, case, number + 1))
    tx.execute(insert(cases_table), [like | {"id": case} for case in cases_.values()])
    tx.execute(
        insert(messages_table),
        [told | {"id": n + 1, "case_id": case, "mid": case[:32]} for n, case in cases_.items()],
    )
    tx.execute(text("DELETE FROM link_queue"))
    new = {}
    for kind, value, _, _ in rows:
        if (kind, value) not in values:
            new[kind, value] = values[kind, value] = len(values) + 1
    tx.execute(
        insert(link_values),
        [{"id": id_, "kind": kind, "value": value} for (kind, value), id_ in new.items()],
    )
    mentions = [
        {"value": values[kind, value], "case_id": case, "source": "message", "row": str(row),
         "part": "", "start": 0, "stop": 1, "sure": 3}
        for kind, value, case, row in rows
    ]  # fmt: skip
    tx.execute(insert(link_occurrences), mentions)
    keys = [
        {"key": key, "value": id_}
        for (kind, value), id_ in new.items()
        if kind == "name"
        for key in names.keys(value)
    ]
    tx.execute(text("INSERT OR IGNORE INTO link_keys (key, value) VALUES (:key, :value)"), keys)


def _things(wheel: random.Random, count: int) -> tuple[str, str, str, str]:
    """Return a number, plate, page and name, each of them in a few reports of so many."""
    phone = f"+1202{2_000_000 + wheel.randrange(count):07d}"
    plate = f"{wheel.choice('ABCD')}{wheel.choice('EFGH')}{wheel.randrange(count):06d}"
    page = f"ads{wheel.randrange(50)}.example.com/post/{wheel.randrange(count)}"
    name = " ".join("".join(wheel.choices(_SYLLABLES, k=3)).capitalize() for _ in range(2))
    return phone, plate, page, name


def _store(tx: Transaction, wheel: random.Random, said: str) -> str:
    sender = Recipient(*(wheel.randbytes(length) for length in (32, 32, 1184, 1216)))
    raw = write_body("report", os.urandom(16).hex(), {"lang": "en", "text": said, "files": []})
    adding.store_incoming(tx, sender, raw, read_body(raw), 1_790_000_000)
    case = messages.case_id(sender)
    cases.settle(tx, case, ["support"])
    return case


def _new(level: Level, size: Size) -> float:
    took = []
    for _ in range(size.of(_NEW)):
        phone, plate, page, name = _things(level.wheel, level.stored)
        said = (
            f"{_PROSE}He calls from {phone[:2]} ({phone[2:5]}) {phone[5:8]}-{phone[8:]}, his van "
            f"has the plate {plate[:2]} {plate[2:]}, https://{page} is the ad, write to "
            f"{level.wheel.randrange(10**9)}@example.org. His name is {name}."
        )
        began = time.perf_counter()
        with level.vault.write() as tx:
            level.last = _store(tx, level.wheel, said)
            link_index.index(tx, 1_790_000_000)
        took.append(time.perf_counter() - began)
    return 1_000 * median(took)


def _asked(level: Level, steps: int) -> float:
    began = time.perf_counter()
    with level.vault.read() as tx:
        rules = linking.Rules(tx, level.known)
        if steps == 1:
            linking.of_case(tx, rules, level.last)
        else:
            walk(tx, rules, level.last, steps)
    return 1_000 * (time.perf_counter() - began)
