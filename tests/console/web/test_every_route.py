"""Every address that changes something, found by walking the application: all are guarded."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from app.console.web.console_settings import ConsoleSettings
from app.console.web.running_console import Console
from app.console.web_application import create_app
from tests.console.browser import HOME, Browser, opened
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio

NO_SESSION_YET = {"/unlock", "/move", "/practise"}
"""The passphrase proves itself; practice shows nothing real. Host and Origin are checked."""


def changing(routes: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield method and path of every route but those that only read, parameters filled in."""
    for route in routes:
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        if inner is not None:
            yield from changing(inner)
        for method in sorted(set(getattr(route, "methods", None) or ()) - {"GET", "HEAD"}):
            yield method, re.sub(r"\{[^}]*\}", "1", route.path)


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    async with opened(still) as one:
        await one.sign_in()
        yield one


@pytest.fixture
def paths(still: Line) -> list[tuple[str, str]]:
    app = create_app(Console(still.folder_of("ana"), ConsoleSettings()))
    found = sorted(set(changing(list(app.routes))))
    assert len(found) > 30
    assert {"/lock", "/machine/passphrase", "/retention/schedule"} <= {path for _, path in found}
    return found


async def test_none_is_asked_by_another_page_or_under_another_name(
    browser: Browser, paths: list[tuple[str, str]]
) -> None:
    form = {"csrf": browser.csrf}
    for method, path in paths:
        for headers in (
            {},
            {"origin": "null"},
            {"origin": "http://evil.test"},
            {"origin": HOME, "sec-fetch-site": "cross-site"},
            {"origin": "http://evil.test:8100", "host": "evil.test:8100"},
        ):
            answer = await browser.http.request(method, path, data=form, headers=headers)
            assert answer.status_code == 403, (method, path, headers)
    assert not browser.console.locked


async def test_none_does_anything_without_the_pages_token(
    browser: Browser, paths: list[tuple[str, str]]
) -> None:
    for method, path in paths:
        if path in NO_SESSION_YET:
            continue
        for form in ({}, {"csrf": "x" * 43}):
            answer = await browser.shown(
                await browser.http.request(method, path, data=form, headers={"origin": HOME})
            )
            assert answer.status_code == 400, (method, path)
            assert "too old" in answer.text, (method, path)
    assert not browser.console.locked


async def test_none_does_anything_without_a_session(
    browser: Browser, paths: list[tuple[str, str]]
) -> None:
    browser.http.cookies.clear()
    for method, path in paths:
        if path in NO_SESSION_YET:
            continue
        form = {"csrf": browser.csrf}
        answer = await browser.http.request(method, path, data=form, headers={"origin": HOME})
        assert browser.within(answer).headers.get("location") == "/unlock", (method, path)
    assert not browser.console.locked
