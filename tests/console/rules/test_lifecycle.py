"""The pure rules: when keys are made and destroyed, when a server's copy goes."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.rules.lifecycle import (
    DAY,
    HOUR,
    counts_as_in_service,
    deletion_delay,
    may_destroy,
    windows_to_make,
)

NOW = 1_790_000_123
times = st.integers(min_value=1_700_000_000, max_value=2_000_000_000)


def test_a_key_lives_until_all_three_conditions_hold() -> None:
    superseded = NOW
    later = superseded + DAY + 1
    assert not may_destroy(None, later), "no later bundle was seen in service"
    assert not may_destroy(superseded, None), "no full sync has finished"
    assert not may_destroy(superseded, superseded + HOUR), "24 h have not passed"
    assert not may_destroy(superseded, superseded + DAY), "the sync began too early"
    assert may_destroy(superseded, later)


@given(superseded=times, began=times)
def test_no_key_goes_within_a_day_of_being_superseded(superseded: int, began: int) -> None:
    if may_destroy(superseded, began):
        assert began - superseded > DAY


@given(now=times, days=st.integers(min_value=1, max_value=30))
def test_windows_are_whole_hours_without_a_gap_from_now_on(now: int, days: int) -> None:
    made = windows_to_make(now, HOUR, days, ())
    assert made[0][0] <= now < made[0][1]
    assert all(start % HOUR == 0 and end == start + HOUR for start, end in made)
    assert all(one[1] == other[0] for one, other in pairwise(made))
    assert made[-1][1] >= now + days * DAY


def test_a_window_that_has_a_key_gets_no_second_one() -> None:
    made = windows_to_make(NOW, HOUR, 3, ())
    assert windows_to_make(NOW, HOUR, 3, made) == []
    assert windows_to_make(NOW, HOUR, 3, made[1:]) == made[:1], "a gap is filled"


@given(now=times, days=st.integers(min_value=1, max_value=30))
def test_the_last_window_tells_no_hour(now: int, days: int) -> None:
    assert windows_to_make(now, HOUR, days, ())[-1][1] % DAY == 0


@given(now=times, later=st.integers(min_value=0, max_value=5 * DAY))
def test_keys_are_topped_up_by_whole_days_and_once_a_day(now: int, later: int) -> None:
    made = windows_to_make(now, HOUR, 30, ())
    more = windows_to_make(now + later, HOUR, 30, made)
    midnights = (now + later + 30 * DAY - 1) // DAY - (now + 30 * DAY - 1) // DAY
    assert len(more) == 24 * midnights


@pytest.mark.parametrize("length", [0, -1, 1800, 5000])
def test_an_impossible_window_length_is_taken_as_an_hour(length: int) -> None:
    start, end = windows_to_make(NOW, length, 1, ())[0]
    assert (end - start, start % HOUR) == (HOUR, 0)


def test_a_bundle_shown_before_its_time_supersedes_nothing() -> None:
    assert counts_as_in_service(NOW, NOW)
    assert not counts_as_in_service(NOW + 1, NOW)


def test_deletion_waits_a_random_while_of_one_to_twenty_four_hours() -> None:
    assert deletion_delay(lambda n: bytes(n)) == HOUR
    delays = {deletion_delay(os.urandom) for _ in range(200)}
    assert all(HOUR <= delay <= DAY for delay in delays)
    assert len(delays) > 150
