"""Every call that a console makes to the server (design, HTTP version 1).

Through Tor, each is on a circuit of its own.

Messages and chunks go by the reporters' address, so that reading looks like any visit; only bundles
go by the investigators' address, where the agency runs one. Through Tor each call takes a fresh
random name and password at the SOCKS port (IsolateSOCKSAuth), which is a fresh circuit, and a
random wait before it. Where there is no Tor between, many calls share a few connections (``kept``).
"""

import asyncio
import ssl
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from app.console.errors import KeysNotTaken, ServerProblem, ServerRefused
from app.console.transport import working
from app.console.transport.calls import HEADERS, call, checked
from app.console.transport.kept_connections import KeptLines, NotKept
from app.protocol import work
from app.protocol.errors import BadWork
from app.protocol.wire import CHUNK_BYTES, ENVELOPE_BYTES

Rng = Callable[[int], bytes]
Transport = httpx.AsyncBaseTransport

DIRECTORY_MAX = 8 * 1024**2
BUNDLES_MAX = 8 * 1024**2
CHALLENGES_MAX = 32 * 1024**2
SITE_MAX = 8 * 1024**2
NOTHING_MAX = 64 * 1024
WORK_ATTEMPTS = 3
_TOOK_NOTHING = ("stale-bundles", "too-many")
CIRCUITS_AT_ONCE = 16
KEPT_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class LineClientSettings:
    """Where the server is and how to get there.

    ``server`` and ``investigators`` are base URLs without a slash at the end; ``socks`` is
    "host:port" of Tor; ``jitter`` is the longest wait before a call, in seconds.
    """

    server: str
    investigators: str | None = None
    socks: str | None = None
    jitter: float = 0.0
    timeout: float = 60.0


class LineClient:
    """Open it with ``async with``. Raises ServerProblem or ServerRefused from every call.

    ``transport`` replaces the network (an ASGI application in tests and in the demo's seeding).
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
                raise ServerProblem(
                    "This line is reached through Tor. Start Tor and give its port: "
                    "--socks 127.0.0.1:9050"
                )
        self._settings = settings
        self._rng = rng
        self._transport = transport
        self._direct: httpx.AsyncClient | None = None
        self._kept: KeptLines | None = None
        self._tls: ssl.SSLContext | None = None
        self.working: work.Progress = lambda *_: None
        """Told, in another thread, how far the work is that the line asks for."""
        self._purses = {one: work.WorkCredit() for one in (work.BATCH, work.FILES)}
        self._closed = threading.Event()

    async def __aenter__(self) -> "LineClient":
        self._closed.clear()
        if self._settings.socks is None:
            self._direct = self._client(None)
            if self._transport is None:
                where, timeout = self._settings.server, self._settings.timeout
                self._kept = KeptLines(where, HEADERS, self._trusted(), timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed.set()  # work that is under way ends
        if self._direct is not None:
            await self._direct.aclose()
            self._direct = None
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    @property
    def at_once(self) -> int:
        """How many messages are worth asking for together."""
        return CIRCUITS_AT_ONCE if self._kept is None else KEPT_AT_ONCE

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
        """Delete a message, to which its id is the right; a missing one is as good as deleted."""
        await self._call("DELETE", f"/api/v1/messages/{id_.hex()}", NOTHING_MAX)

    async def post_messages(self, epoch: int, batch: bytes) -> None:
        """Post a batch. Raises ServerRefused named ``stale-bundles`` when the epoch is over."""
        await self._store("POST", f"/api/v1/messages?epoch={epoch}", batch, work.BATCH)

    async def post_bundles(self, upload: bytes) -> None:
        """Post signed bundles; the server keeps the first one of each window.

        Raises KeysNotTaken where investigators have an address of their own and it is out of reach.
        """
        own = self._settings.investigators
        try:
            await self._call("POST", "/api/v1/bundles", NOTHING_MAX, upload, base=own)
        except ServerRefused:
            raise
        except ServerProblem as error:
            if own is None:
                raise
            raise KeysNotTaken(
                "The investigators' address was not reached, so the server has no new keys of "
                "this console. Either it is away, or this computer's Tor lacks the key for that "
                f"address: ask the operator whether it still lets this computer in. ({error})"
            ) from None

    async def chunk(self, id_: bytes) -> bytes | None:
        """Return 262,144 bytes of an attachment, or None when the server does not have it."""
        path = f"/api/v1/chunks/{id_.hex()}"
        try:
            return await self._get(path, CHUNK_BYTES, exact=CHUNK_BYTES)
        except ServerRefused as error:
            if error.status == 404:
                return None
            raise

    async def put_chunk(self, id_: bytes, chunk: bytes) -> None:
        """Store a chunk, write-once: an existing id stays as it is."""
        await self._store("PUT", f"/api/v1/chunks/{id_.hex()}", chunk, work.FILES)

    async def _store(self, method: str, path: str, body: bytes, what: str) -> None:
        """Hand something over with the work that it costs, like a reporter's page."""
        credit = self._purses[what]
        for attempt in range(WORK_ATTEMPTS):
            header = await self._work(credit, what)
            try:
                await self._call(method, path, NOTHING_MAX, body, work=header)
            except ServerRefused as error:
                if error.status >= 500 or error.name in _TOOK_NOTHING:
                    credit.give_back()
                if not error.name.startswith("work-") or attempt == WORK_ATTEMPTS - 1:
                    raise
                credit.empty()
            else:
                return

    async def _work(self, credit: work.WorkCredit, what: str) -> str:
        header = credit.take()
        if header is None:
            try:
                await working.earn(
                    credit,
                    lambda: self._get(work.CHALLENGE_PATHS[what], NOTHING_MAX),
                    self._rng,
                    (ServerProblem,),
                    self._closed.is_set,
                    self.working,
                )
            except BadWork as error:
                raise ServerProblem(str(error)) from None
            header = credit.take()
        return header or ""

    async def _get(self, path: str, limit: int, exact: int | None = None) -> bytes:
        return await self._call("GET", path, limit, exact=exact)

    async def _call(
        self,
        method: str,
        path: str,
        limit: int,
        body: bytes | None = None,
        exact: int | None = None,
        base: str | None = None,
        work: str | None = None,
    ) -> bytes:
        if self._settings.jitter > 0:
            share = int.from_bytes(self._rng(4)) / 2**32
            await asyncio.sleep(self._settings.jitter * share)
        if self._kept is not None and body is None and base is None:
            # Reading and deleting: if it fails here, it is simply done once more below.
            with suppress(NotKept):
                return checked(*await self._kept.call(method, path, limit), limit, exact)
        url = (base or self._settings.server) + path
        async with self._circuit() as client:
            try:
                return await call(client, method, url, limit, body, exact, work)
            except ServerProblem as error:
                if self._direct is None and isinstance(error.__context__, httpx.ConnectError):
                    raise ServerProblem(
                        f"Tor does not answer at {self._settings.socks}. Is it running?"
                    ) from None
                raise

    def _circuit(self) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        if self._direct is not None:
            return nullcontext(self._direct)
        name, word = self._rng(16).hex(), self._rng(16).hex()
        return self._client(f"socks5h://{name}:{word}@{self._settings.socks}")

    def _client(self, proxy: str | None) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers=HEADERS,
            transport=self._transport,
            proxy=proxy,
            verify=self._trusted(),
            timeout=self._settings.timeout,
            # Neither a proxy nor a password file of the environment may decide where this goes.
            trust_env=False,
            follow_redirects=False,
        )

    def _trusted(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        return self._tls
