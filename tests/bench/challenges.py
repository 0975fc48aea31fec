"""Challenge sets given out in a second: bytes made ahead, and made for whoever asks."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from app.protocol.challenges import MIN_ROWS, ROW_BYTES
from tests.bench import load, serving
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size, interleave

TITLE = "Challenge sets given out in a second"
_GETS, _MADE = 6_000, 24
_OF_BARE, _OF_PER_REQUEST = 0.7, 1_000


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare with a bare handler of the same bytes, and with a set made for each request."""
    line = serving.line_of(3, folder / "line")
    gets, made = size.of(_GETS), size.of(_MADE)
    with ExitStack() as stack:
        ours = stack.enter_context(serving.ours(line, slots_initial=256))
        bare = stack.enter_context(serving.bare("constant", folder, count=MIN_ROWS * ROW_BYTES))
        each = stack.enter_context(serving.bare("per_request", folder, count=MIN_ROWS))

        def turn(server: serving.Serving, path: str, count: int) -> float:
            return load.drive(server.socket, [load.request("GET", path)] * count).per_second

        medians = interleave(
            size.rounds,
            {
                "ours": lambda: turn(ours, "/api/v1/challenges", gets),
                "bare": lambda: turn(bare, "/", gets),
                "each": lambda: turn(each, "/", made),
            },
            bar,
        )
    page = Page(TITLE, "quietline", "bare handler")
    page.at_least(
        _OF_BARE,
        "beside a bare handler of the same bytes",
        "sets/s",
        medians["ours"],
        medians["bare"],
    )
    page.at_least(
        _OF_PER_REQUEST,
        "beside a set made for each request",
        "sets/s",
        medians["ours"],
        medians["each"],
    )
    page.notes += [
        f"Sets of {MIN_ROWS:,} rows ({MIN_ROWS * ROW_BYTES:,} bytes), {load.AT_ONCE} connections, "
        "one process on each side. The one that makes a set for each request makes it in "
        "threads, on all cores, of which ours uses one: the terms favour it.",
        "Ours finds the call among all of the API's and sends the security headers with every "
        "answer; the bare handler has one route, no headers, and Starlette's layers around it.",
    ]
    return page
