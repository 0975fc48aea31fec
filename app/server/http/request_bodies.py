"""Reading a request's body within bounds, however long it says it is."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

from app.server.admission.room import HeldBody
from app.server.responses.problem_details import BUSY, TOO_LONG, WRONG_LENGTH, Problem

OCTETS = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""For the OpenAPI description of a call that takes bytes."""

_PATIENCE = 2**20
"""Bytes of a body already refused that are still taken, so that the sender hears the answer."""


async def at_most(request: Request, limit: int, held: HeldBody) -> bytes:
    """Return the whole body if it has at most ``limit`` bytes; else raise Problem(TOO_LONG).

    One that announces more is refused before any of it is read. What comes is kept in ``held``;
    Problem(BUSY) if there is no room for it, or others need it more.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise Problem(TOO_LONG)
    try:
        async with asyncio.timeout(None) as ends:
            with held.reading(ends):
                return await _read(request, limit, held)
    except TimeoutError:
        raise Problem(BUSY) from None


async def _read(request: Request, limit: int, held: HeldBody) -> bytes:
    parts: list[bytes] = []
    size = excess = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            excess += len(part)
            parts.clear()
            held.give_back()
            if excess > limit + _PATIENCE:
                break
        else:
            held.take(len(part))
            parts.append(part)
    if excess:
        raise Problem(TOO_LONG)
    return b"".join(parts)


async def exactly(request: Request, size: int, held: HeldBody) -> bytes:
    """Return the body of exactly ``size`` bytes; else raise Problem (400 shorter, 413 longer).

    See ``at_most``.
    """
    body = await at_most(request, size, held)
    if len(body) != size:
        raise Problem(WRONG_LENGTH)
    return body


async def discard(request: Request, limit: int) -> None:
    """Take what is sent, up to ``limit`` bytes, keeping none: the answer does not depend on it."""
    taken = 0
    async for part in request.stream():
        taken += len(part)
        if taken > limit:
            return
