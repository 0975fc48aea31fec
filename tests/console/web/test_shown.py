"""A page that answers a form is at an address of its own: for this browser, and once.

Whoever loads it again, or goes back to it, is led to the page where the form stood, as it is now; a
question is asked again.
"""

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
from tests.journeys.console_world import receive

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    async with opened(still) as one:
        await one.sign_in()
        yield one


async def asked(browser: Browser, question: str) -> str:
    """Where the browser is sent on to."""
    return await sent(browser, "/search", "/search", q=question)


async def sent(browser: Browser, path: str, stood: str, **fields: str) -> str:
    """Where the answer to a form is, that stood on a page."""
    headers = {"origin": HOME, "referer": browser.console.address + stood}
    form = {"csrf": browser.csrf} | fields
    answer = await browser.http.post(path, data=form, headers=headers)
    assert answer.status_code == 303
    assert not any(value in answer.headers["location"] for value in fields.values() if value)
    return browser.within(answer).headers["location"]


async def led_to(browser: Browser, path: str) -> str | None:
    """Where who comes to an address is led to; None where it is a page."""
    answer = await browser.get(path)
    return answer.headers.get("location") or None


async def test_a_question_is_asked_again_each_time(browser: Browser) -> None:
    where = await asked(browser, "zwirbelquestion")
    assert "Nothing found." in (await browser.get(where)).text
    receive(browser.console.vault, 1, "A zwirbelquestion, here.", browser.console.now())
    again = (await browser.get(where)).text
    assert "Nothing found." not in again
    assert "zwirbelquestion" in again


async def test_an_answer_is_shown_once_and_then_the_page_as_it_is_now(browser: Browser) -> None:
    where = await sent(browser, "/cases", "/?view=urgent", status="")
    assert "Select at least one case" in (await browser.get(where)).text
    for _ in range(2):
        assert await led_to(browser, where) == "/?view=urgent"


async def test_an_answer_to_an_answer_leads_to_the_page_before_both(browser: Browser) -> None:
    first = await sent(browser, "/cases", "/?view=urgent", status="")
    second = await sent(browser, "/cases", first, status="")
    for where in (first, second):
        await browser.get(where)
        assert await led_to(browser, where) == "/?view=urgent"


@pytest.mark.parametrize(
    "stood", ["//evil.example/", "/login?token=1", "/unlock", "http://evil.example/", "/shown/0"]
)
async def test_it_leads_to_no_place_but_a_page_of_ours(browser: Browser, stood: str) -> None:
    where = await sent(browser, "/cases", stood, status="")
    await browser.get(where)
    assert await led_to(browser, where) == "/"


async def test_a_refusal_keeps_its_words_and_its_status(browser: Browser) -> None:
    refused = await browser.post("/cases", case="0" * 64, status="open")
    assert refused.status_code == 400


async def test_who_is_not_signed_in_and_who_comes_late_see_nothing(browser: Browser) -> None:
    page = await sent(browser, "/cases", "/team", status="")
    question = await asked(browser, "zwirbelquestion")
    browser.http.cookies.clear()
    for path in (page, AT, f"{AT}{'0' * 32}"):
        assert await led_to(browser, path) == "/"
    assert str(await led_to(browser, question)).startswith("/unlock")
    await browser.sign_in()
    assert "Select at least one case" in (await browser.get(page)).text
    assert "zwirbelquestion" in (await browser.get(question)).text
    await browser.console.lock()
    browser.console.unlock(PASSPHRASE)
    await browser.sign_in()
    assert await led_to(browser, page) == "/"
    assert await led_to(browser, question) == "/search"


async def test_so_many_are_kept_and_no_more(browser: Browser) -> None:
    first = await asked(browser, "zwirbelquestion")
    page = await sent(browser, "/cases", "/team", status="")
    for _ in range(LATEST):
        await asked(browser, "another")
        await sent(browser, "/cases", "/", status="")
    assert await led_to(browser, first) == "/search"
    assert await led_to(browser, page) == "/"


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
        where = await sent(browser, "/cases", "/", status="")
        now = console.settings.idle_minutes * 60 + 1
        assert await led_to(browser, where) == "/"
    await console.lock()
