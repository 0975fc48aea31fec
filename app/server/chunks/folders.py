"""Chunk files of versions before slots: ``FOLDER/DAY/ID``, taken in once at the first start.

What a disk tells of such files (docs/threat-model.md) it goes on telling until their blocks and
inodes have been written over.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from app.files.writing import sync_folder
from app.protocol.wire import CHUNK_BYTES

_INCOMING = "incoming"


def chunks(folder: Path) -> Iterator[tuple[str, int, Path]]:
    """Yield id, day of expiry and path of every whole chunk file."""
    for day in _days(folder):
        for path in day.iterdir():
            if path.stat().st_size == CHUNK_BYTES:
                yield path.name, int(day.name), path


def clear(folder: Path) -> None:
    """Remove the folders, and what was only half-written."""
    left = [*_days(folder), folder / _INCOMING]
    for one in left:
        shutil.rmtree(one, ignore_errors=True)
    sync_folder(folder)


def _days(folder: Path) -> list[Path]:
    return [day for day in folder.iterdir() if day.name.isdigit() and day.is_dir()]
