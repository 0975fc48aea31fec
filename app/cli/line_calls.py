"""Calls of a client to a line: reading, and storing with the work that it costs (spec: http, work).

The HTTP client comes from outside; nothing is kept but what work has bought.
"""

from __future__ import annotations

import asyncio
import json

import httpx

from app.console.transport import working
from app.console.transport.bounded import Received, exchange
from app.protocol import work
from app.protocol.group import Rng

API = "/api/v1"
WORK_ATTEMPTS = 3
BUSY_ATTEMPTS = 8
PASSING = ("busy", "too-many")
ANSWER_MAX = 64 * 1024**2
"""Bytes of the largest answer that is read: a challenge set of a million rows."""
WORD_MAX = 64 * 1024
"""Bytes of the largest answer to a call that stores or deletes: nothing, or a problem."""
BUSY_SECONDS = 2.0
"""Wait before coming again to a line that is busy; each wait is up to twice as long."""


class LineError(Exception):
    """The line answered in a way that this client cannot go on from; one sentence says how.

    ``problem`` is the stable name of what it answered (docs/spec/http.md), or nothing.
    """

    def __init__(self, sentence: str, problem: str = "") -> None:
        super().__init__(sentence)
        self.problem = problem


class LineCalls:
    """The calls of one visit."""

    def __init__(self, http: httpx.AsyncClient, rng: Rng) -> None:
        self._http = http
        self._rng = rng
        self.working: work.Progress = lambda *_: None
        """Told, in another thread, how far work is."""
        self._purses = {one: work.WorkCredit() for one in (work.BATCH, work.FILES)}

    async def get(self, path: str) -> bytes:
        """Return what the line answers to a path of the API. Raises LineError, TransportError."""
        answer = await self._call("GET", path, limit=ANSWER_MAX)
        if answer.status != httpx.codes.OK:
            raise refusal(answer.status, answer.body)
        return answer.body

    async def delete(self, path: str) -> None:
        """Delete; what is not there is as good as deleted. Raises LineError, TransportError."""
        answer = await self._call("DELETE", path)
        if not httpx.codes.is_success(answer.status):
            raise refusal(answer.status, answer.body)

    async def store(self, method: str, path: str, body: bytes, what: str) -> Received:
        """Send what is to be stored, with the work it costs; come again while the line is busy.

        ``what`` is ``work.BATCH`` or ``work.FILES``. Nothing is stored twice by asking twice
        (docs/spec/http.md), so a connection that broke is tried again too. Raises
        httpx.TransportError when it stays broken.
        """
        for attempt in range(BUSY_ATTEMPTS):
            last = attempt == BUSY_ATTEMPTS - 1
            try:
                answer = await self._with_work(method, path, body, what)
                if problem_of(answer.status, answer.body) not in PASSING or last:
                    break
            except httpx.TransportError:
                if last:
                    raise
            await asyncio.sleep(BUSY_SECONDS * (1 + self._rng(1)[0] / 256) * (attempt + 1) / 2)
        return answer

    async def _with_work(self, method: str, path: str, body: bytes, what: str) -> Received:
        credit = self._purses[what]
        for _ in range(WORK_ATTEMPTS):
            headers = {work.HEADER: await self._work(credit, what)}
            answer = await self._call(method, path, body, headers)
            name = problem_of(answer.status, answer.body)
            if answer.status >= 500 or name in (
                "too-many",
                "stale-bundles",
            ):  # it took nothing
                credit.give_back()
            if not name.startswith("work-"):
                break
            credit.empty()
        return answer

    async def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        limit: int = WORD_MAX,
    ) -> Received:
        request = self._http.build_request(method, API + path, content=body, headers=headers)
        answer = await exchange(self._http, request, limit)
        if len(answer.body) > limit:
            raise LineError("The line's answer is larger than it may be.")
        return answer

    async def _work(self, credit: work.WorkCredit, what: str) -> str:
        """Return a header that buys one of ``what``; seconds of work, if none is at hand."""
        header = credit.take()
        if header is None:
            await working.earn(
                credit,
                lambda: self.get(work.CHALLENGE_PATHS[what].removeprefix(API)),
                self._rng,
                (LineError, httpx.TransportError),
                progress=self.working,
            )
            header = credit.take()
        return header or ""


def problem_of(status: int, body: bytes) -> str:
    """Return the name of the problem (RFC 9457) that an answer is, or nothing."""
    if status < 400:
        return ""
    try:
        return str(json.loads(body)["type"]).rsplit(":", 1)[-1]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "unknown"


def refusal(status: int, body: bytes) -> LineError:
    """Turn an answer that is no success into an error; the line's own words are not repeated."""
    name = problem_of(status, body)
    return LineError(f"The line refused (status {status}, {name or 'no problem named'}).", name)
