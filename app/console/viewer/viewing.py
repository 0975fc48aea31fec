"""Previews in front of their processes: two at work, by turns of cases; what was shown lately."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

import anyio.to_thread

from app.console.errors import UnshownFile
from app.console.viewer import language_engine, preview
from app.console.viewer.case_turns import Turns
from app.console.viewer.host import Machine, look
from app.console.viewer.language_engine import Model
from app.console.viewer.preview import SHEETS_AT_ONCE, Drawn, Heard, PreviewRequest, Said
from app.console.viewer.previewable import Kind
from app.console.viewer.process import Running

AT_WORK = 2
"""Processes side by side, and one more that reads for the search: each may take gigabytes."""

WAITING = 24
"""Previews of one case that may wait."""

KEPT_BYTES = 48 * 1024**2

Pieces = Callable[[], Iterable[bytes]]
"""Gives a file's bytes, from its beginning."""


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A sheet's PNG, its size, how many sheets the file has, and how many seconds it took."""

    png: bytes
    size: tuple[int, int]
    total: int
    seconds: float = 0.0


class Memory(Protocol):
    """What is known of a sheet beyond this process; asked and told while the file has its turn."""

    async def cached(self) -> ShownSheet | None:
        """Return the sheet, or None to make it now. Raises FileProblem if it is not to be made."""

    async def keep(self, came: ShownSheet | UnshownFile) -> None:
        """Note what came of it."""


class Viewing:
    """One console's previews. ``looking`` finds out about the machine (tests give their own)."""

    def __init__(self, looking: Callable[[], Machine] = look) -> None:
        self._looking = looking
        self._turns = Turns(AT_WORK, WAITING)
        self._reading = asyncio.Lock()
        self._running = Running()
        self._kept: dict[tuple[str, int, int], ShownSheet] = {}
        self._age = 0

    @cached_property
    def machine(self) -> Machine:
        """What this machine opens files with, looked for once."""
        return self._looking()

    def forget(self) -> None:
        """End every process at work and forget what was shown."""
        # What is just being made is not kept either.
        self._age += 1
        self._running.stop_all()
        self._kept.clear()

    def keep_only(self, files: Collection[str]) -> None:
        """Forget what was shown of every other file (by name, as for ``sheet``)."""
        # What is just being made may be of another: it is not kept either.
        self._age += 1
        for key in [key for key in self._kept if key[0] not in files]:
            del self._kept[key]

    async def sheet(
        self,
        file: str,
        kind: Kind,
        pieces: Pieces,
        *,
        case: str,
        side: int,
        number: int,
        hide: Path,
        unasked: bool = False,
        memory: Memory | None = None,
    ) -> ShownSheet:
        """Return one sheet of a file, as PNG.

        ``file`` is a name no other file gets, ``case`` whose turn it takes. Raises FileProblem, and
        what ``memory`` raises.
        """
        found = self._kept.get((file, side, number))
        if found is not None:
            return found
        async with self._turns.one(case, unasked=unasked):
            # Whoever waited in front may have asked for the same.
            found = self._kept.get((file, side, number))
            if found is None and memory is not None:
                found = await memory.cached()
            if found is not None:
                return found
            # A converter takes seconds for whatever it makes: it makes the next pages, too.
            ahead = SHEETS_AT_ONCE if kind is Kind.OFFICE and side <= preview.FULL_SIDE else 1
            wanted = PreviewRequest(kind, side=side, first=number, count=ahead)

            def make() -> list[ShownSheet]:
                made = preview.sheets(self.machine, wanted, pieces(), self._running, hide)
                return [
                    ShownSheet(one.png(), (one.width, one.height), made.total, made.seconds)
                    for one in made.sheets
                ]

            age = self._age
            try:
                shown = await anyio.to_thread.run_sync(make)
            except UnshownFile as problem:
                if memory is not None:
                    await memory.keep(problem)
                raise
            if memory is not None:
                await memory.keep(shown[0])
        for place, one in enumerate(shown if age == self._age else ()):
            self._keep((file, side, number + place), one)
        return shown[0]

    async def raw(
        self,
        kind: Kind,
        pieces: Pieces,
        *,
        case: str,
        side: int,
        first: int,
        count: int,
        hide: Path,
    ) -> Drawn:
        """Return a few sheets as pixels, to be made into a copy. Raises FileProblem."""
        wanted = PreviewRequest(kind, side=side, first=first, count=count)
        async with self._turns.one(case, unasked=False):
            return await anyio.to_thread.run_sync(
                lambda: preview.sheets(self.machine, wanted, pieces(), self._running, hide)
            )

    async def unasked(self, kind: Kind, pieces: Pieces, *, side: int, hide: Path) -> Drawn:
        """Return a file's first sheet as pixels, when no one waits for a preview.

        Raises FileProblem.
        """
        wanted = PreviewRequest(kind, side=side)
        await self._turns.quiet.wait()
        async with self._reading:
            return await anyio.to_thread.run_sync(
                lambda: preview.sheets(self.machine, wanted, pieces(), self._running, hide)
            )

    async def heard(self, kind: Kind, pieces: Pieces, *, case: str, part: int, hide: Path) -> Heard:
        """Return a part of a recording, or of a film's sound, counted from 0; kept nowhere.

        Raises FileProblem.
        """
        async with self._turns.one(case, unasked=False):
            return await anyio.to_thread.run_sync(
                lambda: preview.heard(self.machine, kind, part, pieces(), self._running, hide)
            )

    async def words(self, kind: Kind, pieces: Pieces, *, hide: Path) -> Said:
        """Return a file's text, begun when no one waits for a preview. Raises FileProblem."""
        await self._turns.quiet.wait()
        # Beside the previews: whoever comes while a file is read need not wait for it.
        async with self._reading:
            return await anyio.to_thread.run_sync(
                lambda: preview.words(self.machine, kind, pieces(), self._running, hide)
            )

    async def translated(
        self, models: Sequence[Callable[[], Model]], texts: Sequence[str], *, hide: Path
    ) -> list[str]:
        """Return texts as models give them, one after the other. Raises FileProblem."""
        for load in models:
            texts = await anyio.to_thread.run_sync(
                partial(self._translated, load, tuple(texts), hide)
            )
        return list(texts)

    def _translated(
        self, load: Callable[[], Model], texts: Sequence[str], hide: Path
    ) -> Sequence[str]:
        return language_engine.translated(self.machine, load(), texts, self._running, hide)

    async def guessed(self, texts: Sequence[str], *, hide: Path) -> list[tuple[str, float]]:
        """Return in which language each text is, and how likely. Raises FileProblem."""
        return await anyio.to_thread.run_sync(
            lambda: language_engine.guessed(self.machine, texts, self._running, hide)
        )

    def _keep(self, key: tuple[str, int, int], shown: ShownSheet) -> None:
        self._kept.pop(key, None)
        self._kept[key] = shown
        size = sum(len(one.png) for one in self._kept.values())
        while size > KEPT_BYTES and len(self._kept) > 1:
            size -= len(self._kept.pop(next(iter(self._kept))).png)
