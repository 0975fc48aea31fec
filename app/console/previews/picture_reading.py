"""Looks at pictures in the background, so that the same one is found again in another case.

Only within the sandbox, as when files are read for the search: what was not asked for is not opened
without it. What is kept is 16 bytes of each picture, in the vault; comparing is done here alone.
"""

import asyncio
from contextlib import suppress

import anyio.to_thread

from app.console.errors import FileProblem, UnshownFile, VaultLocked
from app.console.previews.showing import milliseconds
from app.console.previews.text_extraction import LOOK_SECONDS
from app.console.vault import Vault
from app.console.vault.attachments import decrypted_files, files, previews
from app.console.vault.attachments.files import File
from app.console.vault.attachments.previews import Form, SheetOutcome
from app.console.viewer.decoders import decoder
from app.console.viewer.likeness import SIDE, likeness
from app.console.viewer.previewable import PICTURE_KINDS, Kind, kind_of
from app.console.web.running_console import Console
from app.sentences.translatable import said_by, say

MESSAGE_MS = 120_000
"""Milliseconds of work for the pictures of one message, all in all."""
AT_ONCE = 20


class PictureReader:
    """Looks at the pictures of one console's vault, for as long as it is open."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._seen: tuple[Vault, int] | None = None

    async def watch(self) -> None:
        """Look, and look again, until cancelled."""
        while True:
            seen = 0
            with suppress(VaultLocked):
                seen = await self.look_on()
            if not seen:
                await asyncio.sleep(LOOK_SECONDS)

    async def look_on(self) -> int:
        """Look at the next pictures; return how many. Raises VaultLocked."""
        console = self._console
        if console.locked or not console.settings.read_files:
            return 0
        vault = console.vault
        found = await anyio.to_thread.run_sync(self._unseen, vault)
        for file, kind in found:
            await self._look(vault, file, kind)
        return len(found)

    def _unseen(self, vault: Vault) -> list[tuple[File, Kind]]:
        if self._console.viewing.machine.bwrap is None:
            return []
        with vault.read() as tx:
            # Nothing has come since there was nothing to look at.
            now = (vault, files.changed(tx))
            if now == self._seen:
                return []
            waiting = previews.without(tx, Form.LIKENESS)
            dear = previews.dear(tx, Form.LIKENESS, MESSAGE_MS)
        kinds = [(one, self._kind(one)) for one in waiting if one.message not in dear]
        found = [(one, kind) for one, kind in kinds if kind is not None][:AT_ONCE]
        if not found:
            self._seen = now
        return found

    def _kind(self, file: File) -> Kind | None:
        """Return which kind of picture it is, or None if it is none that can be looked at here.

        One that this machine has no converter for is not noted as seen: it may get one.
        """
        kind = kind_of(file.type, file.name, file.size)
        if kind is Kind.PHONE_PICTURE and not self._console.viewing.machine.converter("show", kind):
            return None
        return kind if kind in PICTURE_KINDS else None

    async def _look(self, vault: Vault, file: File, kind: Kind) -> None:
        by = decoder(self._console.viewing.machine, "show", kind)
        try:
            drawn = await self._console.viewing.unasked(
                kind,
                lambda: decrypted_files.plain(vault, file),
                side=SIDE,
                hide=vault.folder,
            )
            sheet = drawn.sheets[0]
            value = likeness(sheet.rgb, sheet.width, sheet.height)
            made = SheetOutcome(by, milliseconds(drawn.seconds), png=value)
        except FileProblem as failed:
            if self._console.locked:
                raise VaultLocked(
                    say("The case store was locked; this file is seen another time.")
                ) from None
            spent = failed.seconds if isinstance(failed, UnshownFile) else 0.0
            made = SheetOutcome(by, milliseconds(spent), problem=said_by(failed))

        def keep() -> None:
            with vault.write() as tx:
                previews.keep(tx, file, Form.LIKENESS, 0, made)

        await anyio.to_thread.run_sync(keep)
