"""What lies on the desk between two pages of a transfer, until the console locks.

Words are compared by voice between one page and the next. An invitation waits in memory; a sealed
case waits as it came, sealed, in a folder of the vault's files that no row owns: what a crash
leaves there goes when the vault is opened again (``chunks.remove_strays``).
"""

import shutil
from pathlib import Path
from typing import BinaryIO

from app.console.errors import ConsoleError
from app.console.features.transfer import taking_in
from app.console.features.transfer.taking_in import TransferSender
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Rng, Vault
from app.console.vault.attachments.chunk_folders import FOLDER_BYTES
from app.files.bounded_reading import read_exactly
from app.files.writing import open_new
from app.protocol.attachments import FILE_BYTES_MAX, Readable, chunk_count
from app.protocol.transfer import HEAD_BYTES, Invitation
from app.protocol.wire import CHUNK_BYTES
from app.sentences.translatable import say

SEALED_BYTES_MAX = HEAD_BYTES + chunk_count(FILE_BYTES_MAX) * CHUNK_BYTES
_NAME = "sealed"


class Tray:
    """``invitations`` by the case that is to go; and at most one sealed case that came."""

    def __init__(self) -> None:
        self.invitations: dict[str, Invitation] = {}
        self._came: Path | None = None

    def receive(self, vault: Vault, known: TrustedLine, file: Readable, now: int, rng: Rng) -> None:
        """Keep a sealed case, all of which opens, in the place of one before.

        Raises ConsoleError, and then keeps nothing of it.
        """
        head = read_exactly(file, HEAD_BYTES)
        # First of all: nothing that is for nobody here is written at all.
        taking_in.answered(vault, head, now)
        folder = vault.files / rng(FOLDER_BYTES).hex()
        try:
            folder.mkdir(mode=0o700)
            _write(folder / _NAME, head, file)
            with (folder / _NAME).open("rb") as kept:
                sender = taking_in.look(vault, known, kept, now)
                kept.seek(0)
                taking_in.check_chunks(sender, kept)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise ConsoleError(
                say(
                    "The file could not be saved here ({strerror}). The invitation is still open.",
                    strerror=error.strerror,
                )
            ) from None
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self.forget()
        self._came = folder

    def open(self) -> BinaryIO:
        """Return the sealed case, from its beginning. Raises ConsoleError if there is none."""
        if self._came is None:
            raise ConsoleError(say("The file is not here any more. Choose it again."))
        return (self._came / _NAME).open("rb")

    def sender(self, vault: Vault, known: TrustedLine, now: int) -> TransferSender:
        """Return who sealed it. Raises ConsoleError."""
        with self.open() as file:
            return taking_in.look(vault, known, file, now)

    def forget(self) -> None:
        """Put the sealed case away; whoever brought it has it still."""
        if self._came is not None:
            shutil.rmtree(self._came, ignore_errors=True)
        self._came = None

    def clear(self) -> None:
        """Put everything away: invitations, and the sealed case."""
        self.invitations.clear()
        self.forget()


def _write(path: Path, head: bytes, file: Readable) -> None:
    size = len(head)
    with open_new(path) as kept:
        kept.write(head)
        while piece := file.read(CHUNK_BYTES):
            size += len(piece)
            if size > SEALED_BYTES_MAX:
                raise ConsoleError(
                    say(
                        "This is larger than a case can be (2 GB). Nothing was saved; the "
                        "invitation is still open."
                    )
                )
            kept.write(piece)
