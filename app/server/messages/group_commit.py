"""Group commit: many writers, one committer, an answer only when it is on disk.

Jobs that arrive while a transaction is being synced wait and share the next one. The committer is a
thread of its own, the only one that writes to the database. It takes what waits by itself: were it
told by the event loop what to commit, it would stand still while that reads and checks the next
requests, and they while it writes.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from app.server.logs import Alarm
from app.server.storage.database import Job, Storage
from app.server.storage.failures import StorageError

GROUP = 64
"""Most jobs in one transaction."""

Result = TypeVar("Result")
Submitted = tuple[Callable[..., Any], asyncio.Future[Any]]


class GroupCommit:
    """The only way to change the database."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._jobs: deque[Submitted] = deque()
        self._alone: deque[Submitted] = deque()
        self._wake = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._alarm = Alarm("storage-failing")

    def start(self) -> None:
        """Begin to commit, for the event loop that runs now."""
        loop = asyncio.get_running_loop()
        self._thread = threading.Thread(
            target=self._run, args=(loop,), name="quietline-commit", daemon=True
        )
        self._thread.start()

    async def close(self) -> None:
        """Commit what waits, then stop. Later jobs are refused with StorageError."""
        self._closing = True
        self._wake.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    async def submit(self, job: Job) -> Any:
        """Run a job in the next transaction; returns its result once that is durable.

        Raises SlotsFull, or StorageError (DiskFull): then nothing of the job was kept.
        """
        return await self._ask(self._jobs, job)

    async def alone(self, work: Callable[[], Result]) -> Result:
        """Run something in the writing thread, between transactions."""
        result: Result = await self._ask(self._alone, work)
        return result

    async def _ask(self, where: deque[Submitted], what: Callable[..., Any]) -> Any:
        if self._closing:
            raise StorageError("The server is stopping.")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        where.append((what, future))
        self._wake.set()
        return await future

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            ending = self._closing  # what was asked before that is waiting by now
            while self._jobs or self._alone:
                if self._alone:
                    work, future = self._alone.popleft()
                    outcomes, futures = [_outcome(work)], [future]
                else:
                    group = [self._jobs.popleft() for _ in range(min(GROUP, len(self._jobs)))]
                    outcomes = self._commit([job for job, _ in group])
                    futures = [future for _, future in group]
                loop.call_soon_threadsafe(_settle, futures, outcomes)
            if ending:
                return

    def _commit(self, jobs: list[Job]) -> list[Any | Exception]:
        try:
            outcomes = self._storage.commit(jobs)
        except StorageError as error:
            self._alarm.ring(reason=str(error))
            return [type(error)(*error.args) for _ in jobs]
        self._alarm.clear()
        return outcomes


def _outcome(work: Callable[[], Any]) -> Any | Exception:
    try:
        return work()
    except Exception as error:
        return error


def _settle(futures: list[asyncio.Future[Any]], outcomes: list[Any | Exception]) -> None:
    """Give everyone their outcome, in the event loop."""
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.done():  # whoever asked has gone
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
