"""A console that is left alone locks itself, and not under anybody's hands."""

from __future__ import annotations

import pytest

from app.console.idle import Idle
from app.console.running import Console
from app.console.settings import ConsoleSettings
from tests.console.browser import opened
from tests.console.line import Line

pytestmark = pytest.mark.anyio

MINUTE = 60.0


class Ticks:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


async def test_it_locks_after_its_minutes_and_work_begins_them_anew(still: Line) -> None:
    console = Console(still.folder_of("ana"), ConsoleSettings(interval=0, idle_minutes=10))
    console.adopt(still.vault())
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
    console = Console(still.folder_of("ana"), ConsoleSettings(interval=0, idle_minutes=0))
    console.adopt(still.vault())
    ticks = Ticks()
    idle = Idle(console, ticks)
    ticks.at += 10_000 * MINUTE
    assert not await idle.lock_if_idle()
    await console.lock()


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
        await browser.post("/theme", theme="dark")
        assert len(touched) == 2
        assert (await browser.call("/awake")).status_code == 204
        assert len(touched) == 3
        assert (await browser.http.post("/awake")).status_code != 204
        await browser.console.lock()
        assert (await browser.get("/status", **script)).status_code == 401
