"""A browser without a screen: keeps cookies, sends Origin, finds the page's token."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from app.console.main import create_app
from app.console.running import Console
from app.console.settings import ConsoleSettings
from tests.console.line import Line

PORT = 8100
HOME = f"http://127.0.0.1:{PORT}"


class Browser:
    """One browser at one running console."""

    def __init__(self, http: httpx.AsyncClient, console: Console) -> None:
        self.http = http
        self.console = console
        self.csrf = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        answer = await self.http.get(path, headers=headers)
        if found := re.search(r'name="csrf" content="([^"]*)"', answer.text):
            self.csrf = found[1]
        return answer

    async def post(self, path: str, **fields: str) -> httpx.Response:
        form = {"csrf": self.csrf} | fields
        return await self.http.post(path, data=form, headers={"origin": HOME})

    async def call(self, path: str, body: bytes = b"", **headers: str) -> httpx.Response:
        given = {"origin": HOME, "x-quietline-csrf": self.csrf} | headers
        return await self.http.post(path, content=body, headers=given)

    async def sign_in(self) -> httpx.Response:
        path = self.console.login_url().removeprefix(HOME)
        await self.get(path)
        return await self.get("/")


@asynccontextmanager
async def opened(line: Line, name: str = "ana") -> AsyncIterator[Browser]:
    """A console over a line's vault, without a background sync, and a browser at its door."""
    settings = ConsoleSettings(port=PORT, interval=0, delete_at_once=True, bundle_days=1)
    console = Console(
        line.folder_of(name), settings, now=lambda: line.now, transport=line.transport
    )
    console.adopt(line.vault(name))
    app = create_app(console)
    try:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as http:
            yield Browser(http, console)
    finally:
        await console.lock()
