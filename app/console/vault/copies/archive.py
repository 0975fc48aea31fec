"""Copies of a vault in one file: to keep (backup), or to go on with on another machine (move).

    make      a consistent copy of an open vault, encrypted as the vault is, checked once written
    restore   the file back into a folder; no passphrase is needed until the vault is opened

The copy knows that it is one: the mark lies in its database, so that it is found however the copy
came to be opened (``quarantine``). A vault that was moved knows it too, and works no more.
The file is a tar: vault.json, vault.db, the attachments' ciphertext, and last a list of hashes.
"""

import errno
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, BinaryIO

from app.console.errors import BadBackup, ConsoleError, VaultMissing
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.chunk_folders import ChunkFolder
from app.console.vault.copies.quarantine import Copy, Retired
from app.console.vault.database.copying import copying
from app.console.vault.installation import machine_log, settings
from app.console.vault.keys.header import HEADER_NAME
from app.console.vault.vault import DATABASE_NAME, FILES_NAME
from app.files.bounded_reading import Source, copy_with_sha256, sha256_of
from app.files.whole_folders import new_folder
from app.files.writing import new_file, open_new, sync_file, sync_folder
from app.sentences.translatable import say

MANIFEST = "manifest.json"
_NAMES = re.compile(r"vault\.json|vault\.db|files/[0-9a-f]{32}/[0-9]{1,9}")
_PIECE = 1024 * 1024
_SYNCED = 4 * _PIECE
"""So much is written at a time: a slow stick holds up nobody who wants this to end for longer."""
_TAR_BLOCK, _TAR_END = 512, 10_240
_HASH_ROOM = 128
"""Bytes that one file takes in the list of hashes, at the most."""


class Stage(StrEnum):
    """What is being done."""

    COPYING = "copying"
    WRITING = "writing"
    CHECKING = "checking"


OnProgress = Callable[[Stage, int, int], None]
"""Hears what is being done, and how many bytes of how many are; 0 of 0 where nobody can say."""


def make(
    vault: Vault,
    target: Path,
    now: int,
    *,
    move: bool = False,
    noted: bool = True,
    on_progress: OnProgress = lambda *_: None,
) -> int:
    """Write a copy to ``target``, which must not be there, and read it again; return its bytes.

    With ``move`` this vault is retired before anything is copied: at no instant are there two that
    work. Where it is not ``noted``, whoever hands the file out does that (``note``). What
    ``on_progress`` raises ends it. Raises ConsoleError, BadBackup, OSError; then nothing
    was retired, noted or left behind. One exception: a move that failed after the copy had all that
    a restore asks for, and whose copy cannot be removed for certain (a stick that was pulled out),
    leaves this vault retired, and says so: it may be moved again.
    """
    if os.path.lexists(target):
        raise ConsoleError(say("{target} is there already. Choose another name.", target=target))
    with vault.write() as tx:
        before = settings.load(tx, Retired)
        if before.at is not None and not move:
            raise ConsoleError(
                say("This case store was moved: there is one that goes on. Nothing was done.")
            )
        if move:
            settings.store(tx, Retired(now))
    written = _Written()
    try:
        _write(vault, target, Copy(now, move), on_progress, written)
        try:
            if noted:
                note(vault, now, move=move)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    except BaseException as error:
        if move and written.whole and not _surely_gone(target):
            raise ConsoleError(
                say(
                    "The move was broken off when the copy may have been whole already. So that "
                    "no two case stores go on, this one works no more here. Put the stick in "
                    "again: take the copy on the other computer, or move once more."
                )
            ) from error
        if move:
            with vault.write() as tx:
                settings.store(tx, before)
        raise
    return target.stat().st_size


@dataclass(slots=True)
class _Written:
    """Whether a file may have all that a restore asks for."""

    whole: bool = False


def _surely_gone(target: Path) -> bool:
    """Remove a copy that failed; say whether that is durable, on a disk that is still there."""
    try:
        target.unlink(missing_ok=True)
        sync_folder(target.parent)
    except OSError:
        return False
    return True


def note(vault: Vault, now: int, *, move: bool = False) -> None:
    """Note for the owner that there is a copy."""
    with vault.write() as tx:
        machine_log.add(tx, now, machine_log.MOVED if move else machine_log.BACKED_UP)


def size(vault: Vault) -> int:
    """Return about how many bytes a copy would have, and a little more; nothing is written."""
    with vault.read() as tx:
        folders = sorted(files.folders(tx))
    parts = [path.stat().st_size for _, path in _parts(vault, folders)]
    header = (vault.folder / HEADER_NAME).stat().st_size
    return _packed([header, vault.used_bytes, *parts])


def restore(source: Path, folder: Path) -> None:
    """Make ``folder``, which must not be there, of a copy whose every file is as it was written.

    Raises VaultMissing (there is something already), BadBackup; then nothing is left behind.
    """
    if folder.exists() and any(folder.iterdir()):
        raise VaultMissing(
            say("{folder} is not empty. Choose a folder that is not there yet.", folder=folder)
        )
    draft = folder.with_name(folder.name + ".restoring")
    shutil.rmtree(draft, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with new_folder(folder, draft):
        with source.open("rb") as file:
            _unpack(file, draft)
        (draft / FILES_NAME).mkdir(mode=0o700, exist_ok=True)


def _write(
    vault: Vault, target: Path, mark: Copy, on_progress: OnProgress, written: _Written
) -> None:
    on_progress(Stage.COPYING, 0, 0)
    with copying(vault.folder) as database:
        vault.copy_to(database, lambda: on_progress(Stage.COPYING, 0, 0))
        with Vault.beside(vault, database) as copy:
            copy.check()
            with copy.write() as tx:
                settings.store(tx, mark)
                settings.forget(tx, Retired)
                folders = sorted(files.folders(tx))
            copy.forget_old_pages()
        on_progress(Stage.COPYING, 0, 0)
        with new_file(target) as file:
            _pack(vault, database, folders, file, on_progress, written)
    try:
        with target.open("rb") as file:
            _read_again(file, on_progress)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _pack(
    vault: Vault,
    database: Path,
    folders: list[str],
    file: BinaryIO,
    on_progress: OnProgress,
    written: _Written,
) -> None:
    hashes: dict[str, str] = {}
    members = list(_members(vault, database, folders))
    sizes = [path.stat().st_size for _, path in members]
    room = os.fstatvfs(file.fileno())
    if _packed(sizes) > room.f_bavail * room.f_frsize:
        # At once, and not after the half of an hour.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    meter = _Meter(lambda done: on_progress(Stage.WRITING, done, sum(sizes)), file)
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for (name, path), length in zip(members, sizes, strict=True):
            meter.tell()
            hashes[name] = sha256_of(path)
            with path.open("rb") as content:
                _add(tar, name, meter.reading(content), length)
        listed = {"v": 1, "kind": "quietline-vault", "files": hashes}
        text = json.dumps(listed).encode()
        written.whole = True
        _add(tar, MANIFEST, io.BytesIO(text), len(text))


def _packed(sizes: list[int]) -> int:
    """Return the bytes of a copy, and a little more, whose parts have these."""
    blocks = sum(_TAR_BLOCK + _TAR_BLOCK * -(-each // _TAR_BLOCK) for each in sizes)
    return blocks + _HASH_ROOM * len(sizes) + 2 * _TAR_END


def _members(vault: Vault, database: Path, folders: list[str]) -> Iterator[tuple[str, Path]]:
    yield HEADER_NAME, vault.folder / HEADER_NAME
    yield DATABASE_NAME, database
    yield from _parts(vault, folders)


def _parts(vault: Vault, folders: list[str]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        # What is being fetched grows while it is copied; a part that is not in is fetched again.
        for path in sorted(ChunkFolder(vault.files, folder).path.glob("*")):
            if path.name.isdecimal():
                yield f"{FILES_NAME}/{folder}/{path.name}", path


@dataclass(slots=True)
class _Meter:
    """Tells how much was read; what was written of it meanwhile is made durable now and then."""

    hears: Callable[[int], None]
    written: BinaryIO | None = None
    done: int = 0
    synced: int = 0

    def reading(self, source: IO[bytes]) -> "_MeteredReader":
        """Return a source whose reading is counted."""
        return _MeteredReader(source, self)

    def add(self, count: int) -> None:
        """Take down what was read."""
        self.done += count
        if self.done - self.synced >= _SYNCED:
            self.synced = self.done
            if self.written is not None:
                sync_file(self.written)
            self.tell()

    def tell(self) -> None:
        """Tell it now."""
        self.hears(self.done)


@dataclass(slots=True)
class _MeteredReader:
    """One source of those."""

    source: IO[bytes]
    meter: _Meter

    def read(self, size: int = -1, /) -> bytes:
        """Return what comes next."""
        piece = self.source.read(size)
        self.meter.add(len(piece))
        return piece


def _read_again(written: BinaryIO, on_progress: OnProgress) -> None:
    """Read a copy that was just written, from its disk. Raises BadBackup."""
    if hasattr(os, "posix_fadvise"):
        # Not from memory, in which it is right whatever the disk holds.
        os.posix_fadvise(written.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    whole = os.fstat(written.fileno()).st_size
    meter = _Meter(lambda done: on_progress(Stage.CHECKING, done, whole))
    meter.tell()
    _unpack(written, None, meter)


def _add(tar: tarfile.TarFile, name: str, content: Any, size: int) -> None:
    # No time, owner or mode of this machine goes along.
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


def _unpack(source: IO[bytes], folder: Path | None, meter: _Meter | None = None) -> None:
    """Read a copy to its end; write what is in it if there is a folder. Raises BadBackup."""
    found: dict[str, str] = {}
    listed: dict[str, str] | None = None
    try:
        with tarfile.open(fileobj=source, mode="r:") as tar:
            for entry in tar:
                # Not a sparse one: a few bytes of it become as many zeros as its header says.
                plain = entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and entry.sparse is None
                content = tar.extractfile(entry) if plain else None
                if content is None or listed is not None:
                    raise BadBackup(say("This is no backup of a case store. Nothing was done."))
                if entry.name == MANIFEST:
                    listed = json.loads(content.read(64 * _PIECE))["files"]
                elif _NAMES.fullmatch(entry.name) and entry.name not in found:
                    read = meter.reading(content) if meter else content
                    found[entry.name] = _take(read, folder / entry.name if folder else None)
                else:
                    raise BadBackup(say("This is no backup of a case store. Nothing was done."))
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError):
        raise BadBackup(
            say("This is no backup of a case store, or it was cut off. Nothing was done.")
        ) from None
    if listed is None:
        raise BadBackup(say("This backup was cut off. Nothing was done."))
    if found != listed or not {HEADER_NAME, DATABASE_NAME} <= set(found):
        raise BadBackup(say("This backup was changed or damaged. Nothing was done."))


def _take(content: Source, path: Path | None) -> str:
    if path is None:
        return copy_with_sha256(content, None)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_new(path) as target:
        return copy_with_sha256(content, target)
