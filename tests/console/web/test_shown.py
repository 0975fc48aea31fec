"""A page that answers a form is at an address of its own: for this browser, and not for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.console.web.console_settings import ConsoleSettings
from app.console.web.idle import Idle
from app.console.web.running_console import Console
from app.console.web.shown import AT, LATEST
from app.console.web_application import create_app
from tests.console.browser import HOME, PORT, Browser, opened
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    async with opened(still) as one:
        await one.sign_in()
        yield one


async def asked(browser: Browser, question: str) -> str:
    """Where the browser is sent on to."""
    form = {"csrf": browser.csrf, "q": question}
    answer = await browser.http.post("/search", data=form, headers={"origin": HOME})
    assert answer.status_code == 303
    assert question not in answer.headers["location"]
    return browser.within(answer).headers["location"]


async def test_the_page_is_there_again_for_who_goes_back(browser: Browser) -> None:
    where = await asked(browser, "zwirbelquestion")
    for _ in range(2):
        assert "zwirbelquestion" in (await browser.get(where)).text


async def test_a_refusal_keeps_its_words_and_its_status(browser: Browser) -> None:
    refused = await browser.post("/cases", case="0" * 64, status="open")
    assert refused.status_code == 400


async def test_who_is_not_signed_in_and_who_comes_late_see_nothing(browser: Browser) -> None:
    where = await asked(browser, "zwirbelquestion")
    browser.http.cookies.clear()
    for path in (where, AT, f"{AT}{'0' * 32}"):
        assert (await browser.get(path)).headers["location"] == "/"
    await browser.sign_in()
    assert "zwirbelquestion" in (await browser.get(where)).text
    await browser.console.lock()
    browser.console.unlock(PASSPHRASE)
    await browser.sign_in()
    assert (await browser.get(where)).headers["location"] == "/"


async def test_so_many_are_kept_and_no_more(browser: Browser) -> None:
    first = await asked(browser, "zwirbelquestion")
    for _ in range(LATEST):
        await asked(browser, "another")
    assert (await browser.get(first)).headers["location"] == "/"


async def test_a_recovery_code_is_not_shown_twice(browser: Browser) -> None:
    form = {"csrf": browser.csrf, "passphrase": "wrong", "needed": "1", "of": "1"}
    answer = await browser.http.post("/machine/recovery", data=form, headers={"origin": HOME})
    assert answer.headers.get("location") is None


async def test_who_comes_when_the_time_is_over_sees_nothing(still: Line) -> None:
    """Before the console has looked whether it is: whoever opens a lid is quicker."""
    console = Console(still.folder_of("ana"), ConsoleSettings(port=PORT, interval=0))
    console.adopt(still.vault())
    now = 0.0
    app = create_app(console)
    app.state.idle = Idle(console, lambda: now)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=console.address) as http:
        browser = Browser(http, console)
        await browser.sign_in()
        where = await asked(browser, "zwirbelquestion")
        assert (await browser.get(where)).status_code == 200
        now = console.settings.idle_minutes * 60 + 1
        assert (await browser.get(where)).headers["location"] == "/"
    await console.lock()
