"""A page that is left while a form of it is on the way: no failure, and nothing half is kept."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest

from app.console.vault.records import drafts
from app.console.web_application import create_app
from tests.console.browser import HOME, Browser, opened
from tests.console.cases.cases_at_hand import some_cases
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio


async def cut_off(browser: Browser, path: str) -> list[MutableMapping[str, Any]]:
    """Send half a form, as a browser does whose window is closed, and return what is answered."""
    root = browser.console.access.root
    cookie = "; ".join(f"{one.name}={one.value}" for one in browser.http.cookies.jar)
    told: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": b"text=half+of+wh", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return told.pop(0) if told else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = {"host": HOME.removeprefix("http://"), "origin": HOME, "cookie": cookie}
    headers |= {"x-quietline-csrf": browser.csrf}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": root + path,
        "raw_path": (root + path).encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", browser.console.port),
        "scheme": "http",
    }
    await create_app(browser.console)(scope, receive, send)
    return sent


@pytest.mark.parametrize("form", ["draft", "notes/draft", "triage", "notes"])
async def test_a_form_that_is_cut_off_is_no_failure_of_the_console(line: Line, form: str) -> None:
    (case,) = await some_cases(line, 1)
    async with opened(line) as browser:
        await browser.sign_in()
        answer = await cut_off(browser, f"/cases/{case}/{form}")
        assert answer[0]["status"] == 400
        with browser.console.vault.read() as tx:
            assert drafts.drafted(tx) == set()
