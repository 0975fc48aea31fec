"""A file's sheet as it was made before, or made now; what came of it is kept in the vault.

Blurred pictures are made before the investigator asks, so they are made once, and for a message
only until its files have cost so much: whoever sends a hundred files that are slow to open gets no
more.
"""

from dataclasses import dataclass

import anyio.to_thread

from app.console.errors import FileProblem, UnshownFile
from app.console.vault import Vault
from app.console.vault.attachments import decrypted_files, previews
from app.console.vault.attachments.files import File
from app.console.vault.attachments.previews import Form, SheetOutcome
from app.console.viewer import preview
from app.console.viewer.decoders import decoder, decoders
from app.console.viewer.previewable import Kind
from app.console.viewer.viewing import ShownSheet
from app.console.web.running_console import Console
from app.sentences.translatable import said_by, say

UNASKED_MS = 20_000
"""Milliseconds of work for the blurred pictures of one message, all in all."""

BLURRED_UNASKED = (Kind.PICTURE, Kind.DOCUMENT)
"""Kinds that are shown blurred in their case, without a click; of a document the first page."""

_SIDES = {
    Form.BLURRED: preview.BLURRED_SIDE,
    Form.FULL: preview.FULL_SIDE,
    Form.ZOOMED: preview.ZOOMED_SIDE,
}
_ENOUGH = say(
    "The files of this message take much time to open, which can be meant to do harm. This one is "
    "opened when you ask for it."
)


async def sheet(
    console: Console, vault: Vault, file: File, kind: Kind, number: int, form: Form
) -> ShownSheet:
    """Return one sheet, counted from 0.

    Raises FileProblem, also for a file that failed before; ListedFile.
    """
    # Before what was made of it earlier: the list may have come since.
    await anyio.to_thread.run_sync(decrypted_files.refuse_listed, vault, file)
    unasked = form is Form.BLURRED and number == 0 and kind in BLURRED_UNASKED
    machine = console.viewing.machine
    by, all_ = decoder(machine, "show", kind), frozenset(decoders(machine, "show"))
    memory = _Kept(vault, file, form, number, unasked, by, all_)
    found = await memory.cached()
    if found is not None:
        return found
    return await console.viewing.sheet(
        # Not its number, which another file may get when this one is gone.
        file.folder,
        kind,
        lambda: decrypted_files.plain(vault, file),
        case=file.case,
        side=_SIDES[form],
        number=number,
        hide=vault.folder,
        unasked=unasked,
        memory=memory,
    )


def milliseconds(seconds: float) -> int:
    """Return milliseconds, never none: whatever was opened cost something."""
    return max(1, round(seconds * 1_000))


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the vault knows of one sheet; ``by`` is its decoder now, ``decoders`` are all kinds'."""

    vault: Vault
    file: File
    form: Form
    number: int
    unasked: bool
    by: str
    decoders: frozenset[str]

    async def cached(self) -> ShownSheet | None:
        return await anyio.to_thread.run_sync(self._cached)

    async def keep(self, came: ShownSheet | UnshownFile) -> None:
        cost = milliseconds(came.seconds)
        if isinstance(came, UnshownFile):
            made = SheetOutcome(self.by, cost, problem=said_by(came))
        elif self.unasked:
            made = SheetOutcome(self.by, cost, png=came.png, size=came.size, total=came.total)
        else:
            return
        await anyio.to_thread.run_sync(self._keep, made)

    def _cached(self) -> ShownSheet | None:
        with self.vault.read() as tx:
            made = previews.find(tx, self.file, self.form, self.number)
            spent = 0
            if self.unasked:
                spent = previews.spent(tx, self.file.message, self.form, self.decoders)
        if made is not None and made.png is not None:
            return ShownSheet(made.png, made.size, made.total)
        if made is not None and made.problem is not None and made.decoder == self.by:
            raise UnshownFile(made.problem, 0.0)
        if spent >= UNASKED_MS:
            raise FileProblem(_ENOUGH)
        return None

    def _keep(self, made: SheetOutcome) -> None:
        with self.vault.write() as tx:
            previews.keep(tx, self.file, self.form, self.number, made)
