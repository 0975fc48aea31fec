"""A server that holds back all that one colleague's console sends: the silence is told."""

from __future__ import annotations

import httpx
import pytest

from app.console.vault import Vault
from tests.console.browser import opened
from tests.console.running_desk import both_have_a_case
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


class Holding(httpx.AsyncBaseTransport):
    """Takes every batch of one console, says that it was stored, and drops it."""

    def __init__(self, real: httpx.AsyncBaseTransport) -> None:
        self._real = real

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path == "/api/v1/messages":
            return httpx.Response(201)
        return await self._real.handle_async_request(request)


async def weeks(line: Line, ana: Vault, ben: Vault, days: int, *, held: bool) -> str:
    """Both consoles at work for so many days; what ana's says at the end."""
    for _ in range(days):
        await line.turn(DAY)
        transport = Holding(line.transport) if held else None
        await line.sync(ben, days=2, team_hours=4, transport=transport)
        await line.turn()
        report = await line.sync(ana, days=2, team_hours=4)
    return " ".join(one.text for one in report.notices)


async def test_who_is_held_back_whole_is_missed(line: Line, ana: Vault, ben: Vault) -> None:
    await both_have_a_case(line, ana, ben)
    assert "Nothing has come from ben" not in await weeks(line, ana, ben, 9, held=False)
    assert "Nothing has come from ben" not in await weeks(line, ana, ben, 6, held=True)
    assert "Nothing has come from ben" in await weeks(line, ana, ben, 3, held=True)
    ana.close()
    async with opened(line) as browser:
        await browser.sign_in()
        assert "not heard since" in (await browser.get("/team")).text
    with line.vault("ana") as again:
        assert "Nothing has come" not in await weeks(line, again, ben, 2, held=False)
