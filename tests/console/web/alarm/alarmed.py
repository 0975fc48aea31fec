"""A console with a browser that reports of danger come to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from app.console.web.alarm_watch import look_once
from app.console.web.console_settings import ConsoleSettings
from app.console.web.running_console import Console
from tests.console.browser import PORT, Browser, at
from tests.console.cases.test_danger import DANGER, body, somebody, tell
from tests.console.running_line import PASSPHRASE, Line

WORDS = PASSPHRASE.reveal().decode()
SCRIPT = {"x-quietline-csrf": ""}


@asynccontextmanager
async def console_of(line: Line, interval: float = 300) -> AsyncIterator[Browser]:
    """Give a browser at a console that would sync, and has nobody to sync with."""
    settings = ConsoleSettings(port=PORT, interval=interval)
    console = Console(line.folder_of("ana"), settings, now=lambda: line.now)
    console.adopt(line.vault())
    try:
        async with at(console) as browser:
            await browser.sign_in()
            yield browser
    finally:
        await console.lock()


async def state(browser: Browser) -> dict[str, object]:
    answer = await browser.get("/alarm/state", **SCRIPT)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


async def arrives(browser: Browser, number: int = 1) -> str:
    console = browser.console
    case = tell(console.vault, somebody(), console.now(), body(number, DANGER))
    await look_once(console)
    return case


def in_danger_unassigned(shown: httpx.Response) -> list[str]:
    """Return the cases with which *Deadlines* begins."""
    first = shown.text.split('id="due-danger"')[1].split("</section>")[0]
    return list(dict.fromkeys(re.findall(r"/cases/([0-9a-f]{64})", first)))
