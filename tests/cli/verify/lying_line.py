"""A line whose server may change what it sends, and what is found of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

import httpx

from app.cli.verify.looking import Looked, Looking, look
from app.protocol.line import Line as LineFile
from tests.server.conftest import Line

FILES = {
    "index.html": b"<title>Languages</title>",
    "en/index.html": b"<title>Step 1</title>",
    "uk/index.html": "<title>Крок 1</title>".encode(),
    "assets/app.js": b"'use strict';",
    "assets/site.css": b"p{}",
}
DAY = 86_400
RELEASE = {
    path: hashlib.sha256(FILES[path]).hexdigest() for path in ("assets/app.js", "assets/site.css")
}
ONION = "http://" + "a" * 56 + ".onion"
Change = Callable[[httpx.Request, httpx.Response], httpx.Response | None]


class Liar(httpx.AsyncBaseTransport):
    """The line's server, or one that changes what it likes on the way out."""

    def __init__(self, app: object, change: Change) -> None:
        self._honest = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        self._change = change

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._honest.handle_async_request(request)
        raw = b"".join([piece async for piece in answer.aiter_raw()])
        status, headers = answer.status_code, answer.headers
        read = httpx.Response(status, headers=headers, content=raw)
        if changed := self._change(request, read):
            return changed
        return httpx.Response(status, headers=read.headers, stream=httpx.ByteStream(raw))


def other(answer: httpx.Response, body: bytes | None = None, **headers: str) -> httpx.Response:
    """Return the same answer with another body, or with headers added or replaced."""
    kept = [(k, v) for k, v in answer.headers.multi_items() if k != "content-length"]
    if body is not None:
        kept = [(k, v) for k, v in kept if k != "content-encoding"]
    added = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = [(k, v) for k, v in kept if k not in added]
    stream = httpx.ByteStream(answer.content if body is None else body)
    if body is None and "content-encoding" in answer.headers:
        kept = [(k, v) for k, v in kept if k != "content-encoding"]
    return httpx.Response(answer.status_code, headers=[*kept, *added.items()], stream=stream)


def honest(_: httpx.Request, __: httpx.Response) -> None:
    return None


async def seen(
    line: Line,
    change: Change = honest,
    /,
    files: dict[str, bytes] = FILES,
    **changes: object,
) -> Looked:
    site = line.publish_site(files)
    async with line.serve(site_folder=site) as server:
        for index in (0, 1, 3):
            body = line.upload(index, range(2))
            assert (await server.client.post("/api/v1/bundles", content=body)).status_code == 204
        await server.tick()
        wanted = {
            "url": "http://line",
            "line": LineFile(line.line_id, "Line", "http://line", None),
            "ways": [False],
            "socks": None,
            "count": None,
            "release": RELEASE,
            "now": int(line.now),
            "rng": os.urandom,
            "progress": lambda *_: None,
            "transport": Liar(server.app, change),
        }
        return await look(Looking(**(wanted | changes)))  # type: ignore[arg-type]


def sentences(looked: Looked) -> set[tuple[str, str]]:
    return {(one.where, one.sentence) for one in looked.findings.all()}
