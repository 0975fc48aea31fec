"""Everything that can go wrong on the investigator's machine, as sentences for the investigator.

One root, few classes; the message of each says what happened and what to do, and is shown as it is.
What goes wrong on the way to the line is in ``app.client.line_errors``, and is shown as it is too.
Nothing here carries a secret or the content of a message.
"""

import errno
import traceback

from app.sentences.translatable import say


class ConsoleError(Exception):
    """Root: anything the console refuses, in the reader's words."""


class VaultMissing(ConsoleError):
    """There is no vault in the folder, or one is there already where none may be."""


class VaultInUse(ConsoleError):
    """Another console holds this vault."""


class VaultLocked(ConsoleError):
    """The vault was locked while something still wanted it."""


class WrongPassphrase(ConsoleError):
    """The passphrase does not open the vault."""


class TooManyGuesses(ConsoleError):
    """The passphrase was wrong too often to be tried again at once."""


class WrongCode(ConsoleError):
    """The recovery code or the shares do not open the vault."""


class WeakPassphrase(ConsoleError):
    """The passphrase is too short to protect a vault."""


class VaultDamaged(ConsoleError):
    """The vault is not what this version can read."""


class VaultTooOld(VaultDamaged):
    """The vault was made before the first release."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "This case store was made by a test version of Quietline, from before the first "
                "release. This version cannot read it. Make a new one with: quietline console init"
            )
        )


class DiskFull(ConsoleError):
    """The disk takes nothing more of the vault: nothing of what was to be written is there."""


class VaultRetired(ConsoleError):
    """The vault was moved to another machine."""


class BadBackup(ConsoleError):
    """A file is no copy of a vault, or not a whole one."""


class BadLineFile(ConsoleError):
    """line.json is not a line's description."""


class ServerLies(ConsoleError):
    """What the server shows contradicts what the agency signed or what was seen before."""


class FileProblem(ConsoleError):
    """An attachment cannot be fetched, decrypted, shown or sent."""


class UnshownFile(FileProblem):
    """The file itself is why it cannot be shown or read: it would fail again.

    ``seconds`` is how long it was at work.
    """

    def __init__(self, sentence: str, seconds: float) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class ListedFile(FileProblem):
    """A file is in a list of hashes that the agency put here: it is not opened."""


DISK_FULL = say(
    "This computer's disk is full, or cannot be written to. Nothing of this was saved. Make room, "
    "then try again."
)


def unforeseen(error: Exception) -> str:
    """Return a sentence for an error that no class above stands for.

    It names its class and place, nothing of what it says, since that may quote what was being read.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return say("This computer's disk is full. Make room; the sync is tried again.")
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = frame.filename.replace("\\", "/").rpartition("/")[2]
    return say(
        "The sync met an unexpected error ({name}, {place} line {lineno}). It is tried "
        "again. If it keeps happening, tell whoever looks after Quietline.",
        name=type(error).__name__,
        place=place,
        lineno=frame.lineno,
    )
