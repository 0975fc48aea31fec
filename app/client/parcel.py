"""A message on its way, with its files: what fails goes on where it stopped, with the same mid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from app.client.line_client import LineClient
from app.client.retry import while_busy
from app.protocol import attachments
from app.protocol.bodies import FileRef
from app.protocol.directory import Directory
from app.protocol.group import Rng
from app.protocol.secrets import Secret

Progress = Callable[[int, int, int], None]
"""Told the number of a file, how many of its chunks have arrived, and how many it has."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send: its name, type and bytes, or where they lie."""

    name: str
    type: str
    data: bytes | Path

    @property
    def size(self) -> int:
        """Its size in bytes. Raises OSError."""
        return self.data.stat().st_size if isinstance(self.data, Path) else len(self.data)

    def open(self) -> BinaryIO:
        """Open it for reading. Raises OSError."""
        return self.data.open("rb") if isinstance(self.data, Path) else BytesIO(self.data)


@dataclass(slots=True)
class Parcel:
    """What a message says, and how much of its files the line has already."""

    kind: str
    fields: dict[str, Any]
    files: tuple[Upload, ...]
    mid: str
    keys: tuple[Secret, ...]
    arrived: list[int]
    """How many chunks of each file the line has."""
    refs: dict[int, FileRef] = field(default_factory=dict)
    agreed: dict[str, int] = field(default_factory=dict)
    """Desks of which few can read now, to which it goes all the same: to as few as so many."""
    read: Directory | None = None
    """The directory from which the desks were chosen; None where nobody read any."""


async def upload(
    line: LineClient, parcel: Parcel, number: int, rng: Rng, on_progress: Progress
) -> FileRef:
    """Upload what the line does not have yet of a file; a file that changed is refused.

    Raises LineError, ProtocolError, OSError for a file that cannot be read.
    """
    file, key = parcel.files[number], parcel.keys[number]
    size = file.size
    total = attachments.chunk_count(size)
    tree = attachments.TreeHash()
    with file.open() as opened:
        chunks = attachments.encrypt_chunks(_Hashing(opened, tree), size, key)
        for done, (chunk_id, chunk) in enumerate(chunks, start=1):
            if done > parcel.arrived[number]:
                await while_busy(partial(line.put_chunk, chunk_id, chunk), rng)
                parcel.arrived[number] = done
            on_progress(number, done, total)
    return FileRef(key, total, file.name, file.type, size, "original", tree.digest())


class _Hashing:
    """A file that adds what is read of it to a tree hash."""

    def __init__(self, file: BinaryIO, tree: attachments.TreeHash) -> None:
        self._file = file
        self._tree = tree

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._tree.update(data)
        return data
