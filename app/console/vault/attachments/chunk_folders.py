"""Attachments on the disk: the ciphertext chunks as they travel, under names that mean nothing.

A file's folder has a random name, so that a seized disk and a seized server do not show which
chunks this machine fetched. Chunks are written whole or not at all; nothing here decrypts.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from app.console.errors import VaultDamaged
from app.files.writing import PRIVATE, write_whole
from app.sentences.translatable import say

FOLDER_BYTES = 16
_NAME = re.compile(rf"[0-9a-f]{{{2 * FOLDER_BYTES}}}")


class ChunkFolder:
    """The chunks of one file, numbered from 0.

    ``name`` comes from a case store, which may be a copy that somebody else made: another name than
    ours would lead out of it. Raises VaultDamaged.
    """

    def __init__(self, files: Path, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise VaultDamaged(
                say("The case store is damaged: {name} in it cannot be read.", name="files")
            )
        self.path = files / name

    def has(self, index: int) -> bool:
        """Say whether a chunk is here."""
        return self._chunk(index).exists()

    def write(self, index: int, chunk: bytes) -> None:
        """Write a chunk: durable once returned; a crash leaves the chunk or nothing."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        write_whole(self._chunk(index), chunk, mode=PRIVATE)

    def read(self, index: int) -> bytes:
        """Read a chunk. Raises FileNotFoundError."""
        return self._chunk(index).read_bytes()

    def read_all(self, total: int) -> Iterator[bytes]:
        """Yield the chunks in order, one in memory at a time. Raises FileNotFoundError."""
        return (self.read(index) for index in range(total))

    def drop(self, index: int) -> None:
        """Forget one chunk, to be fetched again."""
        self._chunk(index).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the folder, with what is in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _chunk(self, index: int) -> Path:
        return self.path / str(index)


def remove_strays(files: Path, known: set[str]) -> None:
    """Remove what an interrupted upload or a crash left behind.

    Folders that no file in the vault owns, and chunks that are no more than a draft.
    """
    for path in files.iterdir():
        if path.name not in known:
            shutil.rmtree(path, ignore_errors=True)
            continue
        for draft in path.glob(".*"):
            draft.unlink(missing_ok=True)
