"""An HTTP client's hand that does the work before anything is stored, where a test is not about it.

Use it as ``auth=Working()``; a line without room asks for no work, and a request that carries a
Quietline-Work header already is left alone.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

import httpx

from app.protocol import work

_STORING = {
    "POST": ("/api/v1/messages", "/api/v1/work"),
    "PUT": ("/api/v1/chunks/", "/api/v1/work?for=chunks"),
}
"""By method: what costs work, and where it is asked for."""


class Working(httpx.Auth):
    """Solves a challenge for each batch and each chunk."""

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        if _costs(request):
            challenge = yield _asking(request)
            if challenge.is_success:
                request.headers[work.HEADER] = work.solve(challenge.read())
        yield request

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        if _costs(request):
            challenge = yield _asking(request)
            if challenge.is_success:
                request.headers[work.HEADER] = work.solve(await challenge.aread())
        yield request


def _costs(request: httpx.Request) -> bool:
    path, _ = _STORING.get(request.method, ("", ""))
    storing = path != "" and request.url.path.startswith(path)
    return storing and work.HEADER not in request.headers


def _asking(request: httpx.Request) -> httpx.Request:
    return httpx.Request("GET", request.url.join(_STORING[request.method][1]))
