"""A browser without a screen: keeps cookies, sends Origin, finds the page's token."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from app.console.web.console_settings import ConsoleSettings
from app.console.web.frame import Frame
from app.console.web.running_console import Console
from app.console.web.shown import AT
from app.console.web_application import create_app
from tests.console.running_line import Line

PORT = 1
"""Where nobody listens. At the console's usual port another program of this machine may: then the
caller, who has no socket here, is looked for in the system's list, and refused."""
HOME = f"http://127.0.0.1:{PORT}"
"""Where the console listens: what a browser says as its pages' origin. Their addresses begin with
the console's own path, which ``Browser`` puts before the ones that tests name."""


ELSEWHERE = (AT, "/search/")
"""Where the answer to a form is shown: any other redirect leads to a page that has a name."""

ADDRESS = re.compile(r' (?:href|src|action|formaction|data-picture)="([^"]*)"')


class Browser:
    """One browser at one running console.

    Every address that it is shown must be under the path that the console has for itself; in what
    it gives back, that path is taken off again.
    """

    def __init__(self, http: httpx.AsyncClient, console: Console) -> None:
        self.http = http
        self.console = console
        self.csrf = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        answer = self.within(await self.http.get(path, headers=headers))
        if found := re.search(r'name="csrf" content="([^"]*)"', answer.text):
            self.csrf = found[1]
        return answer

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Return what is shown after a form."""
        form = {"csrf": self.csrf} | fields
        return await self.shown(await self.http.post(path, data=form, headers={"origin": HOME}))

    async def shown(self, answer: httpx.Response) -> httpx.Response:
        """Return the page that answers a form, at an address of its own; any other answer."""
        answer = self.within(answer)
        to = answer.headers.get("location", "")
        return self.within(await self.http.get(to)) if to.startswith(ELSEWHERE) else answer

    async def call(self, path: str, body: bytes = b"", **headers: str) -> httpx.Response:
        given = {"origin": HOME, "x-quietline-csrf": self.csrf} | headers
        return self.within(await self.http.post(path, content=body, headers=given))

    async def sign_in(self) -> httpx.Response:
        await self.get(self.login())
        return await self.get("/")

    def login(self) -> str:
        """Return a new link that signs in, once."""
        return self.console.login_url().removeprefix(self.console.address)

    def places(self) -> list[str]:
        """Return the addresses of the bar."""
        frame = Frame.of(self.console.features, practice=self.console.practice)
        return [address for address, _ in frame.places]

    def within(self, answer: httpx.Response) -> httpx.Response:
        """Return an answer without the console's own path on its addresses: each must have it."""
        root = self.console.access.root
        to = answer.headers.get("location", "")
        if to.startswith("/"):
            assert to.startswith(f"{root}/"), to
            answer.headers["location"] = to.removeprefix(root)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return answer
        for shown in ADDRESS.findall(answer.text):
            assert shown.startswith((f"{root}/", "#", "?", "http://127.0.0.1:")), shown
        text = answer.text.replace(f'="{root}/', '="/')
        # As a browser has it: unpacked.
        headers = [pair for pair in answer.headers.items() if pair[0] != "content-encoding"]
        return httpx.Response(
            answer.status_code, headers=headers, text=text, request=answer.request
        )


@asynccontextmanager
async def at(console: Console) -> AsyncIterator[Browser]:
    """Give a browser at the login of a console, whose pages are asked for without a network."""
    transport = httpx.ASGITransport(create_app(console))
    async with httpx.AsyncClient(transport=transport, base_url=console.address) as http:
        yield Browser(http, console)


@asynccontextmanager
async def opened(line: Line, name: str = "ana") -> AsyncIterator[Browser]:
    """Give a browser at the login of a console over a line's vault, without a background sync."""
    settings = ConsoleSettings(port=PORT, interval=0, delete_at_once=True, bundle_days=1)
    console = Console(
        line.folder_of(name), settings, now=lambda: line.now, transport=line.transport
    )
    console.adopt(line.vault(name))
    try:
        async with at(console) as browser:
            yield browser
    finally:
        await console.lock()
