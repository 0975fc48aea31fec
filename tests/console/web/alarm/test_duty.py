"""A locked screen whose console goes on looking."""

from __future__ import annotations

import pytest

from app.console.web.alarm.alarm_state import ON_DANGER, ON_DEAF
from app.console.web.alarm_watch import look_once
from app.console.web.case_views import case_name
from tests.console.browser import Browser
from tests.console.web.alarm.alarmed import WORDS, arrives, state

pytestmark = pytest.mark.anyio


async def test_on_duty_the_screen_shows_a_number_and_nothing_else(browser: Browser) -> None:
    case = await arrives(browser)
    before = dict(browser.http.cookies)
    await browser.post("/duty", hours="8")
    browser.http.cookies.update(before)
    console = browser.console
    assert not console.locked, "it goes on looking"
    for address in ("/", f"/cases/{case}", "/team", "/search", "/alarm", "/machine"):
        answer = await browser.get(address)
        assert answer.status_code == 303, address
        assert answer.headers["location"].startswith("/unlock"), address
    shown = (await browser.get("/unlock")).text
    assert "Screen locked, on duty" in shown
    assert case_name(case) not in shown
    assert "Words 1" not in shown
    assert case not in shown
    found = await state(browser)
    assert (found["place"], found["count"]) == ("duty", 1)
    assert {found["case"], found["name"], found["was"]} == {""}
    await arrives(browser, 2)
    assert (await state(browser))["count"] == 2
    assert console.alarm.rings[ON_DANGER] == 2

    answer = await browser.post("/unlock", passphrase="not the right one")
    assert "does not open" in answer.text
    assert console.duty is not None
    browser.http.cookies.clear()
    await browser.post("/unlock", passphrase=WORDS)
    assert console.duty is None
    assert case_name(case) in (await browser.get("/")).text


async def test_a_link_that_was_not_used_leads_nowhere_on_duty(browser: Browser) -> None:
    link = browser.login()
    await browser.post("/duty", hours="2")
    assert (await browser.http.get(link)).status_code == 403
    assert browser.console.duty is not None


async def test_the_end_of_the_shift_locks_and_the_idle_limit_does_not(
    browser: Browser, asleep: list[float]
) -> None:
    idle = browser.http._transport.app.state.idle  # type: ignore[attr-defined]
    await browser.post("/duty", hours="2")
    asleep[0] = 60 * 60
    assert not await idle.lock_if_idle()
    asleep[0] = 2 * 60 * 60
    assert await idle.lock_if_idle()
    assert browser.console.locked
    assert browser.console.duty is None
    assert "Not looking since" in (await browser.get("/unlock")).text


async def test_sleep_on_duty_locks(browser: Browser, asleep: list[float]) -> None:
    await browser.post("/duty", hours="8")
    asleep[0] = 30
    await look_once(browser.console)
    assert browser.console.locked
    assert browser.console.alarm.rings[ON_DEAF] == 1
