"""The console's pages with 200, 2,000 and 20,000 cases."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from app.console.vault import Vault
from app.console.vault.records import messages
from app.console.web.alarm.alarm_state import look
from tests.bench import desk, growing
from tests.bench.load import Unexpected
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size
from tests.console.browser import Browser, opened
from tests.console.running_line import Line

TITLE = "The console's inbox with many cases"
_CASES = (200, 2_000, 20_000)
_TIMES = 15
_MS, _MB = 100, 300
CALLS = (
    *("the inbox", "its second page", "a filtered list", "a team's list", "a case"),
    *("the deadlines", "the page of the team"),
)
LOOK = "a look of the alarm"
CHANGE = "a change of case"
_CHANGE_MS, _CHANGE_BYTES = 60, 20_000
_LOOK_MS = 10


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare each number of cases with the fewest, call by call."""
    page = Page(TITLE, "with so many cases", f"with {_CASES[0]}")
    levels = list(_CASES) if size.is_full else [60, 120]
    line = desk.line_at(folder)
    bar.begin(len(levels))
    found: list[dict[str, float]] = []
    for before, cases in pairwise([0, *levels]):
        for _ in desk.apart(_filled, line.folder, line.line_id, before, cases):
            pass
        found += desk.apart(_opened, line.folder, line.line_id, size.of(_TIMES))
        bar.step()
    series = {
        name: [(n, one[name]) for n, one in zip(levels, found, strict=True)] for name in CALLS
    }
    page.growth = growing.lines(TITLE, "ms by the number of cases", _MS, series)
    for name in CALLS:
        for cases, one in list(zip(levels, found, strict=True))[1:]:
            page.within(_MS, f"{name}, {cases:,} cases", "ms", one[name], found[0][name])
    for cases, one in list(zip(levels, found, strict=True))[1:]:
        page.within(_LOOK_MS, f"{LOOK}, {cases:,} cases", "ms", one[LOOK], found[0][LOOK])
    for cases, one in list(zip(levels, found, strict=True))[1:]:
        page.within(_CHANGE_MS, f"{CHANGE}, {cases:,} cases", "ms", one[CHANGE], found[0][CHANGE])
        in_bytes = f"{CHANGE}, bytes"
        page.within(
            _CHANGE_BYTES, f"{CHANGE}, {cases:,} cases", "bytes", one[in_bytes], found[0][in_bytes]
        )
    for cases, one in list(zip(levels, found, strict=True))[1:]:
        page.within(_MB, f"memory, {cases:,} cases", "MB", one["memory"], found[0]["memory"])
    page.notes += [
        "Processor time of the console's own process from a request to the whole page, the vault "
        f"open, the median of {_TIMES}: what the browser then does is not in it, nor what others "
        "did meanwhile on the same cores. Each case has one message of 60 words. A page shows the "
        "first of the cases and how many each view has. A change of case is what the script asks "
        "for when another one is opened beside the list: its panes and its row, each case unread "
        "until then, and the bytes of its body as they go to the browser. The alarm looks into the "
        "vault every 1.5 seconds, whether or not a page is open.",
        "By the clock, with what others did: "
        + "; ".join(
            f"{name} {one[f'{name}, by the clock']:.0f} ms"
            for name in (*CALLS, CHANGE)
            for one in found[-1:]
        )
        + f" ({levels[-1]:,} cases).",
        "Memory is the most that the process ever had: interpreter, libraries and all.",
    ]
    return page


def _filled(folder: Path, line_id: bytes, before: int, cases: int) -> Iterator[None]:
    with Line(folder, line_id).vault() as vault:
        desk.fill(vault, range(before, cases))
    yield None


def _opened(folder: Path, line_id: bytes, times: int) -> Iterator[dict[str, float]]:
    yield asyncio.run(_timed(Line(folder, line_id), times))


async def _timed(line: Line, times: int) -> dict[str, float]:
    async with opened(line) as browser:
        await browser.sign_in()
        with browser.console.vault.read() as tx:
            some = messages.inbox(tx)
        rank_and_time = f"9-{some[len(some) // 2].last_at}-0"
        paths = (
            "/",
            f"/?after={rank_and_time}",
            "/?view=all&lang=es",
            "/?desk=support",
            f"/cases/{some[0].id}",
            "/due?whose=all",
            "/team",
        )
        found: dict[str, float] = {}
        for name, path in zip(CALLS, paths, strict=True):
            taken = [await _once(browser, path) for _ in range(times)]
            found[name] = median(busy for busy, _ in taken)
            found[f"{name}, by the clock"] = median(clock for _, clock in taken)
        headers = {"x-quietline-csrf": browser.csrf, "x-quietline-opened": "yes"}
        # Each is opened for the first time: it is unread until then.
        taken = [await _once(browser, f"/cases/{one.id}", **headers) for one in some[1 : times + 1]]
        found[CHANGE] = median(busy for busy, _ in taken)
        found[f"{CHANGE}, by the clock"] = median(clock for _, clock in taken)
        found[LOOK] = median(_look(browser.console.vault) for _ in range(_TIMES))
        packed = [await _bytes(browser, f"/cases/{one.id}", headers) for one in some[1:4]]
        found[f"{CHANGE}, bytes"] = max(packed)
    return found | {"memory": desk.memory()}


def _look(vault: Vault) -> float:
    """Return milliseconds of the processor."""
    began = time.process_time()
    look(vault)
    return (time.process_time() - began) * 1_000


async def _bytes(browser: Browser, path: str, headers: dict[str, str]) -> float:
    """Return how long the body of an answer is, packed."""
    answer = await browser.http.get(path, headers=headers)
    return float(answer.headers["content-length"])


async def _once(browser: Browser, path: str, **headers: str) -> tuple[float, float]:
    """Return milliseconds of the processor, and of the clock."""
    busy, began = time.process_time(), time.perf_counter()
    answer = await browser.get(path, **headers)
    if answer.status_code != 200:
        raise Unexpected(f"{path}: {answer.status_code}")
    return (time.process_time() - busy) * 1_000, (time.perf_counter() - began) * 1_000
