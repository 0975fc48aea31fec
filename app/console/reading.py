"""Reads files for the search, one after the other, when nobody waits for a preview.

Only within walls: what nobody asked for is not opened without them. A file that cannot be read is
noted as one that says nothing, so it costs one attempt.
"""

import asyncio
from contextlib import suppress

import anyio.to_thread

from app.console import attachments
from app.console.errors import FileProblem, VaultLocked
from app.console.running import Console
from app.console.vault import Vault, files, filewords
from app.console.vault.files import File
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
        found = [(one, kind) for one in waiting if (kind := _readable(machine, one)) is not None]
        if not found:
            self._seen = now
        return found

    async def _read(self, vault: Vault, file: File, kind: Kind) -> None:
        try:
            text = await self._console.viewing.words(
                kind, lambda: attachments.plain(vault, file), hide=vault.folder
            )
        except FileProblem:
            text = ""

        def keep() -> None:
            parts = filewords.prepare(text)
            with vault.write() as tx:
                filewords.keep(tx, file, parts, self._console.now())

        await anyio.to_thread.run_sync(keep)


def _readable(machine: Machine, file: File) -> Kind | None:
    kind = kind_of(file.type, file.name, file.size)
    if kind in (Kind.DOCUMENT, Kind.TEXT, Kind.OFFICE):
        return kind
    return kind if kind is Kind.PICTURE and machine.reader is not None else None
