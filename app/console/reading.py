"""Reads files for the search, one after the other, when nobody waits for a preview; how far it is.

Only within walls: what nobody asked for is not opened without them. A file that cannot be read is
noted as one that says nothing, so it costs one attempt.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import anyio.to_thread

from app.console import attachments
from app.console.errors import FileProblem, VaultLocked
from app.console.running import Console
from app.console.vault import Transaction, Vault, files, filewords
from app.console.vault.files import File, FileState
from app.console.viewer.kinds import Kind, kind_of
from app.console.viewer.machine import Machine

LOOK_SECONDS = 5.0
"""How often it is looked whether a file has come."""


class Reader:
    """Reads the files of one console's vault, for as long as it is open."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._seen: tuple[Vault, int] | None = None

    async def watch(self) -> None:
        """Read, and look again, until cancelled."""
        while True:
            with suppress(VaultLocked):
                await self.read_all()
            await asyncio.sleep(LOOK_SECONDS)

    async def read_all(self) -> int:
        """Reads every file that can be read here; gives how many. Raises VaultLocked."""
        console = self._console
        if console.locked or not console.settings.read_files:
            return 0
        vault = console.vault
        found = await anyio.to_thread.run_sync(self._unread, vault)
        for file, kind in found:
            await self._read(vault, file, kind)
        return len(found)

    def _unread(self, vault: Vault) -> list[tuple[File, Kind]]:
        machine = self._console.viewing.machine
        if machine.bwrap is None:
            return []
        with vault.read() as tx:
            # Nothing has come since there was nothing to read.
            now = (vault, files.changed(tx))
            waiting = [] if now == self._seen else filewords.unread(tx)
        kinds = ((one, _readable(machine, one.type, one.name, one.size)) for one in waiting)
        found = [(one, kind) for one, kind in kinds if kind is not None]
        if not found:
            self._seen = now
        return found

    async def _read(self, vault: Vault, file: File, kind: Kind) -> None:
        try:
            text = await self._console.viewing.words(
                kind, lambda: attachments.plain(vault, file), hide=vault.folder
            )
        except FileProblem:
            if self._console.locked:
                raise VaultLocked("The vault was locked; this file is read another time.") from None
            text = ""

        def keep() -> None:
            parts = filewords.prepare(text)
            with vault.write() as tx:
                filewords.keep(tx, file, parts, self._console.now())

        await anyio.to_thread.run_sync(keep)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many files the search does not know: those to be read still, and those that cannot be, or
    said nothing when they were.
    """

    waiting: int
    silent: int


def standing(console: Console, tx: Transaction) -> Standing:
    """What the search page says of files; a file that has not been fetched yet waits as well."""
    machine = console.viewing.machine
    reads = console.settings.read_files and machine.bwrap is not None
    found = filewords.wordless(tx)
    waiting = sum(
        reads
        and one.state is not FileState.BROKEN
        and _readable(machine, one.type, one.name, one.size) is not None
        for one in found
    )
    return Standing(waiting, len(found) - waiting + filewords.empty(tx))


def _readable(machine: Machine, type_: str, name: str, size: int) -> Kind | None:
    kind = kind_of(type_, name, size)
    if kind in (Kind.DOCUMENT, Kind.TEXT, Kind.OFFICE):
        return kind
    return kind if kind is Kind.PICTURE and machine.reader is not None else None
