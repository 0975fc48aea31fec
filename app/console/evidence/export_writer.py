"""An export into a folder, or as a zip that is made while it is read.

No name from outside is ever used: paths are made by ``content``, and anything else is refused here.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from app.console.errors import ConsoleError
from app.console.evidence.bundle import ExportBundle
from app.files.whole_folders import new_folder
from app.files.writing import open_new
from app.sentences.translatable import say

_PATH = re.compile(r"(?:(?:files|messages)/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


def to_folder(bundle: ExportBundle, folder: Path) -> None:
    """Make the folder (0700), durably, whole or not at all.

    Raises ConsoleError, FileProblem, OSError.
    """
    if folder.exists():
        raise ConsoleError(say("{folder} is there already. Choose another name.", folder=folder))
    part = folder.with_name(f"{folder.name}.part")
    with new_folder(folder, part):
        for path, pieces in bundle.entries():
            target = part / _checked(path)
            target.parent.mkdir(mode=0o700, exist_ok=True)
            with open_new(target) as file:
                file.writelines(pieces)


def to_zip(bundle: ExportBundle) -> Iterator[bytes]:
    """Yield the same as a zip's bytes, piece by piece: nothing of it lies on the disk.

    Its times are all the same, and nothing is compressed, so that sizes are the files' own.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as made:
        for path, pieces in bundle.entries():
            info = zipfile.ZipInfo(f"{bundle.name}/{_checked(path)}")
            info.external_attr = 0o600 << 16
            with made.open(info, "w", force_zip64=True) as entry:
                for piece in pieces:
                    entry.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


class _Sink:
    """Holds what was written until it is taken; the library cannot wind it back, and need not."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes, /) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def close(self) -> None:
        """Do nothing: nothing is open."""

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken


def _checked(path: str) -> str:
    if not _PATH.match(path):
        raise ConsoleError(
            say("A file of this export has a name that is not ours. Nothing was made.")
        )
    return path
