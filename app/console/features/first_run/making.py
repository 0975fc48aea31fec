"""Making a case store, from a page: whole or not at all, whenever it is interrupted."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.console.errors import DISK_FULL, BadLineFile, ConsoleError, DiskFull, VaultMissing
from app.console.vault import Kdf, Rng
from app.console.vault.copies import archive
from app.console.vault.installation.line_file import read_line
from app.console.vault.setup import init_vault
from app.console.web.multipart_form import SentFile
from app.console.web.reader_languages import OwnLanguage
from app.console.web.running_console import Landing
from app.files.whole_folders import new_folder
from app.files.writing import open_new
from app.passphrases import guesses_log10, weakness
from app.protocol.line import Line
from app.protocol.secrets import Secret
from app.sentences.translatable import say

LINE_FILE_MAX = 64 * 1024
LABEL_SHOWN_MAX = 200
"""Of a label that is refused, so much is shown to be changed."""
STRONG, VERY_STRONG = 15.0, 20.0
"""Guesses, as powers of ten."""
KDF = Kdf.MODERATE
_PIECE = 1024 * 1024


@dataclass(slots=True)
class Choices:
    """What was chosen so far, in memory: the language's tag, the line's file, the label."""

    language: str = ""
    line_file: bytes = b""
    label: str = ""
    making: threading.Lock = field(default_factory=threading.Lock)

    @property
    def line(self) -> Line | None:
        """Return the line that the file describes, None before it is given."""
        return read_line(self.line_file) if self.line_file else None

    def clear(self) -> None:
        """Forget all of it."""
        self.language, self.line_file, self.label = "", b"", ""


def read_small(sent: SentFile, most: int) -> bytes:
    """Return a small file. Raises ConsoleError for a larger one, NoFile."""
    data = b""
    while piece := sent.read(_PIECE):
        data += piece
        if len(data) > most:
            raise ConsoleError(say("This is another file: it is too large for that."))
    return data


def checked_line(file: bytes) -> bytes:
    """Return a line's file that is one. Raises BadLineFile, in words for who has no terminal."""
    try:
        read_line(file)
    except BadLineFile:
        raise BadLineFile(
            say(
                "This is not the file line.json of a hotline, or it is damaged. Ask the agency "
                "for it again."
            )
        ) from None
    return file


def make(folder: Path, choices: Choices, passphrase: Secret, page: str, rng: Rng) -> None:
    """Make the case store that was chosen, its first run not finished: ``page`` goes on with it.

    Killed in between, there is none, and the next attempt removes what was left. Raises
    WeakPassphrase, ConsoleError, DiskFull.
    """
    with choices.making, _writing():
        draft = _draft(folder, "making")
        more = (OwnLanguage(choices.language), Landing(page))
        with new_folder(folder, draft):
            init_vault(draft, choices.line_file, choices.label, passphrase, KDF, rng, more)


def restore(folder: Path, choices: Choices, sent: SentFile) -> None:
    """Make the case store out of a copy that comes in.

    Raises VaultMissing, BadBackup, NoFile, DiskFull.
    The copy is encrypted as the case store is, and so is what lies on the disk meanwhile.
    """
    with choices.making, _writing():
        copy = _draft(folder, "received")
        try:
            with open_new(copy) as file:
                while piece := sent.read(_PIECE):
                    file.write(piece)
            archive.restore(copy, folder)
        finally:
            copy.unlink(missing_ok=True)


@contextmanager
def _writing() -> Iterator[None]:
    """Say what the disk refuses: it is full, or a folder above is another user's, as root's is."""
    try:
        yield
    except OSError:
        raise DiskFull(DISK_FULL) from None


def _draft(folder: Path, name: str) -> Path:
    """Return a place beside the folder for what is being made; what was left there goes."""
    if folder.exists() and any(folder.iterdir()):
        raise VaultMissing(
            say("{folder} is not empty. Choose a folder that is not there yet.", folder=folder)
        )
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder.with_name(f"{folder.name}.{name}")
    if draft.is_dir():
        shutil.rmtree(draft)
    draft.unlink(missing_ok=True)
    return draft


def strength(passphrase: Secret, line: Line | None) -> tuple[str, str]:
    """Return how strong a passphrase is: ``weak``, ``enough`` or ``strong``, and that in words."""
    if not len(passphrase):
        return "none", ""
    weak = weakness(passphrase, *([line.name] if line else []))
    if weak is not None:
        return "weak", say(
            "Too weak: it would be guessed. Add words that have nothing to do with it."
        )
    guesses = guesses_log10(passphrase)
    if guesses < STRONG:
        return "enough", say("Enough: a thousand computers would guess for years.")
    if guesses < VERY_STRONG:
        return "strong", say("Strong: a thousand computers would guess for thousands of years.")
    return "strong", say("Very strong: guessing it is out of the question.")
