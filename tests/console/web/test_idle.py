"""A console that is left alone locks itself, and not under anybody's hands."""

from __future__ import annotations

import time

import pytest

from app.console.errors import WrongPassphrase
from app.console.web.console_settings import ConsoleSettings
from app.console.web.idle import FORGET_SECONDS, Idle
from app.console.web.passphrase_attempts import Guesses
from app.console.web.running_console import Console
from app.protocol.secrets import Secret
from tests.console.browser import opened
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio

MINUTE = 60.0


class Ticks:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def console_of(line: Line, minutes: float) -> Console:
    settings = ConsoleSettings(interval=0, idle_minutes=minutes)
    console = Console(line.folder_of("ana"), settings)
    console.adopt(line.vault())
    return console


async def test_it_locks_after_its_minutes_and_work_begins_them_anew(still: Line) -> None:
    console = console_of(still, 10)
    ticks = Ticks()
    idle = Idle(console, ticks)
    ticks.at += 9 * MINUTE
    idle.touch()
    ticks.at += 9 * MINUTE
    assert not await idle.lock_if_idle()
    assert not console.locked
    ticks.at += MINUTE
    assert await idle.lock_if_idle()
    assert console.locked
    assert not await idle.lock_if_idle()


async def test_nought_minutes_never_lock(still: Line) -> None:
    console = console_of(still, 0)
    ticks = Ticks()
    idle = Idle(console, ticks)
    ticks.at += 10_000 * MINUTE
    assert not await idle.lock_if_idle()
    await console.lock()


async def test_who_comes_after_the_time_is_over_does_not_begin_it_anew(still: Line) -> None:
    console = console_of(still, 10)
    ticks = Ticks()
    idle = Idle(console, ticks)
    ticks.at += 10 * MINUTE
    idle.touch()
    assert await idle.lock_if_idle()


async def test_a_machine_that_slept_finds_the_door_at_once(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lid was closed for eight hours, in which a clock that stops in sleep has not moved."""
    asleep = [0.0]
    boot, told = time.CLOCK_BOOTTIME, time.clock_gettime
    monkeypatch.setattr(
        time, "clock_gettime", lambda clock: told(clock) + (asleep[0] if clock == boot else 0)
    )
    async with opened(line) as browser:
        await browser.sign_in()
        script = {"x-quietline-csrf": browser.csrf}
        assert (await browser.get("/")).status_code == 200
        asleep[0] = 8 * 60 * MINUTE
        # Nobody has looked yet whether the time is over, and a hand moves the pointer.
        assert (await browser.call("/awake")).status_code == 401
        assert (await browser.get("/")).headers["location"] == "/unlock"
        assert (await browser.get("/status", **script)).status_code == 401


async def test_what_was_typed_wrong_at_a_locked_console_is_forgotten(still: Line) -> None:
    console = console_of(still, 10)
    ticks = Ticks()
    console.guesses = Guesses(ticks)
    idle = Idle(console, ticks)
    await console.lock()
    emptied: list[str] = []
    console.on_lock = lambda: emptied.append("emptied")
    with pytest.raises(WrongPassphrase):
        console.unlock(Secret(b"nearly the right one"))
    assert not await idle.lock_if_idle()
    ticks.at += FORGET_SECONDS
    assert await idle.lock_if_idle()
    assert emptied == ["emptied"]
    ticks.at += FORGET_SECONDS
    assert not await idle.lock_if_idle(), "once"


async def test_pages_forms_and_hands_count_and_the_scripts_own_looks_do_not(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[str] = []
    monkeypatch.setattr(Idle, "touch", lambda _: touched.append("x"))
    async with opened(line) as browser:
        await browser.sign_in()
        touched.clear()
        script = {"x-quietline-csrf": browser.csrf}
        await browser.get("/status", **script)
        await browser.get("/list", **script)
        assert touched == []
        await browser.get("/")
        assert len(touched) == 1
        await browser.post("/theme", theme="dark")
        assert len(touched) >= 2
        touched.clear()
        assert (await browser.call("/awake")).status_code == 204
        assert touched
        assert (await browser.http.post("/awake")).status_code != 204
        await browser.console.lock()
        assert (await browser.get("/status", **script)).status_code == 401
