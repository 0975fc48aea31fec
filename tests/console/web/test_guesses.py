"""Guessing the passphrase at a console's page gets slow, and its own user is let in anyhow."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from app.console.errors import TooManyGuesses, WrongPassphrase
from app.console.web.passphrase_attempts import FREE, WAIT_MAX, Guesses
from tests.console.browser import Browser, opened
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.anyio

RIGHT = PASSPHRASE.reveal().decode()


class Ticks:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.at = 5.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def browser(still: Line, ticks: Ticks) -> AsyncIterator[Browser]:
    async with opened(still) as one:
        one.console.guesses = Guesses(ticks)
        yield one


def wrong(guesses: Guesses) -> None:
    with pytest.raises(WrongPassphrase), guesses.one():
        raise WrongPassphrase("no")


def test_each_wrong_one_costs_twice_the_wait_and_none_more_than_a_minute(ticks: Ticks) -> None:
    guesses, waits = Guesses(ticks), []
    for _ in range(12):
        wrong(guesses)
        waits.append(max(0.0, guesses.until - ticks.at))
        ticks.at = max(ticks.at, guesses.until)
    assert waits[: FREE + 3] == [0, 0, 1, 2, 4, 8]
    assert waits[-1] == WAIT_MAX
    with guesses.one():
        pass
    wrong(guesses)
    assert guesses.until <= ticks.at, "counted anew"


def test_while_it_waits_not_even_the_right_one_is_tried(ticks: Ticks) -> None:
    guesses = Guesses(ticks)
    for _ in range(FREE):
        wrong(guesses)
    with pytest.raises(TooManyGuesses, match="Wait 1 second,"), guesses.one():
        raise AssertionError("tried")


async def test_the_door_says_how_long_and_opens_then(browser: Browser, ticks: Ticks) -> None:
    await browser.sign_in()
    await browser.post("/lock")
    for _ in range(FREE):
        assert (await browser.post("/unlock", passphrase="not this one")).status_code == 403
    early = await browser.post("/unlock", passphrase=RIGHT)
    assert early.status_code == 429
    assert re.search(r"wrong 3 times. Wait 1 second, then", early.text)
    assert browser.console.locked
    ticks.at += 1
    assert (await browser.post("/unlock", passphrase=RIGHT)).status_code == 303
    assert not browser.console.locked


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/machine/passphrase", "old"),
        ("/machine/recovery", "passphrase"),
        ("/machine/recovery/end", "passphrase"),
    ],
)
async def test_whoever_sits_at_an_open_console_cannot_guess_faster(
    browser: Browser, path: str, field: str
) -> None:
    await browser.sign_in()
    new = {"new": "six other words altogether now", "again": "six other words altogether now"}
    for _ in range(FREE):
        refused = await browser.post(path, **{field: "not this one"}, **new)
        assert "not the case store" in refused.text
    assert "Wait 1 second" in (await browser.post(path, **{field: RIGHT}, **new)).text


async def test_a_second_browser_counts_as_well(browser: Browser) -> None:
    for _ in range(FREE):
        await browser.post("/unlock", passphrase="not this one")
    assert (await browser.post("/unlock", passphrase=RIGHT)).status_code == 429
