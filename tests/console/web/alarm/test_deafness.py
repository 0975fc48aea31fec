"""When a console that looks for danger says that it hears nothing."""

from __future__ import annotations

import time

import pytest

from app.console.errors import ConsoleError
from app.console.web.alarm.deafness import DEAF_SECONDS
from app.console.web.alarm_watch import look_once
from tests.console.browser import Browser
from tests.console.running_line import Line
from tests.console.web.alarm.alarmed import console_of, state

pytestmark = pytest.mark.anyio


async def test_a_clock_that_jumps_makes_no_console_deaf(browser: Browser, still: Line) -> None:
    still.now += 10 * 24 * 3600
    await look_once(browser.console)
    assert (await state(browser))["deaf"] == ""
    still.now -= 20 * 24 * 3600
    await look_once(browser.console)
    assert (await state(browser))["deaf"] == ""


async def test_ten_minutes_without_a_sync_are_told_and_a_sync_ends_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    hearing = browser.console.alarm.deafness
    hearing.heard_at -= DEAF_SECONDS + 1
    await look_once(browser.console)
    found = await state(browser)
    assert "hears nothing" in str(found["deaf"])
    assert found["deaf_ring"] == 1
    assert "hears nothing" in (await browser.get("/team")).text
    refused = await browser.post("/duty", hours="8")
    assert "would hear nothing" in refused.text
    hearing.heard()
    await look_once(browser.console)
    assert (await state(browser))["deaf"] == ""


async def test_a_console_that_syncs_when_asked_is_never_deaf_and_never_on_duty(
    still: Line,
) -> None:
    async with console_of(still, interval=0) as browser:
        browser.console.alarm.deafness.heard_at -= 100_000
        await look_once(browser.console)
        assert (await state(browser))["deaf"] == ""
        assert "cannot be on duty" in (await browser.get("/alarm")).text
        with pytest.raises(ConsoleError):
            browser.console.go_on_duty(8)


async def test_a_machine_that_slept_finds_the_console_locked_and_says_so(
    browser: Browser, asleep: list[float], still: Line
) -> None:
    await look_once(browser.console)
    asleep[0] = 40 * 60
    still.now += 40 * 60
    await look_once(browser.console)
    assert browser.console.locked
    found = await state(browser)
    assert "computer slept" in str(found["deaf"])
    assert found["deaf_ring"] == 1
    shown = (await browser.get("/unlock")).text
    assert "Not looking since" in shown
    assert "computer slept" in shown


async def test_who_locks_by_hand_is_not_called_deaf(browser: Browser, asleep: list[float]) -> None:
    await browser.post("/lock")
    asleep[0] = 8 * 3600
    await look_once(browser.console)
    found = await state(browser)
    assert (found["place"], found["deaf"], found["deaf_ring"]) == ("locked", "", 0)
    assert "Not looking since" in (await browser.get("/unlock")).text


async def test_a_console_that_locked_itself_is_deaf_ten_minutes_later(
    browser: Browser, asleep: list[float]
) -> None:
    await browser.console.lock()
    await look_once(browser.console)
    assert (await state(browser))["deaf"] == ""
    left = browser.console.left
    assert left is not None
    assert left.deaf_at is not None
    assert left.deaf_at - time.clock_gettime(time.CLOCK_BOOTTIME) > DEAF_SECONDS - 60
    asleep[0] = 2.5 + DEAF_SECONDS  # a clock that goes on: no sleep is told of 2.5 s at a time
    browser.console.alarm.deafness.slept()
    await look_once(browser.console)
    assert "locked itself" in str((await state(browser))["deaf"])
