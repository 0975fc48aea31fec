"""A bounded queue of previews: two at work, a few that wait, no more; and what was shown lately."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import anyio.to_thread

from app.console.errors import FileProblem
from app.console.viewer import preview
from app.console.viewer.kinds import Kind
from app.console.viewer.machine import Machine, look
from app.console.viewer.preview import SHEETS_AT_ONCE, Running, Sheet, Wanted

AT_WORK = 2
"""Processes side by side: each may take gigabytes for a while."""

WAITING = 24
KEPT_BYTES = 48 * 1024**2

Pieces = Callable[[], Iterable[bytes]]
"""Gives a file's bytes, from its beginning."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet's PNG, its size, and how many sheets the file has."""

    png: bytes
    size: tuple[int, int]
    total: int


class Viewing:
    """One console's previews. `looking` finds out about the machine (tests give their own)."""

    def __init__(self, looking: Callable[[], Machine] = look) -> None:
        self._looking = looking
        self._turns = asyncio.Semaphore(AT_WORK)
        self._waiting = 0
        self._running = Running()
        self._kept: dict[tuple[str, int, int], Shown] = {}
        self._age = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @cached_property
    def machine(self) -> Machine:
        return self._looking()

    def forget(self) -> None:
        """Ends every process at work and forgets what was shown."""
        # What is just being made is not kept either.
        self._age += 1
        self._running.stop_all()
        self._kept.clear()

    def keep_only(self, files: Collection[str]) -> None:
        """Forgets what was shown of every other file (by name, as for `sheet`)."""
        # What is just being made may be of another: it is not kept either.
        self._age += 1
        for key in [key for key in self._kept if key[0] not in files]:
            del self._kept[key]

    async def sheet(
        self, file: str, kind: Kind, pieces: Pieces, *, side: int, number: int, hide: Path
    ) -> Shown:
        """One sheet of a file, as PNG; `file` is a name no other file gets. Raises FileProblem."""
        found = self._kept.get((file, side, number))
        if found is not None:
            return found
        async with self._turn():
            # Whoever waited in front may have asked for the same.
            found = self._kept.get((file, side, number))
            if found is not None:
                return found
            # A converter takes seconds for whatever it makes: it makes the next pages, too.
            ahead = SHEETS_AT_ONCE if kind is Kind.OFFICE and side <= preview.FULL_SIDE else 1
            wanted = Wanted(kind, side=side, first=number, count=ahead)

            def make() -> list[Shown]:
                total, made = preview.sheets(
                    self.machine, wanted, pieces(), self._running, hide
                )  # fmt: skip
                return [Shown(one.png(), (one.width, one.height), total) for one in made]

            age = self._age
            shown = await anyio.to_thread.run_sync(make)
        for place, one in enumerate(shown if age == self._age else ()):
            self._keep((file, side, number + place), one)
        return shown[0]

    async def raw(
        self, kind: Kind, pieces: Pieces, *, side: int, first: int, count: int, hide: Path
    ) -> tuple[int, list[Sheet]]:
        """A few sheets as pixels, to be made into a copy. Raises FileProblem."""
        wanted = Wanted(kind, side=side, first=first, count=count)
        async with self._turn():
            return await anyio.to_thread.run_sync(
                lambda: preview.sheets(self.machine, wanted, pieces(), self._running, hide)
            )

    async def words(self, kind: Kind, pieces: Pieces, *, hide: Path) -> str:
        """A file's text, when nobody waits for a preview. Raises FileProblem."""
        await self._quiet.wait()
        async with self._turns:
            return await anyio.to_thread.run_sync(
                lambda: preview.words(self.machine, kind, pieces(), self._running, hide)
            )

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= AT_WORK + WAITING:
            raise FileProblem("Many previews are being made. Ask for this one again in a moment.")
        self._waiting += 1
        self._quiet.clear()
        try:
            async with self._turns:
                yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._quiet.set()

    def _keep(self, key: tuple[str, int, int], shown: Shown) -> None:
        self._kept.pop(key, None)
        self._kept[key] = shown
        size = sum(len(one.png) for one in self._kept.values())
        while size > KEPT_BYTES and len(self._kept) > 1:
            size -= len(self._kept.pop(next(iter(self._kept))).png)
