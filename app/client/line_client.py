"""Every call of a line's interface (docs/spec/http.md); through Tor each on a circuit of its own.

Messages and chunks go by the reporters' address, so that reading looks like any visit; only
bundles go by the investigators' address, where the agency runs one. A reporter's whole visit may
go on one circuit, as a browser's does.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.client import refusals, working
from app.client.line_errors import KeysNotTaken, LineError, LineRefused
from app.client.transport.circuits import Circuit, NotReached, Transport, trusted
from app.client.transport.exchange import TooLarge
from app.protocol import work
from app.protocol.challenges import MAX_ROWS, ROW_BYTES
from app.protocol.errors import BadWork
from app.protocol.group import Rng
from app.protocol.wire import CHUNK_BYTES, ENVELOPE_BYTES
from app.sentences.translatable import said_by, say

DIRECTORY_MAX = 8 * 1024**2
BUNDLES_MAX = 8 * 1024**2
CHALLENGES_MAX = MAX_ROWS * ROW_BYTES
SITE_MAX = 8 * 1024**2
NOTHING_MAX = 64 * 1024
WORK_ATTEMPTS = 3
_OK, _CREATED, _NO_CONTENT = 200, 201, 204
_TOOK_NOTHING = ("stale-bundles", "too-many")
AT_ONCE = 16
"""Calls that are worth making at once: Tor builds no more circuits side by side than 32."""


@dataclass(frozen=True, slots=True)
class LineClientSettings:
    """Where the server is and how to get there.

    ``server`` and ``investigators`` are base URLs without a slash at the end; ``socks`` is
    "host:port" or "unix:PATH" of Tor; ``jitter`` is the longest wait before a call, ``timeout`` the
    longest silence, in seconds. With ``one_circuit`` all calls of a visit share a circuit.
    """

    server: str
    investigators: str | None = None
    socks: str | None = None
    jitter: float = 0.0
    timeout: float = 60.0
    one_circuit: bool = False


class LineClient:
    """Open it with ``async with``. Raises LineError from every call.

    ``transport`` replaces the network (an application in this process, or a test's).
    """

    def __init__(
        self,
        settings: LineClientSettings,
        rng: Rng,
        transport: Transport | None = None,
    ) -> None:
        for url in (settings.server, settings.investigators or settings.server):
            host = urlsplit(url).hostname or ""
            if host.endswith(".onion") and settings.socks is None and transport is None:
                raise LineError(
                    say(
                        "This line is reached through Tor. Start Tor and give its port: "
                        "--socks 127.0.0.1:9050"
                    )
                )
        self._settings = settings
        self._rng = rng
        self._transport = transport
        self._shared: Circuit | None = None
        self._tls: ssl.SSLContext | None = None
        self.working: work.Progress = lambda *_: None
        """Told, in another thread, how far the work is that the line asks for."""
        self._credits = {one: work.WorkCredit() for one in (work.BATCH, work.FILES)}
        self._closed = threading.Event()

    async def __aenter__(self) -> LineClient:
        self._closed.clear()
        if self._settings.socks is None or self._settings.one_circuit:
            self._shared = self._fresh()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed.set()  # work that is under way ends
        if self._shared is not None:
            await self._shared.close()
            self._shared = None

    async def directory(self) -> bytes:
        """Return the signed directory file, unverified."""
        return await self._get("/api/v1/directory", DIRECTORY_MAX)

    async def bundles(self) -> bytes:
        """Return the epoch's bundles, unverified."""
        return await self._get("/api/v1/bundles", BUNDLES_MAX)

    async def site(self, path: str) -> bytes:
        """Return a file of the line's site, unverified."""
        return await self._get(f"/{path}", SITE_MAX)

    async def challenges(self) -> bytes:
        """Return the epoch's challenge set, a whole number of 64-byte rows."""
        return await self._get("/api/v1/challenges", CHALLENGES_MAX)

    async def message(self, id_: bytes) -> bytes:
        """Return 19,936 bytes for a 16-byte id, hit or miss: who asks finds out by the hint."""
        path = f"/api/v1/messages/{id_.hex()}"
        return await self._get(path, ENVELOPE_BYTES, exact=ENVELOPE_BYTES)

    async def delete_message(self, id_: bytes) -> None:
        """Delete. Knowing an id is the right to; a missing one is as good as deleted."""
        path = f"/api/v1/messages/{id_.hex()}"
        await self._call("DELETE", path, NOTHING_MAX, (_NO_CONTENT,))

    async def post_messages(self, epoch: int, batch: bytes) -> None:
        """Hand a batch over. Raises LineRefused named ``stale-bundles`` when the epoch is over."""
        path = f"/api/v1/messages?epoch={epoch}"
        await self._store("POST", path, batch, work.BATCH, (_CREATED,))

    async def post_bundles(self, upload: bytes) -> None:
        """Hand signed bundles over; the server keeps the first one of each window.

        Raises KeysNotTaken where investigators have an address of their own and it is out of reach.
        """
        own = self._settings.investigators
        good = (_NO_CONTENT,)
        try:
            await self._call("POST", "/api/v1/bundles", NOTHING_MAX, good, upload, base=own)
        except LineRefused:
            raise
        except LineError as error:
            if own is None:
                raise
            raise KeysNotTaken(
                say(
                    "The investigators' address was not reached, so the server has no new keys of "
                    "this console. Either it is away, or this computer's Tor lacks the key for that"
                    " address: ask the operator whether it still lets this computer in. ({reason})",
                    reason=said_by(error),
                )
            ) from None

    async def chunk(self, id_: bytes) -> bytes:
        """Return 262,144 bytes of an attachment.

        Raises LineRefused named ``not-found`` when the server does not have it.
        """
        path = f"/api/v1/chunks/{id_.hex()}"
        return await self._get(path, CHUNK_BYTES, exact=CHUNK_BYTES)

    async def put_chunk(self, id_: bytes, chunk: bytes) -> None:
        """Hand a chunk over; an existing id stays as it is."""
        path = f"/api/v1/chunks/{id_.hex()}"
        await self._store("PUT", path, chunk, work.FILES, (_CREATED, _NO_CONTENT))

    async def _store(
        self, method: str, path: str, body: bytes, what: str, good: tuple[int, ...]
    ) -> None:
        """Hand something over with the work that it costs, like a reporter's page."""
        credit = self._credits[what]
        for attempt in range(WORK_ATTEMPTS):
            header = await self._work(credit, what)
            try:
                await self._call(method, path, NOTHING_MAX, good, body, work_header=header)
            except LineRefused as error:
                if error.status >= 500 or error.name in _TOOK_NOTHING:
                    credit.give_back()
                if not error.name.startswith("work-") or attempt == WORK_ATTEMPTS - 1:
                    raise
                credit.empty()
            else:
                return

    async def _work(self, credit: work.WorkCredit, what: str) -> str:
        """Return a header that buys one of ``what``; seconds of work, if none is at hand."""
        header = credit.take()
        if header is None:
            try:
                await working.earn(
                    credit,
                    lambda: self._get(work.CHALLENGE_PATHS[what], NOTHING_MAX),
                    self._rng,
                    (LineError,),
                    self._closed.is_set,
                    self.working,
                )
            except BadWork as error:
                raise LineError(str(error)) from None
            header = credit.take()
        return header or ""

    async def _get(self, path: str, limit: int, exact: int | None = None) -> bytes:
        return await self._call("GET", path, limit, (_OK,), exact=exact)

    async def _call(
        self,
        method: str,
        path: str,
        limit: int,
        good: tuple[int, ...],
        body: bytes | None = None,
        exact: int | None = None,
        base: str | None = None,
        work_header: str | None = None,
    ) -> bytes:
        """Return the body of an answer with a good status, of at most ``limit`` bytes."""
        if self._settings.jitter > 0:
            share = int.from_bytes(self._rng(4)) / 2**32
            await asyncio.sleep(self._settings.jitter * share)
        more = [] if body is None else [("content-type", "application/octet-stream")]
        if work_header is not None:
            more.append((work.HEADER, work_header))
        try:
            url = (base or self._settings.server) + path
            async with self._circuit() as circuit:
                answer = await circuit.call(method, url, limit, body=body, more=more)
        except TooLarge:
            raise LineError(refusals.TOO_LARGE) from None
        except NotReached as error:
            raise refusals.unreached(error, self._settings.socks) from None
        refusals.check(answer.status, answer.body, good, exact)
        return answer.body

    def _circuit(self) -> AbstractAsyncContextManager[Circuit]:
        return self._fresh() if self._shared is None else nullcontext(self._shared)

    def _fresh(self) -> Circuit:
        to = self._settings
        return Circuit(self._rng, to.socks, self._transport, to.timeout, self._trusted())

    def _trusted(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = trusted(self._settings.server, self._settings.investigators or "")
        return self._tls
