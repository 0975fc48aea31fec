"""Copies of a vault in one file: to keep (backup), or to go on with on another machine (move).

    make      a consistent copy of an open vault, encrypted as the vault is, checked once written
    restore   the file back into a folder; no passphrase is needed until the vault is opened

The copy knows that it is one: the mark lies in its database, so that it is found however the copy
came to be opened (``quarantine``). A vault that was moved knows it too, and works no more.
The file is a tar: vault.json, vault.db, the attachments' ciphertext, and last a list of hashes.
"""

import io
import json
import re
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from app.console.errors import BadBackup, ConsoleError, VaultMissing
from app.console.vault import Vault, files, machine_log, settings
from app.console.vault.chunk_folders import ChunkFolder
from app.console.vault.copying import copying
from app.console.vault.header import HEADER_NAME
from app.console.vault.quarantine import Copy, Retired
from app.console.vault.vault import DATABASE_NAME, FILES_NAME
from app.files.bounded_reading import copy_with_sha256, sha256_of
from app.files.whole_folders import new_folder
from app.files.writing import new_file, open_new
from app.sentences.translatable import say

MANIFEST = "manifest.json"
_NAMES = re.compile(r"vault\.json|vault\.db|files/[0-9a-f]{32}/[0-9]{1,9}")
_PIECE = 1024 * 1024


def make(vault: Vault, target: Path, now: int, *, move: bool = False) -> int:
    """Write a copy to ``target``, which must not be there, and read it again; return its bytes.

    With ``move`` this vault is retired before anything is copied: at no instant are there two that
    work. Raises ConsoleError, BadBackup, OSError; then nothing was retired and no file is left.
    """
    if target.exists():
        raise ConsoleError(say("{target} is there already. Choose another name.", target=target))
    with vault.write() as tx:
        before = settings.load(tx, Retired)
        if before.at is not None and not move:
            raise ConsoleError(
                say("This case store was moved: there is one that goes on. Nothing was done.")
            )
        if move:
            settings.store(tx, Retired(now))
        machine_log.add(tx, now, machine_log.MOVED if move else machine_log.BACKED_UP)
    try:
        _write(vault, target, Copy(now, move))
    except BaseException:
        target.unlink(missing_ok=True)
        with vault.write() as tx:
            settings.store(tx, before)
        raise
    return target.stat().st_size


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


def _write(vault: Vault, target: Path, mark: Copy) -> None:
    with copying(vault.folder) as database:
        vault.copy_to(database)
        with Vault.beside(vault, database) as copy:
            copy.check()
            with copy.write() as tx:
                settings.store(tx, mark)
                settings.forget(tx, Retired)
                folders = sorted(files.folders(tx))
            copy.forget_old_pages()
        _pack(vault, database, folders, target)
    with target.open("rb") as file:
        _unpack(file, None)


def _pack(vault: Vault, database: Path, folders: list[str], target: Path) -> None:
    hashes: dict[str, str] = {}
    with (
        new_file(target) as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for name, path in _members(vault, database, folders):
            hashes[name] = sha256_of(path)
            with path.open("rb") as content:
                _add(tar, name, content, path.stat().st_size)
        listed = {"v": 1, "kind": "quietline-vault", "files": hashes}
        text = json.dumps(listed).encode()
        _add(tar, MANIFEST, io.BytesIO(text), len(text))


def _members(vault: Vault, database: Path, folders: list[str]) -> Iterator[tuple[str, Path]]:
    yield HEADER_NAME, vault.folder / HEADER_NAME
    yield DATABASE_NAME, database
    for folder in folders:
        # What is being fetched grows while it is copied; a part that is not in is fetched again.
        for path in sorted(ChunkFolder(vault.files, folder).path.glob("*")):
            if path.name.isdecimal():
                yield f"{FILES_NAME}/{folder}/{path.name}", path


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    # No time, owner or mode of this machine goes along.
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


def _unpack(source: IO[bytes], folder: Path | None) -> None:
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
                    found[entry.name] = _take(content, folder / entry.name if folder else None)
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


def _take(content: IO[bytes], path: Path | None) -> str:
    if path is None:
        return copy_with_sha256(content, None)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_new(path) as target:
        return copy_with_sha256(content, target)
