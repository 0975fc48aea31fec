"""Who gives up a place: by what a connection is worth, and whose it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.server.admission.watch import Bounds, Standing, Watch

pytestmark = pytest.mark.anyio


class One:
    """A connection; ``standing`` as the test wants it."""

    def __init__(self, standing: Standing | None = None, caller: str | None = None) -> None:
        self.its = standing
        self.caller = caller
        self.dropped = False

    def standing(self, now: float) -> Standing | None:
        return self.its

    def is_too_slow(self, now: float) -> bool:
        return False

    def drop(self) -> None:
        self.dropped = True


def waiting(since: float, caller: str | None = None) -> One:
    return One(Standing(still_useful=True, since=since), caller)


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    made = Watch(Bounds(connections=6, of_one_caller=3, sweep=0.01))
    yield made
    for one in tuple(made._all):
        made.leave(one)
    await asyncio.sleep(0.05)  # the last sweep finds nobody


def enter(watch: Watch, *all_: One) -> list[bool]:
    return [watch.enter(one, asyncio.get_running_loop()) for one in all_]


async def test_what_was_answered_and_still_sends_goes_first_then_the_oldest(watch):
    answered = One(Standing(still_useful=False, since=9.0))
    old, older, young, safe = waiting(2.0), waiting(1.0), waiting(5.0), One()
    assert all(enter(watch, young, safe, old, answered, older, waiting(6.0)))
    for expected in (answered, older, old, young):
        assert enter(watch, One()) == [True]
        assert expected.dropped
    assert not safe.dropped


async def test_where_all_are_safe_nobody_is_let_in_and_nobody_dropped(watch):
    safe = [One() for _ in range(6)]
    assert all(enter(watch, *safe))
    assert enter(watch, One()) == [False]
    watch.leave(safe[0])
    assert enter(watch, One()) == [True]


async def test_who_has_many_places_gives_up_one_before_who_has_few(watch):
    few, many = waiting(1.0, "few"), [waiting(5.0 + n, "many") for n in range(3)]
    assert all(enter(watch, few, *many, waiting(2.0), waiting(3.0)))
    assert enter(watch, One()) == [True]
    assert many[0].dropped
    assert not few.dropped


async def test_a_caller_gets_more_places_only_in_place_of_their_own(watch):
    own = [waiting(1.0, "one"), One(None, "one"), One(None, "one")]
    assert all(enter(watch, *own))
    assert enter(watch, One(None, "one")) == [True]
    assert own[0].dropped
    assert enter(watch, waiting(9.0, "one")) == [False]
    unnamed = waiting(9.0)
    assert enter(watch, unnamed) == [True]
    assert not watch.name(unnamed, "one", 9.0)  # as Tor's line says after it was let in
    watch.leave(unnamed)
    assert enter(watch, waiting(9.0, "other")) == [True]
    for one in own[1:]:
        watch.leave(one)
    assert enter(watch, waiting(9.0, "one")) == [True]
