"""A copy of everything a server keeps, taken while it runs, and put back with a proof.

A backup is a folder: ``database``, ``chunks/DAY/ID`` and ``backup.json``, which has the SHA-256 of
each file and of what the database holds. All file times are zero and files are written in the order
of their random names: nothing says when anything came. The database is copied before the chunks, so
that every chunk that a message can name is there.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.files.bounded_reading import sha256_of
from app.files.whole_folders import sync_tree
from app.files.writing import open_new
from app.protocol.wire import CHUNK_BYTES
from app.server.chunks import BlobsAway, BlobsFull, BlobStore
from app.server.storage import copies, migrations
from app.server.storage.failures import StorageError

DATABASE = "database"
CHUNKS = "chunks"
CONTENTS = "backup.json"
LEFT_BYTES = 2**29
"""What must be left free beside the copy, for what comes meanwhile."""


class BackupError(Exception):
    """The backup was not made or not restored; the text says why."""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a backup or a restore dealt with; ``checksum`` is the SHA-256 of backup.json, in hex."""

    checksum: str
    chunks: int


def make(url: str, blobs: BlobStore, folder: Path) -> BackupSummary:
    """Copy the database at ``url`` and all chunks into a new folder. Raises BackupError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BackupError(f"The folder {folder} is not empty: name a new one.")
        if not migrations.is_current(url):
            raise BackupError('Run "quietline server migrate" first: the database is older.')
        _check_room(folder, copies.size(url))
        content = copies.save(url, folder / DATABASE)
        files = {DATABASE: sha256_of(folder / DATABASE)}
        # After the database: no message of its copy may name a chunk that came later. Listed once,
        # since a bucket is asked for each thousand of them.
        chunks = sorted(blobs.chunks())
        try:
            _check_room(folder, len(chunks) * CHUNK_BYTES)
        except BackupError:
            (folder / DATABASE).unlink()
            raise
        for chunk_id, day in chunks:
            chunk = blobs.get(chunk_id)
            if chunk is None:
                continue  # expired since: no message can name it any more
            path = folder / CHUNKS / str(day) / chunk_id
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open_new(path) as file:
                file.write(chunk)
            files[f"{CHUNKS}/{day}/{chunk_id}"] = hashlib.sha256(chunk).hexdigest()
        blobs.close()
        contents = {"v": 1, "kind": copies.kind(url), "schema": migrations.newest()}
        written = json.dumps(contents | {"content": content, "files": files}, sort_keys=True)
        (folder / CONTENTS).write_text(written)
        sync_tree(folder, time=0)
    except BlobsAway:
        raise BackupError("The store of attachments does not answer: check blob_url.") from None
    except StorageError as error:
        raise BackupError(str(error)) from None
    except OSError as error:
        raise BackupError(f"The backup could not be written: {error.strerror}.") from None
    return BackupSummary(hashlib.sha256(written.encode()).hexdigest(), len(files) - 1)


def _check_room(folder: Path, size: int) -> None:
    """Raise BackupError where so many bytes would fill the disk: a full one refuses reports."""
    needed, free = size + LEFT_BYTES, shutil.disk_usage(folder).free
    if free < needed:
        raise BackupError(
            f"The disk has no room for a backup: {needed / 2**30:.1f} GiB are needed, and "
            f"{free / 2**30:.1f} are free. Carry older backups away, or take a larger disk."
        )


def restore(folder: Path, url: str, blobs: BlobStore, checksum: str | None) -> BackupSummary:
    """Check a backup whole, put it into an empty server, and check what came of it.

    ``checksum``: what ``make`` returned, if the operator kept it. Raises BackupError.
    """
    contents, found = _checked(folder, checksum)
    if contents["kind"] != copies.kind(url):
        raise BackupError(f"This backup is of a {contents['kind']} database: set its address.")
    if contents["schema"] != migrations.newest():
        raise BackupError(
            "This backup is of another version of Quietline: restore it with that version and "
            'then run "quietline server migrate" with this one.'
        )
    try:
        copies.load(url, folder / DATABASE)
        if copies.digest(url) != contents["content"]:
            raise BackupError("The restored database is not what was backed up: do not use it.")
        blobs.open()
        names = [Path(name) for name in contents["files"] if name != DATABASE]
        for name in names:
            chunk = (folder / name).read_bytes()
            while blobs.grow():
                pass
            blobs.put(name.name, chunk, int(name.parent.name))
            if blobs.get(name.name) != chunk:
                raise BackupError("A restored chunk is not what was backed up: do not use this.")
        blobs.close()
    except BlobsFull:
        raise BackupError(
            "There is no room for all chunks: raise blob_quota_bytes or free some disk."
        ) from None
    except BlobsAway:
        raise BackupError("The store of attachments does not answer: check blob_url.") from None
    except StorageError as error:
        raise BackupError(str(error)) from None
    except OSError as error:
        raise BackupError(f"The backup could not be restored: {error.strerror}.") from None
    return BackupSummary(found, len(names))


def _checked(folder: Path, checksum: str | None) -> tuple[dict[str, Any], str]:
    """Return a backup's contents and checksum, after comparing every file with them."""
    try:
        written = (folder / CONTENTS).read_bytes()
        found = hashlib.sha256(written).hexdigest()
        if checksum is not None and checksum.strip().lower() != found:
            raise BackupError("The checksum is not this backup's: it was changed, or is another.")
        contents: dict[str, Any] = json.loads(written)
        for name, expected in contents["files"].items():
            if sha256_of(folder / name) != expected:
                raise BackupError(f"The file {name} of the backup is damaged.")
    except (OSError, ValueError, KeyError):
        raise BackupError(f"The folder {folder} is no whole backup.") from None
    return contents, found
