"""Honest clients who go on, whatever happens: what they were told, and what they were refused."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from app.protocol import work
from app.protocol.answers import solve
from app.protocol.wire import CHUNK_BYTES, ENVELOPE_BYTES, EpochBundles
from tests.onion.process import until
from tests.server.conftest import Line, fake_batch

PAUSE_SECONDS = 0.25
AWAY = "The line is being started again. Come back in a minute."
_CALMS_WITHIN = 240
WORDS = {
    (409, "stale-bundles"),  # seal again
    (401, "work-needed"),  # work again: nobody can count what the store had counted
    (403, "work-replayed"),
    (403, "work-expired"),  # the line has got fuller meanwhile
    (503, "not-ready"),
    (503, "busy"),
    (502, AWAY),
}
"""What may be answered while something is away: each says what to do."""


def digest(content: bytes) -> bytes:
    """Return the name under which a content is remembered."""
    return hashlib.sha256(content).digest()


@dataclass
class Told:
    """What clients were told. ``answers`` counts every answer by status and what it says."""

    acknowledged: set[bytes] = field(default_factory=set)
    """Envelopes of batches that got a 201."""
    chunks: dict[str, bytes] = field(default_factory=dict)
    """Chunks that got a 201, by id."""
    answers: Counter[tuple[int, str]] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    """Connections that ended without an answer, by the error's class."""
    sets: dict[int, set[bytes]] = field(default_factory=dict)
    """Digests of bundles and challenges that were seen in an epoch."""
    failed: list[BaseException] = field(default_factory=list)
    reports: int = 0


class Clients:
    """Reporters and a reader, each in a thread with a connection of its own."""

    def __init__(self, connect: Callable[[], httpx.Client], fetch: bytes, reporters: int) -> None:
        self.told = Told()
        self._connect = connect
        self._fetch = fetch
        self._ended = threading.Event()
        doing = [self._report] * reporters + [self._read]
        self._threads = [threading.Thread(target=self._go_on, args=(one,)) for one in doing]

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def more(self, reports: int, chunks: int = 1) -> None:
        """Wait until so many more were acknowledged: the line serves."""
        had, had_chunks = self.told.reports, len(self.told.chunks)
        until(
            _CALMS_WITHIN,
            f"nothing is taken any more: {self.told.answers}, {self.told.broken}",
            lambda: (
                self.told.reports >= had + reports and len(self.told.chunks) >= had_chunks + chunks
            ),
        )

    def _go_on(self, once: Callable[[httpx.Client], None]) -> None:
        try:
            with self._connect() as client:
                while not self._ended.wait(PAUSE_SECONDS):
                    try:
                        once(client)
                    except httpx.TransportError as error:
                        self.told.broken[type(error).__name__] += 1
        except BaseException as error:
            self.told.failed.append(error)

    def _report(self, client: httpx.Client) -> None:
        """Send a report, and now and then a chunk; sealed anew, worked anew where asked to."""
        bundles = self._ask(client, "GET", "/api/v1/bundles")
        if not bundles.is_success:
            return
        body = fake_batch(3, self._fetch)
        epoch = EpochBundles.parse(bundles.content).epoch
        if self._sent(client, "POST", f"/api/v1/messages?epoch={epoch}", body):
            self.told.acknowledged |= {
                digest(body[at : at + ENVELOPE_BYTES]) for at in range(0, len(body), ENVELOPE_BYTES)
            }
            self.told.reports += 1
        if self.told.reports % 3 == 0:
            name = os.urandom(16).hex()
            chunk = os.urandom(CHUNK_BYTES)
            if self._sent(client, "PUT", f"/api/v1/chunks/{name}", chunk):
                self.told.chunks[name] = digest(chunk)

    def _sent(self, client: httpx.Client, method: str, path: str, body: bytes) -> bool:
        what = work.FILES if method == "PUT" else work.BATCH
        challenge = self._ask(client, "GET", work.CHALLENGE_PATHS[what])
        if not challenge.is_success:
            return False
        header = {work.HEADER: work.solve(challenge.content)}
        return self._ask(client, method, path, content=body, headers=header).status_code == 201

    def _read(self, client: httpx.Client) -> None:
        """Look at an epoch as every visitor does."""
        first, rows, again = (
            self._ask(client, "GET", f"/api/v1/{call}")
            for call in ("bundles", "challenges", "bundles")
        )
        if first.is_success and rows.is_success and first.content == again.content:
            epoch = EpochBundles.parse(first.content).epoch
            seen = digest(first.content) + digest(rows.content)
            self.told.sets.setdefault(epoch, set()).add(seen)

    def _ask(self, client: httpx.Client, method: str, path: str, **more: object) -> httpx.Response:
        answer = client.request(method, path, **more)  # type: ignore[arg-type]
        self.told.answers[answer.status_code, _said(answer)] += 1
        return answer


def _said(answer: httpx.Response) -> str:
    """Return what a refusal says: its type, or its text."""
    if answer.is_success:
        return ""
    if answer.headers.get("content-type") == "application/problem+json":
        return str(answer.json()["type"]).removeprefix("urn:quietline:problem:")
    return answer.text


def nothing_is_lost(client: httpx.Client, line: Line, told: Told) -> None:
    """Find every acknowledged message as its recipient does, and every acknowledged chunk."""
    person = line.people[0]

    def stored() -> set[bytes]:
        rows = client.get("/api/v1/challenges").content
        ids = solve(rows, person.fetch_sk, line.line_id)
        return {digest(client.get(f"/api/v1/messages/{one.hex()}").content) for one in ids}

    until(120, "what was acknowledged is not there", lambda: told.acknowledged <= stored())
    for name, expected in told.chunks.items():
        assert digest(client.get(f"/api/v1/chunks/{name}").content) == expected
