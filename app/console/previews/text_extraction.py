"""Reads files for the search, one after the other, when no preview is waited for; how far it is.

Only within the sandbox: what was not asked for is not opened without it. A file that cannot be
read is noted as one that says nothing, so it costs one attempt of each decoder. Cases take turns,
and the files of a message have so much time and no more.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import anyio.to_thread

from app.console.errors import FileProblem, UnshownFile, VaultLocked
from app.console.previews.showing import milliseconds
from app.console.vault import Transaction, Vault
from app.console.vault.attachments import decrypted_files, files, filewords, previews
from app.console.vault.attachments.files import File, FileState
from app.console.vault.attachments.previews import Form, SheetOutcome
from app.console.viewer.decoders import decoder, decoders
from app.console.viewer.host import Machine
from app.console.viewer.preview import Said
from app.console.viewer.previewable import Kind, kind_of
from app.console.web.running_console import Console
from app.sentences.translatable import said_by, say

LOOK_SECONDS = 5.0
"""How often it is looked whether a file has come."""

PASS_SECONDS = 30.0
"""After so long it is looked whether a file of another case has come in between."""

MESSAGE_MS = 300_000
"""Milliseconds of work for the words of one message's files, all in all."""


class Reader:
    """Reads the files of one console's vault, for as long as it is open."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._seen: tuple[Vault, int] | None = None
        self._read_of: Counter[str] = Counter()
        """How many files of each case were read."""

    async def watch(self) -> None:
        """Read, and look again, until cancelled."""
        while True:
            read = 0
            with suppress(VaultLocked):
                read = await self.read_all()
            if not read:
                await asyncio.sleep(LOOK_SECONDS)

    async def read_all(self) -> int:
        """Read the files that can be read here, for half a minute; return how many it read.

        Those of a case of which few were read go first. Raises VaultLocked.
        """
        console = self._console
        if console.locked or not console.settings.read_files:
            return 0
        vault = console.vault
        found = await anyio.to_thread.run_sync(self._unread, vault)
        end, read = time.monotonic() + PASS_SECONDS, 0
        for file, kind in self._by_turns(found):
            read += await self._read(vault, file, kind)
            if time.monotonic() > end:
                break
        return read

    def _by_turns(self, found: list[tuple[File, Kind]]) -> list[tuple[File, Kind]]:
        turns, counted = [], self._read_of.copy()
        for one in found:
            turns.append((counted[one[0].case], one))
            counted[one[0].case] += 1
        return [one for _, one in sorted(turns, key=lambda turn: turn[0])]

    def _unread(self, vault: Vault) -> list[tuple[File, Kind]]:
        machine = self._console.viewing.machine
        if machine.bwrap is None:
            return []
        if self._seen is None or self._seen[0] is not vault:
            # A newer decoder tries again what another could not read.
            with vault.write() as tx:
                previews.forget_older(tx, decoders(machine, "read"))
            self._seen = (vault, -1)
        with vault.read() as tx:
            # Nothing has come since there was nothing to read.
            now = (vault, files.changed(tx))
            waiting = [] if now == self._seen else filewords.unread(tx)
            dear = previews.dear(tx, Form.WORDS, MESSAGE_MS) if waiting else set()
        kinds = (
            (one, _readable(machine, one.type, one.name, one.size))
            for one in waiting
            if one.message not in dear
        )
        found = [(one, kind) for one, kind in kinds if kind is not None]
        if not found:
            self._seen = now
        return found

    async def _read(self, vault: Vault, file: File, kind: Kind) -> int:
        """Read a file; return how many it read: none of a message whose time is used up."""
        by, read = decoder(self._console.viewing.machine, "read", kind), Said("", 0.0)
        problem = None

        def spent() -> int:
            with vault.read() as tx:
                return previews.spent(tx, file.message, Form.WORDS, {by})

        if await anyio.to_thread.run_sync(spent) >= MESSAGE_MS:
            return 0
        self._read_of[file.case] += 1
        try:
            read = await self._console.viewing.words(
                kind, lambda: decrypted_files.plain(vault, file), hide=vault.folder
            )
        except FileProblem as failed:
            if self._console.locked:
                raise VaultLocked(
                    say("The case store was locked; this file is read another time.")
                ) from None
            problem = said_by(failed)
            if isinstance(failed, UnshownFile):
                read = Said("", failed.seconds)

        def keep() -> None:
            parts = filewords.prepare(read.text)
            made = SheetOutcome(by, milliseconds(read.seconds), problem=problem)
            with vault.write() as tx:
                filewords.keep(tx, file, parts, self._console.now())
                previews.keep(tx, file, Form.WORDS, 0, made)

        await anyio.to_thread.run_sync(keep)
        return 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How many files the search does not know.

    Those to be read still, and those that cannot be, or said nothing when they were.
    """

    waiting: int
    silent: int


def standing(console: Console, tx: Transaction) -> Standing:
    """Return what the search page says of files; one not fetched yet waits as well."""
    machine = console.viewing.machine
    reads = console.settings.read_files and machine.bwrap is not None
    found = filewords.wordless(tx)
    dear = previews.dear(tx, Form.WORDS, MESSAGE_MS)
    waiting = sum(
        reads
        and one.state is not FileState.BROKEN
        and one.message not in dear
        and _readable(machine, one.type, one.name, one.size) is not None
        for one in found
    )
    return Standing(waiting, len(found) - waiting + filewords.empty(tx))


def _readable(machine: Machine, type_: str, name: str, size: int) -> Kind | None:
    kind = kind_of(type_, name, size)
    if kind in (Kind.DOCUMENT, Kind.TEXT, Kind.OFFICE):
        return kind
    return kind if kind is Kind.PICTURE and machine.reader is not None else None
