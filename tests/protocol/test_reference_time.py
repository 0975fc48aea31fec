"""What time it is for who trusts no clock: no single key moves it, and a clock only warns."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from app.protocol.bundles import looks_old, open_bundles, reference_time
from app.protocol.directory import Directory
from app.protocol.errors import BadBundle
from app.protocol.wire import Bundle, EpochBundles
from tests.protocol.line import NOON, WINDOW, TestLine

DAY = 86_400
LINE = TestLine(3)


def bundle(line: TestLine, index: int, begins: int, length: int = WINDOW) -> Bundle:
    return line.keys[index].bundle(line.identities[index], begins, begins + length)


def shown(begins: dict[int, int], line: TestLine = LINE) -> EpochBundles:
    """Return a server's file with these investigators' windows, as whoever writes reads it."""
    given = {index: bundle(line, index, at) for index, at in begins.items()}
    file = replace(line.bundles(), bundles=given).serialise()
    return open_bundles(file, line.directory())


def state(bundles: EpochBundles, directory: Directory) -> str | None:
    now = reference_time(bundles, directory)
    return None if now is None else directory.state(dt.datetime.fromtimestamp(now, dt.UTC).date())


@pytest.mark.parametrize("thief", [0, 1, 2])
def test_one_key_and_the_server_move_nobodys_time_ahead(thief: int) -> None:
    """29 days fit what an honest server may show; the directory would be over in 17 by them."""
    honest = dict.fromkeys(range(3), NOON)
    inner = {**LINE.inner(), "expires": "2026-09-22"}
    line = TestLine(3)
    line.inner = lambda: inner  # type: ignore[method-assign]
    moved = shown({**honest, thief: NOON + 29 * DAY}, line)
    assert set(moved.bundles) == {0, 1, 2}
    assert reference_time(moved, line.directory()) == NOON
    assert state(moved, line.directory()) == "expiring"


@pytest.mark.parametrize("days", [31, 40, 400])
def test_a_file_whose_windows_fit_no_moment_is_refused(days: int) -> None:
    """One key and the server would close all other desks, and read alone."""
    with pytest.raises(BadBundle, match="no one moment"):
        shown({0: NOON, 1: NOON, 2: NOON + days * DAY})


def test_old_windows_of_the_others_beside_one_of_today_are_refused() -> None:
    """They are public, so the server needs no key for it; theirs are destroyed by now."""
    with pytest.raises(BadBundle, match="no one moment"):
        shown({0: NOON, 1: NOON - 60 * DAY, 2: NOON - 60 * DAY})


def test_a_backdated_bundle_alone_is_no_time() -> None:
    """It kept an expired directory good for as long as its key's holder liked."""
    alone = shown({2: NOON - 30 * DAY})
    assert set(alone.bundles) == {2}
    assert reference_time(alone, LINE.directory()) is None


def test_one_key_holds_nobodys_time_back() -> None:
    late = shown({0: NOON, 1: NOON, 2: NOON - 29 * DAY})
    assert reference_time(late, LINE.directory()) == NOON


@pytest.mark.parametrize(
    ("count", "begins", "days"),
    [
        (1, {0: 0}, 0),
        (1, {}, None),
        (2, {0: 0, 1: 0}, 0),
        (2, {0: 0, 1: 20}, 0),  # the other cannot move it ahead
        (2, {0: 0}, None),  # on leave for longer than two months: nobody is silenced
        (3, {0: 0, 1: -10, 2: -20}, -10),
        (3, {0: 0, 1: -29}, -29),
        (3, {0: 0}, None),
        (4, {0: 0, 1: 0, 2: -29, 3: -29}, -29),  # half asleep, their last keys in service
        (5, {0: 20, 1: 20, 2: 0, 3: 0, 4: 0}, 0),
        (5, {0: 0, 1: 0, 2: -1}, -1),
        (5, {0: 0, 1: 0}, None),
    ],
)
def test_more_than_half_must_vouch_for_it(
    count: int, begins: dict[int, int], days: int | None
) -> None:
    line = TestLine(count)
    found = shown({index: NOON + at * DAY for index, at in begins.items()}, line)
    assert set(found.bundles) == set(begins)
    expected = None if days is None else NOON + days * DAY
    assert reference_time(found, line.directory()) == expected


def test_those_who_left_do_not_count() -> None:
    line = TestLine(3)
    line.statuses = ["active", "compromised", "former"]
    assert reference_time(shown({0: NOON}, line), line.directory()) == NOON


def test_only_a_clock_that_is_plainly_later_says_anything() -> None:
    directory = LINE.directory()  # until 2027-02-28, and 14 days more
    end = int(dt.datetime(2027, 3, 15, tzinfo=dt.UTC).timestamp())
    for reference, clock, old in [
        (NOON, NOON, False),
        (NOON, 0, False),  # a phone whose battery was out
        (NOON, NOON - 20 * 365 * DAY, False),
        (NOON, NOON + 45 * DAY, False),
        (NOON, NOON + 45 * DAY + 1, True),  # what is shown is older than an honest server has
        (end - 1, end - 1, False),
        (end - 1, end, True),
        (None, end - 1, False),
        (None, end, True),
        (None, 0, False),
        (NOON, NOON + 20 * 365 * DAY, True),
    ]:
        assert looks_old(directory, reference, clock) is old, (reference, clock)
